#pragma once

#include <cstddef>
#include <cstdint>

namespace dkv::sim {

// The kinds of events that a world carries out.
enum class EventKind : std::uint8_t {
  kMessage,  // a message between nodes arrives
  kRequest,  // a client's request arrives
  kReply,    // a reply to a client arrives
  kConnectionRefused,
  kTimer,
  kSynced,    // a disk request has ended and made appends durable
  kDisk,      // another disk request has ended
  kDiskLate,  // a process receives an answer of the disk late, because it stood still or was slow
  kRespawn,
  kClientBegins,
  kClientPatience,
  kClientArrives,
  kFaultBegins,
  kFaultEnds,
  kMoment,  // a copy is kept for a fault that will return to this moment
  kHeal,
  kPoll,
  kConnectionEnds,  // a node learns that its connection to a peer was reset or refused
  kDropped,         // a message that a command dropped would have arrived
};
inline constexpr std::size_t kEventKinds = 19;

const char* event_word(EventKind kind) noexcept;  // as in traces: "message", "disk_late"

// True for events that travel between places: they have a sender and a sending time.
constexpr bool is_message(EventKind kind) noexcept {
  return kind == EventKind::kMessage || kind == EventKind::kRequest || kind == EventKind::kReply ||
         kind == EventKind::kConnectionRefused;
}

}  // namespace dkv::sim
