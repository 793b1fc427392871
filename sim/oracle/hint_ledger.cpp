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
      findings.add(
          {.breach = Breach::kHintReplaced,
           .at_ns = now_ns,
           .node = node,
           .key = key_name(key),
           .detail = fmt::format("a newer hint for {} on {} took the place of one with {} and does not contain it",
                                 node_name(record.owner), node_name(node), describe(old.tag)),
           .writes = {old.tag},
           .other = record.owner});
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
      findings.add({.breach = Breach::kHintErased,
                    .at_ns = now_ns,
                    .node = name.node,
                    .key = key_name(name.key),
                    .detail = fmt::format("{} erased its hint for {} ({}) though it was neither delivered nor expired",
                                          node_name(name.node), node_name(name.owner), list(gone)),
                    .writes = tags_of(gone),
                    .other = name.owner});
      return;
    case Disks::Reason::kPutBack: ++findings.counters.hints_lost; return;
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
    findings.add(
        {.breach = Breach::kHintTooEarly,
         .at_ns = now_ns,
         .node = name.node,
         .key = key_name(name.key),
         .detail = fmt::format("{} removed its hint for {} before its acknowledgement: {} is not durable there, which "
                               "holds {}",
                               node_name(name.node), node_name(name.owner), describe(sibling.tag), list(target)),
         .writes = {sibling.tag},
         .other = name.owner});
  }
}

void Oracle::State::judge_hints(std::span<const Image* const> images, TimeNs now_ns) {
  auto& counters = findings.counters;
  counters.hints_pending = 0;
  for (NodeId node = 0; node < images.size(); ++node) {
    const std::size_t pending = images[node]->hint_count();
    if (pending == 0) continue;
    counters.hints_pending += pending;
    const auto waiting = images[node]->hint_keys();
    findings.add({.breach = Breach::kHintsLeft,
                  .at_ns = now_ns,
                  .node = node,
                  .key = key_text(waiting.front().key),
                  .detail = fmt::format("{} still holds {} hint{} at the end, the first one for {}", node_name(node),
                                        pending, pending == 1 ? "" : "s", node_name(waiting.front().owner))});
  }
  const std::uint64_t accounted = counters.hints_delivered + counters.hints_superseded + counters.hints_expired +
                                  counters.hints_lost + counters.hints_pending;
  if (accounted == counters.hints_made) return;
  Violation found = unaccounted_hint(images);
  found.breach = Breach::kHintsUnaccounted;
  found.at_ns = now_ns;
  found.detail = fmt::format(
      "{} hints were made, but {} accounted for: {} delivered, {} superseded, {} expired, {} lost with "
      "their disks, {} pending{}",
      counters.hints_made, accounted, counters.hints_delivered, counters.hints_superseded, counters.hints_expired,
      counters.hints_lost, counters.hints_pending, found.detail);
  findings.add(std::move(found));
}

// The first hint on which the ledger and the disks disagree, or one that was erased without a reason. Without a key
// when there is none.
Violation Oracle::State::unaccounted_hint(std::span<const Image* const> images) const {
  for (const Violation& erased : findings.violations) {
    if (erased.breach != Breach::kHintErased) continue;
    return {.node = erased.node,
            .key = erased.key,
            .detail = "; " + erased.detail,
            .writes = erased.writes,
            .other = erased.other};
  }
  for (std::uint32_t key = 0; key < keys.size(); ++key) {
    if (keys[key].key.empty()) continue;
    for (NodeId node = 0; node < disks.nodes(); ++node) {
      for (const NodeId owner : disks.primaries(key)) {
        const Disks::Hint* noted = disks.find_hint({node, owner, key});
        const bool pending = noted && noted->durable;
        const Image::Hint* there = images[node]->find_hint(owner, keys[key].key);
        if (pending == (there != nullptr)) continue;
        const ObjectPtr& object = pending ? noted->durable : there->object;
        const char* what = pending ? "{} no longer holds its hint for {} ({}), and no count has it"
                                   : "{} holds a hint for {} ({}) that no count has";
        return {.node = node,
                .key = key_name(key),
                .detail = "; " + fmt::format(fmt::runtime(what), node_name(node), node_name(owner), list(object)),
                .writes = tags_of(object),
                .other = owner};
      }
    }
  }
  return {};
}

}  // namespace dkv::sim
