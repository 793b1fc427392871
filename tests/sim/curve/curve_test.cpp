#include "sim/curve/curve.h"

#include <algorithm>
#include <map>
#include <vector>

#include "engine/core/hash.h"
#include "tests/catch.h"

using namespace dkv::sim;

namespace {

using Wanted = Curve::Wanted;

// Whether a copy fails, when `thousandths` of a thousand copies of its moment do.
bool fails(std::uint64_t event, std::uint32_t number, std::uint32_t thousandths) {
  return dkv::mix64(dkv::hash_combine(event, number)) % 1000 < thousandths;
}

template <class Thousandths>
std::vector<std::vector<Wanted>> play(Curve& curve, Thousandths&& of, bool backwards = false) {
  std::vector<std::vector<Wanted>> rounds;
  for (auto round = curve.next(); !round.empty(); round = curve.next()) {
    rounds.push_back(round);
    REQUIRE(rounds.size() < 100);
    if (backwards) std::ranges::reverse(round);
    for (const Wanted& one : round) {
      for (std::uint32_t i = one.first; i < one.first + one.copies; ++i) {
        curve.add(one.event, fails(one.event, i, of(one.event)));
      }
    }
  }
  return rounds;
}

constexpr Curve::Limits kLimits{.last_event = 10'000, .copies = 64, .moments = 16};

}  // namespace

TEST_CASE("the first round covers the run evenly, from its beginning to its last event") {
  Curve curve(kLimits);
  const auto round = curve.next();
  REQUIRE(round.size() == 17);
  CHECK(round.front().event == 0);
  CHECK(round.back().event == 10'000);
  for (std::size_t i = 1; i < round.size(); ++i) CHECK(round[i].event - round[i - 1].event == 625);
  for (const Wanted& one : round) CHECK((one.first == 0 && one.copies == 64));
}

TEST_CASE("a short run has a moment for each event, and none twice") {
  Curve curve({.last_event = 3, .copies = 8, .moments = 16});
  CHECK(curve.next().size() == 4);
}

TEST_CASE("a jump is found to the event, and confirmed with more copies") {
  Curve curve(kLimits);
  play(curve, [](std::uint64_t event) { return event < 7'321 ? 200u : 950u; });
  REQUIRE(curve.rises().size() == 1);
  const Curve::Rise jump = curve.rises().front();
  CHECK(jump.before == 7'320);
  CHECK(jump.after == 7'321);
  CHECK(jump.height == Approx(0.75).margin(0.1));
  CHECK(curve.points().at(7'320).played == curve.confirmed_copies());
  CHECK(curve.points().at(7'321).played == curve.confirmed_copies());
  CHECK(curve.points().at(0).played == 64);
}

TEST_CASE("several jumps are found, the greatest first") {
  Curve curve(kLimits);
  play(curve, [](std::uint64_t event) { return event < 1'111 ? 0u : event < 8'888 ? 350u : 1000u; });
  REQUIRE(curve.rises().size() == 2);
  CHECK(curve.rises()[0].after == 8'888);
  CHECK(curve.rises()[1].after == 1'111);
}

TEST_CASE("no rise is claimed where the probability stays, and none where it falls") {
  Curve flat(kLimits);
  CHECK(play(flat, [](std::uint64_t) { return 1000u; }).size() == 1);
  CHECK(flat.rises().empty());
  CHECK(flat.falls().empty());
  Curve falls(kLimits);
  play(falls, [](std::uint64_t event) { return event < 5'000 ? 900u : 100u; });
  CHECK(falls.rises().empty());
}

TEST_CASE("a deep fall is found to the event, and a shallow one costs no copies") {
  Curve deep(kLimits);
  const auto rounds = play(deep, [](std::uint64_t event) { return event < 4'321 ? 900u : 200u; });
  REQUIRE(deep.falls().size() == 1);
  CHECK(deep.falls().front().before == 4'320);
  CHECK(deep.falls().front().after == 4'321);
  CHECK(deep.falls().front().height == Approx(0.7).margin(0.1));
  CHECK(deep.points().at(4'321).played == deep.confirmed_copies());
  CHECK(rounds.size() < 14);
  Curve shallow({.last_event = 10'000, .copies = 1'000, .moments = 16});
  CHECK(play(shallow, [](std::uint64_t event) { return event < 5'000 ? 500u : 350u; }).size() == 1);
  CHECK(shallow.falls().empty());
}

TEST_CASE("a slow rise is not taken for a jump") {
  Curve curve(kLimits);
  play(curve, [](std::uint64_t event) { return static_cast<std::uint32_t>(event / 10); });
  for (const Curve::Rise& rise : curve.rises()) CHECK(rise.after - rise.before > 1);
}

TEST_CASE("the order in which copies are played changes nothing") {
  const auto of = [](std::uint64_t event) { return event < 4'242 ? 300u : 800u; };
  Curve forwards(kLimits), backwards(kLimits);
  const auto rounds = play(forwards, of);
  const auto others = play(backwards, of, true);
  REQUIRE(rounds.size() == others.size());
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    CHECK(std::ranges::equal(rounds[i], others[i], {}, &Wanted::event, &Wanted::event));
  }
  CHECK(forwards.rises().front().after == backwards.rises().front().after);
}

TEST_CASE("copies of a moment are numbered without gaps over the rounds") {
  Curve curve(kLimits);
  std::map<std::uint64_t, std::uint32_t> next;
  for (const auto& round : play(curve, [](std::uint64_t event) { return event < 7'321 ? 0u : 1000u; })) {
    for (const Wanted& one : round) {
      CHECK(one.first == next[one.event]);
      next[one.event] += one.copies;
    }
  }
}
