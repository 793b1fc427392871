#include <cstring>
#include <set>
#include <string>

#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

// Checks that every value has a different name. count: one past the last value.
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

TEST_CASE("legs, invariants, operations and commands have names of their own") {
  check_names<Leg>(kLegs, leg_name);
  check_names<Invariant>(kInvariants, invariant_code);
  check_names<Invariant>(kInvariants, invariant_name);
  check_names<OperationKind>(kOperationKinds, operation_name);
  check_names<CommandKind>(kCommandKinds, command_name);
}

TEST_CASE("names are in the order of their enumerations") {
  REQUIRE(std::string(leg_name(Leg::kClient)) == "client");
  REQUIRE(std::string(leg_name(Leg::kHeartbeat)) == "heartbeat");
  REQUIRE(std::string(leg_name(Leg::kAntiEntropy)) == "anti_entropy");
  REQUIRE(std::string(command_name(CommandKind::kCrash)) == "crash");
  REQUIRE(std::string(command_name(CommandKind::kDelete)) == "delete");
  REQUIRE(std::string(invariant_code(Invariant::kNoLostWrite)) == "I1");
  REQUIRE(std::string(invariant_code(Invariant::kHintLedger)) == "I8");
  REQUIRE(std::string(invariant_name(Invariant::kHintLedger)) == "hint ledger");
  REQUIRE(std::string(operation_name(OperationKind::kDelete)) == "delete");
}

}  // namespace
}  // namespace dkv::sim
