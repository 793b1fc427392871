#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/names.h"
#include "engine/core/types.h"

namespace dkv::sim {

// What a person does to a run from outside: the debugger's "what if".
enum class CommandKind : std::uint8_t {
  kCrash,      // the processes die; what they wrote to the operating system survives
  kPowerLoss,  // the machines die: what was not synced is lost
  kRestart,    // the processes start again, whatever keeps them down; one that is up dies first
  kPause,      // the processes stand still
  kResume,     // they go on, whatever made them stand still
  kPartition,  // nodes of different sets can't talk; a node in no set talks to all
  kHeal,       // every fault of the network that is on ends
  kDrop,       // a message under way never arrives
  kPut,        // a client beside a node reads the key there and writes value in place of what it saw
  kDelete,     // a client beside a node reads the key there and deletes what it saw
};
inline constexpr std::size_t kCommandKinds = enumerators<CommandKind>();
const char* command_name(CommandKind kind) noexcept;  // as in scenario files: "crash", "power_loss", ...

inline constexpr std::size_t kCommandsMax = 10'000;

// As data. A command comes just before event number at_event (from 1) is carried out, that is when at_event - 1 events
// are over; several before one event come in their order. Only before the heal: then every experiment ends.
struct Command {
  std::uint64_t at_event = 1;
  CommandKind kind = CommandKind::kCrash;
  std::vector<std::vector<NodeId>> groups;  // processes: groups[0] are the nodes; kPartition: at least two sets
  std::uint64_t message = 0;                // kDrop: see Flight::id
  NodeId via = kNoNode;                     // kPut, kDelete
  std::string bucket{kDefaultBucket};       // kPut, kDelete
  std::string key;
  std::string value;   // kPut
  bool blind = false;  // kPut, kDelete: writes at once, having seen nothing
  int line = 0;        // in the scenario file; 0: from none

  friend bool operator==(const Command&, const Command&) = default;
};

// The order in which they are applied: ascending by at_event.
using Commands = std::vector<Command>;

// A command that made no sense when its event came, and did nothing.
struct RefusedCommand {
  std::uint64_t at_event = 0;
  CommandKind kind = CommandKind::kCrash;
  int line = 0;
  std::string why;
};

}  // namespace dkv::sim
