#pragma once

#include <cstddef>
#include <cstdint>

namespace dkv::sim {

// The kinds of events that a world carries out.
enum class EventKind : std::uint8_t {
  kMessage,  // between nodes, arrives
  kRequest,  // a client's, arrives
  kReply,    // to a client, arrives
  kConnectionRefused,
  kTimer,
  kSynced,    // a request to a disk has ended, and made appends durable
  kDisk,      // another request to a disk has ended
  kDiskLate,  // a disk's answer, which its process takes only now: it stood still or is slow
  kRespawn,
  kClientBegins,
  kClientPatience,
  kClientArrives,
  kFaultBegins,
  kFaultEnds,
  kMoment,  // a copy is kept for a fault that will return to this moment
  kHeal,
  kPoll,
  kDropped,  // a message that a command has dropped would have arrived
};
inline constexpr std::size_t kEventKinds = 18;

const char* event_word(EventKind kind) noexcept;  // as in traces: "message", "disk_late", ...

// True for what travels from one place to another: these have a sender and a time of sending.
constexpr bool is_message(EventKind kind) noexcept {
  return kind == EventKind::kMessage || kind == EventKind::kRequest || kind == EventKind::kReply ||
         kind == EventKind::kConnectionRefused;
}

}  // namespace dkv::sim
