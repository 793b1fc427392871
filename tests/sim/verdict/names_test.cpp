#include <cstring>
#include <set>
#include <string>

#include "sim/faults/fault.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

// Every value of the enumeration has a name of its own; count is one past the last.
template <class Enum, class Name>
void check_names(std::size_t count, Name&& name) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const char* text = name(static_cast<Enum>(i));
    REQUIRE(text != nullptr);
    REQUIRE(std::strlen(text) != 0);
    REQUIRE(seen.insert(text).second);
  }
}

TEST_CASE("legs, faults, invariants and operations have names of their own") {
  check_names<Leg>(kLegs, leg_name);
  check_names<FaultKind>(kFaultKinds, fault_name);
  check_names<Invariant>(kInvariants, invariant_code);
  check_names<Invariant>(kInvariants, invariant_name);
  check_names<OperationKind>(kOperationKinds, operation_name);
}

TEST_CASE("names stand in the order of their enumerations") {
  REQUIRE(std::string(leg_name(Leg::kClient)) == "client");
  REQUIRE(std::string(leg_name(Leg::kHeartbeat)) == "heartbeat");
  REQUIRE(std::string(leg_name(Leg::kAntiEntropy)) == "sync");
  REQUIRE(std::string(fault_name(FaultKind::kPartition)) == "partition");
  REQUIRE(std::string(fault_name(FaultKind::kLinkDown)) == "link_down");
  REQUIRE(std::string(fault_name(FaultKind::kPowerLoss)) == "power_loss");
  REQUIRE(std::string(fault_name(FaultKind::kClockSkew)) == "clock_skew");
  REQUIRE(std::string(invariant_code(Invariant::kNoLostWrite)) == "I1");
  REQUIRE(std::string(invariant_code(Invariant::kHintLedger)) == "I8");
  REQUIRE(std::string(invariant_name(Invariant::kHintLedger)) == "hint ledger");
  REQUIRE(std::string(operation_name(OperationKind::kDelete)) == "delete");
}

}  // namespace
}  // namespace dkv::sim
