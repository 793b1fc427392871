#include "engine/core/quorum.h"

#include <rapidcheck.h>

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

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

// All primaries are asked.
QuorumTally asked(const QuorumSpec& spec) {
  QuorumTally tally(spec);
  for (std::uint32_t place = 0; place < spec.replicas; ++place) tally.ask_primary(place);
  return tally;
}

}  // namespace

TEST_CASE("a quorum is reached with the answer that completes it, not before") {
  QuorumTally tally = asked(sloppy(3, 2));
  CHECK(tally.state() == QuorumState::kPending);
  CHECK(tally.answer_primary(0, Answer::kYes));
  CHECK(tally.state() == QuorumState::kPending);
  CHECK(tally.answer_primary(2, Answer::kYes));
  CHECK(tally.state() == QuorumState::kReached);
}

TEST_CASE("a node counts once, however often it answers, and only if it was asked") {
  QuorumTally tally = asked(sloppy(3, 2));
  CHECK(tally.answer_primary(1, Answer::kYes));
  CHECK_FALSE(tally.answer_primary(1, Answer::kYes));
  CHECK_FALSE(tally.answer_primary(1, Answer::kNo));
  CHECK_FALSE(tally.answer_stand_in(2, Answer::kYes));
  CHECK_FALSE(tally.answer_primary(3, Answer::kYes));
  CHECK_FALSE(tally.answer_primary(1000, Answer::kYes));
  CHECK(tally.total() == 1);
  CHECK(tally.state() == QuorumState::kPending);
}

TEST_CASE("a no stays a no") {
  QuorumTally tally = asked(sloppy(3, 3));
  CHECK(tally.answer_primary(1, Answer::kNo));
  CHECK_FALSE(tally.answer_primary(1, Answer::kYes));
  CHECK(tally.total() == 0);
  CHECK(tally.state() == QuorumState::kImpossible);
}

TEST_CASE("a primary and its own stand-in are one place, in either order of their answers") {
  for (const bool primary_first : {true, false}) {
    QuorumTally tally = asked(sloppy(3, 2));
    tally.ask_stand_in(1);
    CHECK((primary_first ? tally.answer_primary(1, Answer::kYes) : tally.answer_stand_in(1, Answer::kYes)));
    CHECK(tally.primary() == (primary_first ? 1 : 0));
    CHECK(tally.fallback() == (primary_first ? 0 : 1));
    CHECK((primary_first ? tally.answer_stand_in(1, Answer::kYes) : tally.answer_primary(1, Answer::kYes)));
    CHECK(tally.total() == 1);
    CHECK(tally.primary() == 1);
    CHECK(tally.fallback() == 0);
    CHECK(tally.state() == QuorumState::kPending);
  }
}

TEST_CASE("stand-ins for two primaries are two places") {
  QuorumTally tally = asked(sloppy(3, 2));
  tally.ask_stand_in(1);
  tally.ask_stand_in(2);
  tally.answer_stand_in(1, Answer::kYes);
  tally.answer_stand_in(2, Answer::kYes);
  CHECK(tally.state() == QuorumState::kReached);
  CHECK(tally.primary() == 0);
  CHECK(tally.fallback() == 2);
}

TEST_CASE("a demand for primaries is met by primaries only") {
  QuorumTally tally = asked(sloppy(3, 2, 2));
  tally.ask_stand_in(1);
  tally.ask_stand_in(2);
  tally.answer_stand_in(1, Answer::kYes);
  tally.answer_stand_in(2, Answer::kYes);
  tally.answer_primary(0, Answer::kYes);
  CHECK(tally.total() == 3);
  CHECK(tally.state() == QuorumState::kPending);
  tally.answer_primary(2, Answer::kNo);
  CHECK(tally.state() == QuorumState::kPending);
  tally.answer_primary(1, Answer::kNo);
  CHECK(tally.state() == QuorumState::kImpossible);
}

