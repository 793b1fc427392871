#include "sim/faults/catalogue.h"

#include <set>
#include <string>
#include <utility>

#include "tests/catch.h"

namespace dkv::sim {
namespace {

TEST_CASE("each kind of fault is found under itself and has its own word") {
  std::set<std::string_view> words;
  for (const FaultTraits& traits : fault_catalogue()) {
    CAPTURE(traits.word);
    CHECK(&traits_of(traits.kind) == &traits);
    CHECK(words.insert(traits.word).second);
    CHECK(fault_name(traits.kind) == std::string(traits.word));
  }
  CHECK(words.size() == kFaultKinds);
  CHECK(std::string(fault_name(FaultKind::kMisdirected)) == "misdirected_write");
}

TEST_CASE("only a fault of the network does something to messages, and a mapping says all that it has") {
  for (const FaultTraits& traits : fault_catalogue()) {
    CAPTURE(traits.word);
    CHECK((traits.layer == FaultLayer::kNetwork) == (traits.effect != NetworkEffect::kNone));
    const bool of_nodes = traits.place == FaultPlace::kNodes || traits.place == FaultPlace::kCopy;
    CHECK((traits.layer == FaultLayer::kNetwork) != of_nodes);
    if (!traits.strengths.empty()) CHECK_FALSE(traits.mapping.empty());
    if (traits.strikes_once) CHECK(traits.holds == FaultHolds::kNothing);
    if (traits.needs_disk) CHECK(traits.layer != FaultLayer::kNetwork);
  }
}

TEST_CASE("the swarm draws each kind from its own numbers, or the catalogue says why not") {
  std::set<std::pair<SwarmShare::Set, int>> places;
  for (const FaultTraits& traits : fault_catalogue()) {
    CAPTURE(traits.word);
    const SwarmShare& share = traits.swarm;
    const bool never = share.set == SwarmShare::Set::kNever;
    CHECK(never == !share.never_because.empty());
    if (never) continue;
    CHECK(places.emplace(share.set, share.place).second);
    CHECK(share.percent > 0);
    CHECK(share.percent <= 100);
    CHECK(share.weight_most > 0);
  }
}

}  // namespace
}  // namespace dkv::sim
