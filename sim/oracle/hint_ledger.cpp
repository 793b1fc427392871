// I8: every hint that was made is delivered, superseded, expired, lost with its disk, or still pending. It counts as
// delivered only when its owner holds the state.
#include <fmt/format.h>

#include <utility>

#include "sim/oracle/state.h"

namespace dkv::sim {

void Oracle::State::hint_durable(NodeId node, const Record& record, std::uint32_t key, TimeNs now_ns) {
  const Disks::HintName name{node, record.owner, key};
  Disks::Hint& hint = disks.hint(name);
  if (!record.object) {
    hint_erased(name, hint, now_ns);
    return;
  }
  ++findings.counters.hints_made;
  if (hint.durable) {
    ++findings.counters.hints_superseded;
    for (const Sibling& old : hint.durable->siblings()) {
      if (!is_write_of(old.tag, key) || covers(*record.object, key, old.tag)) continue;
      findings.add(Breach::kHintReplaced, now_ns, node, key_name(key),
                   fmt::format("a newer hint for {} on {} took the place of one with {} and does not contain it",
                               node_name(record.owner), node_name(node), describe(old.tag)));
    }
  }
  disks.set_hint(hint, record.object);
}

void Oracle::State::hint_erased(const Disks::HintName& name, Disks::Hint& hint, TimeNs now_ns) {
  Disks::Reason reason = Disks::Reason::kNone;
  if (!hint.reasons.empty()) {
    reason = hint.reasons.front();
    hint.reasons.erase(hint.reasons.begin());
  }
  if (!hint.durable) return;
  const ObjectPtr gone = hint.durable;
  const TimeNs sent_ns = hint.first_sent_ns;
  disks.set_hint(hint, {});
  Loss loss{.at_ns = now_ns, .node = name.node, .other = name.owner, .cause = LossCause::kHintExpired};
  switch (reason) {
    case Disks::Reason::kNone:
      findings.add(Breach::kHintErased, now_ns, name.node, key_name(name.key),
                   fmt::format("{} erased its hint for {} ({}) though it was neither delivered nor expired",
                               node_name(name.node), node_name(name.owner), list(gone)));
      return;
    case Disks::Reason::kExpired:
      ++findings.counters.hints_expired;
      note_losses(name.key, {&gone, 1}, loss);
      return;
    case Disks::Reason::kDelivered:
      ++findings.counters.hints_delivered;
      if (sent_ns >= 0 && name.owner < disks.nodes() && disks.wiped_ns(name.owner) >= sent_ns) {
        loss.cause = LossCause::kWipedAfterHandoff;
        note_losses(name.key, {&gone, 1}, loss);
      }
      return;
  }
}

void Oracle::State::observed(NodeId node, const Observation& observation, TimeNs now_ns) {
  switch (observation.what) {
    case Observed::kHintStored:
    case Observed::kHintSent:
    case Observed::kHintDelivered:
    case Observed::kHintExpired: break;
    default: return;
  }
  const std::uint32_t key = key_index(observation.key);
  if (key == kNoKey) return;
  const Disks::HintName name{node, observation.peer, key};
  Disks::Hint& hint = disks.hint(name);
  switch (observation.what) {
    case Observed::kHintStored: hint.first_sent_ns = -1; break;
    case Observed::kHintSent:
      if (hint.first_sent_ns < 0) hint.first_sent_ns = now_ns;
      break;
    case Observed::kHintExpired: hint.reasons.push_back(Disks::Reason::kExpired); break;
    default:
      hint.reasons.push_back(Disks::Reason::kDelivered);
      hint_delivered(name, hint, now_ns);
      break;
  }
}

// The state in the process is compared, not the one on its disk: a delivered hint may be younger than the last sync.
void Oracle::State::hint_delivered(const Disks::HintName& name, const Disks::Hint& hint, TimeNs now_ns) {
  if (!hint.visible || name.owner >= disks.nodes()) return;
  if (hint.first_sent_ns >= 0 && disks.wiped_ns(name.owner) >= hint.first_sent_ns) return;
  const ObjectPtr& target = disks.held(name.key, name.owner).durable;
  for (const Sibling& sibling : hint.visible->siblings()) {
    if (!is_write_of(sibling.tag, name.key)) continue;
    if (target && covers(*target, name.key, sibling.tag)) continue;
    findings.add(Breach::kHintTooEarly, now_ns, name.node, key_name(name.key),
                 fmt::format("{} removed its hint for {} before its acknowledgement: {} is not durable there, which "
                             "holds {}",
                             node_name(name.node), node_name(name.owner), describe(sibling.tag), list(target)));
  }
}

}  // namespace dkv::sim