TEST_CASE("a place is lost when its primary and its stand-in have said no, and no other stand-in can come") {
  QuorumTally tally = asked(sloppy(3, 3));
  tally.expect_stand_ins(true);
  tally.answer_primary(2, Answer::kNo);
  CHECK(tally.state() == QuorumState::kPending);  // a stand-in may still come
  tally.ask_stand_in(2);
  tally.expect_stand_ins(false);
  CHECK(tally.state() == QuorumState::kPending);  // it is in progress
  tally.answer_stand_in(2, Answer::kNo);
  CHECK(tally.state() == QuorumState::kImpossible);
}

TEST_CASE("a stand-in for another place does not save a lost one") {
  QuorumTally tally = asked(sloppy(3, 3));
  tally.ask_stand_in(1);
  tally.answer_primary(2, Answer::kNo);
  CHECK(tally.state() == QuorumState::kImpossible);
  tally.ask_stand_in(2);
  CHECK(tally.state() == QuorumState::kPending);
}

TEST_CASE("too few nodes to ask make a quorum impossible from the start") {
  QuorumTally one(sloppy(3, 2));
  one.ask_primary(0);
  CHECK(one.state() == QuorumState::kImpossible);
  one.ask_stand_in(1);
  CHECK(one.state() == QuorumState::kPending);
  QuorumTally firm(strict(3, 2));
  firm.ask_primary(2);
  CHECK(firm.state() == QuorumState::kImpossible);
  QuorumTally stand_ins(sloppy(3, 1, 1));
  stand_ins.ask_stand_in(0);
  CHECK(stand_ins.state() == QuorumState::kImpossible);
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

TEST_CASE("the tally agrees with a count over places, for any answers in any order") {
  REQUIRE(rc::check([] {
    const auto n = *rc::gen::inRange<std::uint32_t>(1, 6);
    const auto need = *rc::gen::inRange<std::uint32_t>(1, n + 1);
    const auto need_primary = *rc::gen::inRange<std::uint32_t>(0, n + 1);
    const bool possible_later = *rc::gen::arbitrary<bool>();
    QuorumTally tally(sloppy(n, need, need_primary));
    tally.expect_stand_ins(possible_later);
    // By place: nullopt as long as nobody has answered.
    struct Side {
      bool asked = false;
      std::optional<bool> said;
      bool may_say_yes() const { return asked && said.value_or(true); }
    };
    std::vector<Side> primaries(n), stand_ins(n);
    using Step = std::tuple<std::uint32_t, bool, bool, bool>;  // place, stand-in, ask, yes
    const auto steps = *rc::gen::container<std::vector<Step>>(
        rc::gen::tuple(rc::gen::inRange<std::uint32_t>(0, n), rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>(),
                       rc::gen::arbitrary<bool>()));
    for (const auto& [place, stand_in, ask, yes] : steps) {
      Side& side = (stand_in ? stand_ins : primaries)[place];
      if (ask) {
        if (side.asked) continue;
        side.asked = true;
        stand_in ? tally.ask_stand_in(place) : tally.ask_primary(place);
      } else {
        const Answer answer = yes ? Answer::kYes : Answer::kNo;
        const bool counted = stand_in ? tally.answer_stand_in(place, answer) : tally.answer_primary(place, answer);
        RC_ASSERT(counted == (side.asked && !side.said));
        if (counted) side.said = yes;
      }
      std::uint32_t total = 0, primary = 0, possible = 0, primary_possible = 0;
      for (std::uint32_t i = 0; i < n; ++i) {
        primary += primaries[i].said.value_or(false) ? 1 : 0;
        total += primaries[i].said.value_or(false) || stand_ins[i].said.value_or(false) ? 1 : 0;
        primary_possible += primaries[i].may_say_yes() ? 1 : 0;
        const bool later = possible_later && !stand_ins[i].asked;
        possible += primaries[i].may_say_yes() || stand_ins[i].may_say_yes() || later ? 1 : 0;
      }
      RC_ASSERT(tally.total() == total);
      RC_ASSERT(tally.primary() == primary);
      RC_ASSERT((tally.state() == QuorumState::kReached) == (total >= need && primary >= need_primary));
      RC_ASSERT((tally.state() == QuorumState::kImpossible) == (possible < need || primary_possible < need_primary));
    }
  }));
}
