#include "engine/core/quorum.h"

#include <rapidcheck.h>

#include <map>

#include "tests/catch.h"

using namespace dkv;
using Answer = QuorumTally::Answer;

namespace {

QuorumSpec sloppy(std::uint32_t n, std::uint32_t need, std::uint32_t primary = 0) {
  return {n, need, primary, QuorumMode::kSloppy};
}
QuorumSpec strict(std::uint32_t n, std::uint32_t need) {
  return {n, need, 0, QuorumMode::kStrict};
}

}  // namespace

TEST_CASE("a quorum is reached with the answer that completes it, not before") {
  QuorumTally tally(sloppy(3, 2), 3, 3);
  CHECK(tally.state() == QuorumState::kPending);
  CHECK(tally.add(1, true, Answer::kYes));
  CHECK(tally.state() == QuorumState::kPending);
  CHECK(tally.add(2, true, Answer::kYes));
  CHECK(tally.state() == QuorumState::kReached);
}

TEST_CASE("a node counts once, however often it answers") {
  QuorumTally tally(sloppy(3, 2), 3, 3);
  CHECK(tally.add(1, true, Answer::kYes));
  CHECK_FALSE(tally.add(1, true, Answer::kYes));
  CHECK_FALSE(tally.add(1, false, Answer::kNo));
  CHECK(tally.total() == 1);
  CHECK(tally.state() == QuorumState::kPending);
}

TEST_CASE("a no stays a no") {
  QuorumTally tally(sloppy(3, 3), 3, 3);
  CHECK(tally.add(7, true, Answer::kNo));
  CHECK_FALSE(tally.add(7, true, Answer::kYes));
  CHECK(tally.total() == 0);
  CHECK(tally.answered(7));
  CHECK(tally.state() == QuorumState::kImpossible);
}

TEST_CASE("a fallback stands in under a sloppy quorum, and not under a strict one") {
  QuorumTally loose(sloppy(3, 2), 3, 2);
  loose.add(1, true, Answer::kYes);
  CHECK(loose.add(9, false, Answer::kYes));
  CHECK(loose.state() == QuorumState::kReached);
  CHECK(loose.primary() == 1);
  CHECK(loose.fallback() == 1);

  QuorumTally firm(strict(3, 2), 3, 2);
  firm.add(1, true, Answer::kYes);
  CHECK_FALSE(firm.add(9, false, Answer::kYes));
  CHECK(firm.total() == 1);
  CHECK(firm.state() == QuorumState::kPending);
  firm.add(2, true, Answer::kYes);
  CHECK(firm.state() == QuorumState::kReached);
}

TEST_CASE("a demand for primaries is met by primaries only") {
  QuorumTally tally(sloppy(3, 2, 2), 4, 2);
  tally.add(8, false, Answer::kYes);
  tally.add(9, false, Answer::kYes);
  tally.add(1, true, Answer::kYes);
  CHECK(tally.total() == 3);
  CHECK(tally.state() == QuorumState::kPending);
  tally.add(2, true, Answer::kNo);
  CHECK(tally.state() == QuorumState::kImpossible);
}

TEST_CASE("too few nodes to ask make a quorum impossible from the start") {
  CHECK(QuorumTally(sloppy(3, 2), 1, 1).state() == QuorumState::kImpossible);
  CHECK(QuorumTally(strict(3, 2), 3, 1).state() == QuorumState::kImpossible);
  CHECK(QuorumTally(sloppy(3, 1, 1), 3, 0).state() == QuorumState::kImpossible);
  CHECK(QuorumTally(sloppy(3, 2), 2, 0).state() == QuorumState::kPending);
}

TEST_CASE("a fallback that steps in makes an impossible quorum possible again") {
  QuorumTally tally(sloppy(3, 2), 2, 2);
  tally.add(1, true, Answer::kNo);
  CHECK(tally.state() == QuorumState::kImpossible);
  CHECK(tally.add_candidate(false));
  CHECK(tally.state() == QuorumState::kPending);
  tally.add(2, true, Answer::kYes);
  tally.add(9, false, Answer::kYes);
  CHECK(tally.state() == QuorumState::kReached);
}

