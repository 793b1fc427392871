// What happens to acknowledged writes, for observers: with the facts that the oracle has at that moment.
#include <algorithm>
#include <utility>

#include "sim/oracle/state.h"

namespace dkv::sim {

Setback* Oracle::State::setback(SetbackKind kind, WriteTag tag, TimeNs now_ns) {
  if (findings.setbacks.size() >= Oracle::kSetbacksMax) return nullptr;
  const Write& w = write(tag);
  findings.setbacks.push_back({.kind = kind,
                               .at_ns = now_ns,
                               .key = key_name(w.key),
                               .write = tag,
                               .remove = w.is(Write::kRemove),
                               .acknowledged_ns = w.finished_ns});
  return &findings.setbacks.back();
}

void Oracle::State::fill_value(WriteTag tag, const ObjectPtr& object, bool& known, Blob& value) const {
  if (!object || known) return;
  for (const Sibling& sibling : object->siblings()) {
    if (sibling.tag != tag || sibling.cold_bytes != 0 || sibling.tombstone) continue;
    known = true;
    value = sibling.value;
  }
}

void Oracle::State::tell_stale(const Read& read, WriteTag missed, TimeNs now_ns) {
  Setback* told = setback(SetbackKind::kStaleRead, missed, now_ns);
  if (!told) return;
  told->session = read.session;
  told->started_ns = read.started_ns;
  for (const WriteTag shown : answer) {
    if (keys[read.key].lww && beats(shown, missed)) told->by = shown;
  }
  const auto shows_it = [&](const Object& object) {
    return std::ranges::any_of(object.siblings(), [&](const Sibling& sibling) {
      return is_write_of(sibling.tag, read.key) && history.is_or_contains(sibling.tag, missed);
    });
  };
  disks.each_durable(read.key, [&](NodeId node, bool hint, const ObjectPtr& object) {
    fill_value(missed, object, told->has_value, told->value);
    if (!hint && shows_it(*object)) told->holders.push_back({.node = node});
  });
  std::ranges::sort(told->holders, {}, &Holder::node);
  if (disks.hint_count() == 0) return;
  for (NodeId node = 0; node < disks.nodes(); ++node) {
    for (const NodeId owner : disks.primaries(read.key)) {
      const Disks::Hint* hint = disks.find_hint({node, owner, read.key});
      if (hint && hint->durable && shows_it(*hint->durable)) told->holders.push_back({.node = node, .owner = owner});
    }
  }
}

// Called when the write has given way, and when its client gets an answer: whichever is later.
void Oracle::State::tell_discarded(WriteTag tag, TimeNs now_ns) {
  GivingWay& way = giving_way.at(static_cast<std::uint32_t>(tag));
  const ObjectPtr from = std::exchange(way.from_state, {});
  const ObjectPtr to = std::exchange(way.to_state, {});
  if (!write(tag).acknowledged()) return;
  Setback* told = setback(SetbackKind::kDiscarded, tag, now_ns);
  if (!told) return;
  told->by = way.to;
  told->by_remove = write(way.to).is(Write::kRemove);
  told->node = way.node;
  fill_value(tag, from, told->has_value, told->value);
  fill_value(way.to, to, told->by_has_value, told->by_value);
}

void Oracle::State::tell_lost(WriteTag tag, const Loss& loss) {
  Setback* told = setback(SetbackKind::kLost, tag, loss.at_ns);
  if (!told) return;
  told->node = loss.node;
  told->detail = describe_loss(loss);
}

// A lost delete is no write that a store can show, and no broken promise. But a reader wants to know why the value is
// back.
void Oracle::State::tell_returned(const Read& read, const Object& shown, TimeNs now_ns) {
  for (const Sibling& sibling : shown.siblings()) {
    if (sibling.tombstone || !is_write_of(sibling.tag, read.key)) continue;
    for (WriteTag tag = keys[read.key].last_write; tag > sibling.tag; tag = write(tag).previous) {
      const Write& w = write(tag);
      if (!w.is(Write::kRemove) || !w.acknowledged() || !w.is(Write::kDestroyed)) continue;
      if (w.finished_ns >= read.started_ns || !history.contains(tag, sibling.tag)) continue;
      Setback* told = setback(SetbackKind::kReturned, tag, now_ns);
      if (!told) return;
      told->by = sibling.tag;
      told->session = read.session;
      told->started_ns = read.started_ns;
      told->by_has_value = sibling.cold_bytes == 0;
      told->by_value = sibling.value;
      told->detail = describe_loss(losses.at(static_cast<std::uint32_t>(tag)));
      break;
    }
  }
}

}  // namespace dkv::sim
