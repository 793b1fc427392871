// Failures of disks, and the nodes that notice them.
#include <fmt/format.h>

#include "engine/core/assert.h"
#include "sim/oracle/findings.h"
#include "sim/story/story.h"
#include "sim/story/text.h"

namespace dkv::story {

void Story::disk_observed(NodeId node, const Observation& observation, TimeNs now_ns) {
  if (observation.what == Observed::kRecovered && observation.number == 0) return;  // an empty disk is not worth a line
  if (observation.what == Observed::kStorageFailed) failed_at_[node] = now_ns;
  if (!disks_.spend()) {
    if (disks_.hidden > 1) return;
    return tell({now_ns, "...", "and so on; further disk events are only counted", Tone::kDim});
  }
  const std::string key = shown(sim::key_text(observation.key), 24);
  switch (observation.what) {
    case Observed::kStorageFailed:
      return tell({now_ns, name(node),
                   "stops: its disk failed" + why_("storage failed",
                                                   "it must not acknowledge what it cannot make durable, and the state "
                                                   "of its last requests is unknown; "
                                                   "only a new start can read the actual state of the disk"),
                   Tone::kFault});
    case Observed::kRecovered:
      return tell(
          {now_ns, name(node),
           fmt::format("has read its disk: {}", counted(observation.number, "record")) +
               why_("recovered", "the index of a store is in memory only, so each start rebuilds it from the log"),
           Tone::kGood});
    case Observed::kHintLost:
      return tell(
          {now_ns, name(node),
           fmt::format("can't read its hint of {} for {}, and gives it up", key, name(observation.peer)) +
               why_("hint damaged", "a hint is one copy of several: its target gets the write from the other replicas"),
           Tone::kFault});
    case Observed::kDamageFound: break;
    default: DKV_ASSERT(!"an observation of a disk");
  }
  if (observation.key.empty()) {
    return tell(
        {now_ns, name(node),
         fmt::format("finds {} of its disk that held records and are damaged",
                     counted(observation.number, "stretch", "stretches")) +
             why_("damage at start",
                  "it skips them, continues, and takes a new identity, because it no longer knows which names of "
                  "writes it has used"),
         Tone::kFault});
  }
  tell(
      {now_ns, name(node),
       fmt::format("finds its value of {} damaged and forgets the version", key) +
           why_("damage found",
                "the checksum shows it; a node that no longer claims to have a version gets it again, by the next read "
                "or by anti-entropy"),
       Tone::kFault});
}

// A supervisor restarts a process that has stopped by itself. True when this is such a restart.
bool Story::told_respawn(NodeId node, TimeNs now_ns) {
  const auto failed = failed_at_.find(node);
  if (failed == failed_at_.end()) return false;
  const TimeNs since_ns = failed->second;
  failed_at_.erase(failed);
  if (down_since_[node] != now_ns) return false;  // another fault has hit it meanwhile
  if (disks_.left > 0) {
    tell({now_ns, name(node),
          fmt::format("is started again by its supervisor, {} after it stopped", duration(now_ns - since_ns)) +
              why_("respawn", "meanwhile the others did its work, as after a crash"),
          Tone::kGood});
  }
  return true;
}

}  // namespace dkv::story