TEST_CASE("no candidate is added past the limit, and answers from strangers change nothing past it") {
  QuorumTally tally(sloppy(16, 16), 16, 16);
  for (std::uint32_t i = 16; i < QuorumTally::kCandidatesMax; ++i) REQUIRE(tally.add_candidate(false));
  CHECK_FALSE(tally.add_candidate(false));
  for (NodeId node = 0; node < QuorumTally::kCandidatesMax; ++node) tally.add(node, node < 16, Answer::kNo);
  CHECK_FALSE(tally.add(1'000, true, Answer::kYes));
  CHECK(tally.total() == 0);
  CHECK(tally.state() == QuorumState::kImpossible);
}

TEST_CASE("the numbers of a quorum are checked, and the error names the wrong one") {
  CHECK(sloppy(3, 2, 3).check().has_value());
  CHECK(sloppy(kReplicasMax, kReplicasMax).check().has_value());
  CHECK(sloppy(0, 1).check().error().what == "n must be at least 1");
  CHECK(sloppy(17, 1).check().error().what == "n is 17, at most 16 is possible");
  CHECK(sloppy(3, 0).check().error().what == "the quorum must be at least 1");
  CHECK(sloppy(3, 4).check().error().what == "the quorum is 4, more than the 3 replicas");
  CHECK(sloppy(3, 1, 4).check().error().what == "the quorum of primaries is 4, more than the 3 replicas");
}

TEST_CASE("the tally agrees with a count over sets, for any answers in any order") {
  REQUIRE(rc::check([] {
    const auto n = *rc::gen::inRange<std::uint32_t>(1, 6);
    const auto need = *rc::gen::inRange<std::uint32_t>(1, n + 1);
    const auto need_primary = *rc::gen::inRange<std::uint32_t>(0, n + 1);
    const auto mode = *rc::gen::element(QuorumMode::kSloppy, QuorumMode::kStrict);
    const auto fallbacks = *rc::gen::inRange<std::uint32_t>(0, 4);
    QuorumTally tally({n, need, need_primary, mode}, n + fallbacks, n);
    // Nodes 0..n-1 are primaries, the next ones fallbacks.
    const auto answers = *rc::gen::container<std::vector<std::pair<NodeId, bool>>>(
        rc::gen::pair(rc::gen::inRange<NodeId>(0, n + fallbacks), rc::gen::arbitrary<bool>()));
    std::map<NodeId, bool> first;
    for (const auto& [node, yes] : answers) {
      const bool counts = mode == QuorumMode::kSloppy || node < n;
      const bool counted = tally.add(node, node < n, yes ? Answer::kYes : Answer::kNo);
      RC_ASSERT(counted == (counts && !first.contains(node)));
      if (counts) first.emplace(node, yes);
      std::uint32_t yes_all = 0, yes_primary = 0, open_all = 0, open_primary = 0;
      for (NodeId other = 0; other < n + fallbacks; ++other) {
        if (mode == QuorumMode::kStrict && other >= n) continue;
        const auto answer = first.find(other);
        const bool open = answer == first.end();
        if (!open && answer->second) ++(other < n ? yes_primary : yes_all);
        if (open) ++(other < n ? open_primary : open_all);
      }
      yes_all += yes_primary;
      open_all += open_primary;
      const bool reached = yes_all >= need && yes_primary >= need_primary;
      const bool possible = yes_all + open_all >= need && yes_primary + open_primary >= need_primary;
      RC_ASSERT(tally.total() == yes_all);
      RC_ASSERT(tally.primary() == yes_primary);
      RC_ASSERT((tally.state() == QuorumState::kReached) == reached);
      RC_ASSERT((tally.state() == QuorumState::kImpossible) == !possible);
    }
  }));
}
