// Failures of disks, and the nodes that notice them.
#include <fmt/format.h>

#include "sim/oracle/findings.h"
#include "sim/story/story.h"
#include "sim/story/text.h"

namespace dkv::story {

void Story::disk_observed(NodeId node, const Observation& observation, TimeNs now_ns) {
  if (observation.what == Observed::kRecovered && observation.number == 0) return;  // an empty disk is not worth a line
  if (observation.what == Observed::kStorageFailed) failed_at_[node] = now_ns;
  if (!disks_.spend()) {
    if (disks_.hidden > 1) return;
    return tell({now_ns, "...", "so it goes on; what else the disks do is counted, not told", Tone::kDim});
  }
  const std::string key = shown(sim::key_text(observation.key), 24);
  switch (observation.what) {
    case Observed::kStorageFailed:
      return tell(
          {now_ns, name(node),
           "stops: its disk has failed it" +
               why_("storage failed",
                    "what it can't make durable it must not acknowledge, and what it asked for is now in doubt; "
                    "only a new start can read what the disk really holds"),
           Tone::kFault});
    case Observed::kRecovered:
      return tell({now_ns, name(node),
                   fmt::format("has read its disk: {}", counted(observation.number, "record")) +
                       why_("recovered",
                            "the index of a store lives in memory only, and each start makes it anew from the log"),
                   Tone::kGood});
    case Observed::kHintLost:
      return tell(
          {now_ns, name(node),
           fmt::format("can't read the hint of {} that it kept for {}, and gives it up", key, name(observation.peer)) +
               why_("hint damaged", "a hint is one copy of several: its target gets the write from the other replicas"),
           Tone::kFault});
    default: break;
  }
  if (observation.key.empty()) {
    return tell(
        {now_ns, name(node),
         fmt::format("finds {} of its disk where records were and none is now",
                     counted(observation.number, "stretch", "stretches")) +
             why_("damage at start",
                  "it skips them, reads on, and takes a new identity, for it can't know any more which names of "
                  "writes it has given away"),
         Tone::kFault});
  }
  tell(
      {now_ns, name(node),
       fmt::format("finds its value of {} damaged and forgets the version", key) +
           why_("damage found",
                "the checksum tells; and whoever no longer claims to have a version is sent it again, by the next read "
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
              why_("respawn", "until then the others did its work, as if it had crashed"),
          Tone::kGood});
  }
  return true;
}

}  // namespace dkv::story
