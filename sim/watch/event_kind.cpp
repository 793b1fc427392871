#include "sim/watch/event_kind.h"

#include "engine/core/assert.h"

namespace dkv::sim {

const char* event_word(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::kMessage: return "message";
    case EventKind::kRequest: return "request";
    case EventKind::kReply: return "reply";
    case EventKind::kConnectionRefused: return "connection_refused";
    case EventKind::kTimer: return "timer";
    case EventKind::kSynced: return "synced";
    case EventKind::kDisk: return "disk";
    case EventKind::kDiskLate: return "disk_late";
    case EventKind::kRespawn: return "respawn";
    case EventKind::kClientBegins: return "client_begins";
    case EventKind::kClientPatience: return "client_patience";
    case EventKind::kClientArrives: return "client_arrives";
    case EventKind::kFaultBegins: return "fault_begins";
    case EventKind::kFaultEnds: return "fault_ends";
    case EventKind::kMoment: return "moment";
    case EventKind::kHeal: return "heal";
    case EventKind::kPoll: return "poll";
    case EventKind::kConnectionEnds: return "connection_ends";
    case EventKind::kDropped: return "dropped";
  }
  DKV_ASSERT(!"no kind of event");
  return "";
}

}  // namespace dkv::sim
