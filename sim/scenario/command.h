#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/names.h"
#include "engine/core/types.h"

namespace dkv::sim {

// A change that a person makes to a run from outside: the debugger's "what if".
enum class CommandKind : std::uint8_t {
  kCrash,      // the processes die; bytes that the operating system has survive
  kPowerLoss,  // the machines die; bytes that were not synced are lost
  kRestart,    // the processes start again, whatever faults keep them down; a running one dies first
  kPause,      // the processes stand still
  kResume,     // the processes continue, whatever faults keep them still
  kPartition,  // nodes of different sets cannot talk; a node in no set talks to all
  kHeal,       // all network faults that are on end
  kDrop,       // a message under way never arrives
  kPut,        // a client at a node reads the key there and replaces the versions that it saw
  kDelete,     // a client at a node reads the key there and deletes the versions that it saw
};
inline constexpr std::size_t kCommandKinds = enumerators<CommandKind>();
const char* command_name(CommandKind kind) noexcept;  // as in scenario files: "crash", "power_loss", ...

inline constexpr std::size_t kCommandsMax = 10'000;

// A command as data. It is carried out just before event number at_event (from 1), that is after at_event - 1 events.
// at_ns says when, between the two events: at least the time of the one before, at most that of the one after.
// Several commands before one event keep their order. Commands come only before the heal, so that every experiment
// ends.
struct Command {
  std::uint64_t at_event = 1;
  TimeNs at_ns = 0;  // a time outside the bounds means the nearer bound
  CommandKind kind = CommandKind::kCrash;
  std::vector<std::vector<NodeId>> groups;  // groups[0]: the nodes whose processes it affects; kPartition: two or more
  std::uint64_t message = 0;                // kDrop: a Flight::id
  NodeId via = kNoNode;                     // kPut, kDelete
  std::string bucket{kDefaultBucket};       // kPut, kDelete
  std::string key;
  std::string value;   // kPut
  bool blind = false;  // kPut, kDelete: no read before it, and an empty context
  int line = 0;        // in the scenario file; 0: from no file

  friend bool operator==(const Command&, const Command&) = default;
};

// Ascending by at_event, in the order in which they are applied.
using Commands = std::vector<Command>;

// A command that made no sense at its event and had no effect.
struct RefusedCommand {
  std::uint64_t at_event = 0;
  CommandKind kind = CommandKind::kCrash;
  int line = 0;
  std::string why;
};

}  // namespace dkv::sim
