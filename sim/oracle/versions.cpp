// I1 and I2 for each version when it reaches a store, and I4 along the sequence of each node's states.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/oracle/state.h"

namespace dkv::sim {

bool Oracle::State::inspect(NodeId node, const Sibling& sibling, std::uint32_t key, TimeNs now_ns) {
  if (!is_write_of(sibling.tag, key)) {
    if (!findings.wanted(Invariant::kNoLostWrite)) {
      findings.add({.breach = Breach::kUnwritten, .at_ns = now_ns, .node = node});
    } else if (sibling.tag >= 1 && sibling.tag <= writes.size()) {
      findings.add({.breach = Breach::kUnwritten,
                    .at_ns = now_ns,
                    .node = node,
                    .key = key_name(key),
                    .detail = fmt::format("{} holds {} under this key, but it was written to {}", node_name(node),
                                          describe(sibling.tag), key_name(write(sibling.tag).key)),
                    .writes = {sibling.tag}});
    } else {
      findings.add(
          {.breach = Breach::kUnwritten,
           .at_ns = now_ns,
           .node = node,
           .key = key_name(key),
           .detail = fmt::format("{} holds a version that no client wrote (tag {})", node_name(node), sibling.tag)});
    }
    return false;
  }
  Write& w = write(sibling.tag);
  if (!dots.is_first_of(w, sibling.dot)) inspect_dot(node, sibling, now_ns);
  w.set(Write::kAppeared);
  if (w.fate == WriteFate::kRefused && !w.is(Write::kReported)) {
    w.set(Write::kReported);
    findings.add({.breach = Breach::kRefusedButStored,
                  .at_ns = now_ns,
                  .node = node,
                  .key = key_name(key),
                  .detail = fmt::format("{} was refused (certainly not done) at {}, and yet {} stored it",
                                        describe(sibling.tag), time_text(w.finished_ns), node_name(node)),
                  .writes = {sibling.tag}});
  }
  return true;
}

void Oracle::State::inspect_dot(NodeId node, const Sibling& sibling, TimeNs now_ns) {
  Write& w = write(sibling.tag);
  const WriteTag named = dots.note(w, sibling.tag, sibling.dot);
  if (named != sibling.tag && !w.is(Write::kReported)) {
    w.set(Write::kReported);
    findings.add({.breach = Breach::kTwoWritesOneDot,
                  .at_ns = now_ns,
                  .node = node,
                  .key = key_name(w.key),
                  .detail = fmt::format("one dot (actor {:016x}, epoch {}, counter {}) names two writes: {} and {}",
                                        sibling.dot.actor.id.high ^ sibling.dot.actor.id.low, sibling.dot.actor.epoch,
                                        sibling.dot.counter, describe(named), describe(sibling.tag)),
                  .writes = {named, sibling.tag}});
  }
  if (lww && timestamps[sibling.tag - 1] == 0) timestamps[sibling.tag - 1] = sibling.hlc.packed;
}

void Oracle::State::appended(NodeId node, const Record& record, TimeNs now_ns) {
  if (record.space == KeySpace::kIdentity) return;
  const std::uint32_t key = key_index(record);
  if (key == kNoKey) {
    findings.add({.breach = Breach::kUnwritten,
                  .at_ns = now_ns,
                  .node = node,
                  .key = key_text(record.key),
                  .detail = fmt::format("{} stores a key that no client ever wrote", node_name(node)),
                  .writes = tags_of(record.object)});
    return;
  }
  bool known = true;
  if (record.object) {
    for (const Sibling& sibling : record.object->siblings()) known = inspect(node, sibling, key, now_ns) && known;
  }
  if (record.space == KeySpace::kHints) disks.hint({node, record.owner, key}).visible = record.object;
  if (record.space != KeySpace::kObjects) return;
  Disks::Copy& here = disks.held(key, node);
  if (known && record.object && here.visible) {
    if (keys[key].lww) note_giving_way(node, key, here.visible, record.object, now_ns);
    lineage(node, key, *here.visible, *record.object, now_ns);
  }
  if (!record.object && here.visible) reaped(node, key, *here.visible, now_ns);
  if (known && record.object) judge_return(node, key, *record.object, now_ns);
  here.visible = record.object;
}

// The kept records were judged when they were appended. Of a hint's erasures, the first ones have survived, each with
// its reason.
void Oracle::State::restarted(NodeId node, std::span<const Record> kept) {
  std::map<Disks::HintName, std::vector<Disks::Reason>> reasons;
  for (const Record& record : kept) {
    const std::uint32_t key = key_index(record);
    if (record.space != KeySpace::kHints || record.object || key == kNoKey) continue;
    const Disks::HintName name{node, record.owner, key};
    const std::vector<Disks::Reason>& all = disks.hint(name).reasons;
    std::vector<Disks::Reason>& survived = reasons[name];
    if (survived.size() < all.size()) survived.push_back(all[survived.size()]);
  }
  disks.drop_unsynced(node);
  for (auto& [name, survived] : reasons) disks.hint(name).reasons = std::move(survived);
  for (const Record& record : kept) {
    const std::uint32_t key = key_index(record);
    if (record.space == KeySpace::kIdentity || key == kNoKey) continue;
    if (record.space == KeySpace::kHints) {
      disks.hint({node, record.owner, key}).visible = record.object;
    } else {
      disks.held(key, node).visible = record.object;
    }
  }
}

// The writer of the new version had not seen the old one. If the old one was acknowledged, last-write-wins takes a
// write from a client that was told "done". It does not matter which of the two began first.
void Oracle::State::note_giving_way(NodeId node, std::uint32_t key, const ObjectPtr& before, const ObjectPtr& after,
                                    TimeNs now_ns) {
  const WriteTag old_tag = before->siblings().front().tag;
  const WriteTag new_tag = after->siblings().front().tag;
  if (old_tag == new_tag || !is_write_of(old_tag, key) || history.contains(new_tag, old_tag)) return;
  Write& old = write(old_tag);
  if (old.is(Write::kGaveWay)) return;
  old.set(Write::kGaveWay);
  giving_way.emplace(static_cast<std::uint32_t>(old_tag), GivingWay{.to = static_cast<std::uint32_t>(new_tag),
                                                                    .node = node,
                                                                    .at_ns = now_ns,
                                                                    .from_state = before,
                                                                    .to_state = after});
  if (old.fate != WriteFate::kPending) tell_discarded(old_tag, now_ns);
}

void Oracle::State::lineage(NodeId node, std::uint32_t key, const Object& before, const Object& after, TimeNs now_ns) {
  // A fast path for the usual step: one version is replaced by another whose writer had seen it.
  if (before.siblings().size() == 1 && after.siblings().size() == 1) {
    const WriteTag old_tag = before.siblings().front().tag;
    const WriteTag new_tag = after.siblings().front().tag;
    if (old_tag == new_tag || (is_write_of(old_tag, key) && history.contains(new_tag, old_tag))) return;
  }
  compare_versions(node, key, before, after, now_ns);
}

void Oracle::State::compare_versions(NodeId node, std::uint32_t key, const Object& before, const Object& after,
                                     TimeNs now_ns) {
  const auto carries = [](const Object& object, WriteTag tag) {
    return std::ranges::any_of(object.siblings(), [&](const Sibling& s) { return s.tag == tag; });
  };
  for (const Sibling& sibling : after.siblings()) {
    if (carries(before, sibling.tag)) continue;
    // A version from a damaged disk came without its writer's clock.
    if (keys[key].clock_lost && !before.seen().covers(sibling.dot)) continue;
    for (const Sibling& old : before.siblings()) {
      if (!is_write_of(old.tag, key) || !history.contains(old.tag, sibling.tag)) continue;
      if (put_back(sibling.tag)) break;
      ++findings.counters.resurrected;
      findings.add({.breach = Breach::kDeletedReturns,
                    .at_ns = now_ns,
                    .node = node,
                    .key = key_name(key),
                    .detail = fmt::format("{} had replaced {} by {}, and now stores it again", node_name(node),
                                          describe(sibling.tag), describe(old.tag)),
                    .writes = {sibling.tag, old.tag}});
      break;
    }
  }
  for (const Sibling& old : before.siblings()) {
    if (!is_write_of(old.tag, key) || carries(after, old.tag) || covers(after, key, old.tag)) continue;
    // It came back with a disk, and its delete was forgotten before. The node may still know that it is gone.
    if (write(old.tag).is(Write::kBuried) && put_back(old.tag)) continue;
    findings.add({.breach = Breach::kDropped,
                  .at_ns = now_ns,
                  .node = node,
                  .key = key_name(key),
                  .detail = fmt::format("{} dropped {} without a successor: nothing in its new state had seen it",
                                        node_name(node), describe(old.tag)),
                  .writes = {old.tag}});
  }
}

void Oracle::State::durable(NodeId node, const Record& record, TimeNs now_ns) {
  if (record.space == KeySpace::kIdentity) return;
  const std::uint32_t key = key_index(record);
  if (key == kNoKey) return;  // reported when the record was appended
  if (record.object) {
    note_holder(node, key, *record.object, record.space == KeySpace::kHints ? record.owner : kNoNode);
  }
  if (record.space == KeySpace::kHints) {
    hint_durable(node, record, key, now_ns);
  } else {
    disks.held(key, node).durable = record.object;
  }
}

void Oracle::State::note_holder(NodeId node, std::uint32_t key, const Object& object, NodeId hint_for) {
  const bool hint = hint_for != kNoNode;
  const std::uint32_t place = disks.place(key, hint ? hint_for : node);
  const unsigned bit = place < disks.replicas() ? 1u << place : 0;
  for (const Sibling& sibling : object.siblings()) {
    if (!is_write_of(sibling.tag, key)) continue;
    Write& w = write(sibling.tag);
    w.holders[node >> 6] |= std::uint64_t{1} << (node & 63);
    std::uint16_t& places = hint ? w.hinted_places : w.primary_holders;
    places = static_cast<std::uint16_t>(places | bit);
    if (w.is(Write::kDestroyed)) {
      w.clear(Write::kDestroyed);
      losses.erase(static_cast<std::uint32_t>(sibling.tag));
    }
  }
}

}  // namespace dkv::sim
