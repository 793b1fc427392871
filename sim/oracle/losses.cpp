// Losses that no store could have prevented: a write is excused from I1 when the oracle saw the destruction of the
// last durable copy of it, or of a write that had seen it.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/oracle/state.h"

namespace dkv::sim {

void Oracle::State::wiping(NodeId node, TimeNs now_ns, LossCause cause) {
  note_gone(disks.wipe(node, now_ns), {.at_ns = now_ns, .node = node, .cause = cause});
}

// The contents of the old disk are gone, except for records that the new one has as well. Each hint counts as lost, and
// as made again.
void Oracle::State::disk_replaced(NodeId node, std::span<const Record> there, std::span<const Record> unsynced,
                                  TimeNs now_ns) {
  const std::vector<Disks::Gone> gone = disks.wipe(node, now_ns);
  // Ascending by key.
  const auto held_before = [&gone](std::uint32_t key, WriteTag tag) {
    const auto states = std::ranges::equal_range(gone, key, {}, &Disks::Gone::key);
    return std::ranges::any_of(states, [tag](const Disks::Gone& one) {
      return std::ranges::any_of(one.object->siblings(), [tag](const Sibling& sibling) { return sibling.tag == tag; });
    });
  };
  for (const Record& record : there) {
    if (record.space == KeySpace::kIdentity || !record.object) continue;
    const std::uint32_t key = key_index(record);
    if (key == kNoKey) continue;
    const bool is_hint = record.space == KeySpace::kHints;
    for (const Sibling& sibling : record.object->siblings()) {
      if (held_before(key, sibling.tag)) continue;
      put_backs[static_cast<std::uint32_t>(sibling.tag)] = {.node = node, .at_ns = now_ns};
    }
    if (is_hint) {
      ++findings.counters.hints_made;
      Disks::Hint& hint = disks.hint({node, record.owner, key});
      hint.visible = record.object;
      disks.set_hint(hint, record.object);
    } else {
      disks.held(key, node) = {record.object, record.object};
    }
    note_holder(node, key, *record.object, is_hint ? record.owner : kNoNode);
  }
  // The reasons of these erasures were judged before the disk was put back.
  for (const Record& record : unsynced) {
    const std::uint32_t key = key_index(record);
    if (record.space != KeySpace::kHints || record.object || key == kNoKey) continue;
    disks.hint({node, record.owner, key}).reasons.push_back(Disks::Reason::kPutBack);
  }
  note_gone(gone, {.at_ns = now_ns, .node = node, .cause = LossCause::kReplaced});
}

void Oracle::State::note_gone(std::span<const Disks::Gone> gone, const Loss& loss) {
  std::vector<ObjectPtr> objects;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (gone[i].hint) ++findings.counters.hints_lost;
    objects.push_back(gone[i].object);
    if (i + 1 < gone.size() && gone[i + 1].key == gone[i].key) continue;
    note_losses(gone[i].key, objects, loss);
    objects.clear();
  }
}

void Oracle::State::damaged(NodeId node, const Key& name, const ObjectPtr& object, TimeNs now_ns) {
  const std::uint32_t key = key_index(name);
  if (key == kNoKey) return;
  keys[key].clock_lost = true;
  take_over(node, key, {.space = KeySpace::kObjects, .key = name, .object = object},
            {.at_ns = now_ns, .node = node, .cause = LossCause::kDamaged});
}

void Oracle::State::hint_damaged(NodeId node, NodeId owner, const Key& name, const ObjectPtr& object, TimeNs now_ns) {
  const std::uint32_t key = key_index(name);
  if (key == kNoKey) return;
  keys[key].clock_lost = true;
  take_over(node, key, {.space = KeySpace::kHints, .owner = owner, .key = name, .object = object},
            {.at_ns = now_ns, .node = node, .cause = LossCause::kDamaged});
}

// Unlike damage, this does not set clock_lost: a node that forgets a write also forgets what the write had replaced.
void Oracle::State::not_synced(NodeId node, const Record& now, TimeNs lost_ns) {
  const std::uint32_t key = key_index(now.key);
  if (key == kNoKey) return;
  take_over(node, key, now, {.at_ns = lost_ns, .node = node, .cause = LossCause::kNotSynced});
  // It may have been pending when the power was lost.
  if (now.object) note_holder(node, key, *now.object, now.space == KeySpace::kHints ? now.owner : kNoNode);
}

void Oracle::State::take_over(NodeId node, std::uint32_t key, const Record& now, const Loss& loss) {
  disks.note_damage(node, loss.at_ns);
  ObjectPtr gone;
  if (now.space == KeySpace::kHints) {
    Disks::Hint& hint = disks.hint({node, now.owner, key});
    gone = hint.durable;
    hint.visible = now.object;
    disks.set_hint(hint, now.object);
    // The record of its erasure is lost, so the hint exists again.
    if (!gone && now.object) ++findings.counters.hints_made;
    if (gone && !now.object) ++findings.counters.hints_lost;
  } else {
    Disks::Copy& held = disks.held(key, node);
    gone = held.durable;
    held.visible = now.object;
    held.durable = now.object;
  }
  if (gone) note_losses(key, {&gone, 1}, loss);
}

void Oracle::State::clock_lost(const Key& name) {
  if (const std::uint32_t key = key_index(name); key != kNoKey) keys[key].clock_lost = true;
}

void Oracle::State::note_losses(std::uint32_t key, std::span<const ObjectPtr> gone, const Loss& loss) {
  std::vector<ObjectPtr> left;
  disks.each_durable(key, [&](NodeId, bool, const ObjectPtr& object) { left.push_back(object); });
  const auto any_covers = [&](std::span<const ObjectPtr> objects, WriteTag tag) {
    return std::ranges::any_of(objects, [&](const ObjectPtr& object) { return covers(*object, key, tag); });
  };
  const bool last_copies = std::ranges::any_of(gone, [&](const ObjectPtr& object) {
    return std::ranges::any_of(object->siblings(), [&](const Sibling& sibling) {
      return is_write_of(sibling.tag, key) && !any_covers(left, sibling.tag);
    });
  });
  if (!last_copies) return;
  for (WriteTag tag = keys[key].last_write; tag != 0; tag = write(tag).previous) {
    Write& w = write(tag);
    if (!w.is(Write::kAppeared) || w.is(Write::kDestroyed)) continue;
    if (!any_covers(gone, tag) || any_covers(left, tag)) continue;
    w.set(Write::kDestroyed);
    losses[static_cast<std::uint32_t>(tag)] = loss;
    if (!w.acknowledged()) continue;
    keys[key].delete_lost = keys[key].delete_lost || w.is(Write::kRemove);
    // The writes that it had replaced go with it, and are not worth a line.
    const auto held = [tag](const ObjectPtr& object) {
      return std::ranges::find(object->siblings(), tag, &Sibling::tag) != object->siblings().end();
    };
    if (std::ranges::any_of(gone, held)) tell_lost(tag, loss);
  }
  forget_destroyed(key);
}

// A write that is gone permanently is not demanded of later reads.
void Oracle::State::forget_destroyed(std::uint32_t key) {
  PerKey& per_key = keys[key];
  std::erase_if(per_key.frontier, [&](std::uint32_t tag) { return write(tag).is(Write::kDestroyed); });
  if (!per_key.lww) return;
  per_key.latest_start_ns = -1;
  per_key.latest_primary = 0;
  for (WriteTag tag = per_key.last_write; tag != 0; tag = write(tag).previous) {
    if (write(tag).acknowledged()) acknowledged(tag);
  }
}

std::string Oracle::State::describe_loss(const Loss& loss) const {
  switch (loss.cause) {
    case LossCause::kWiped:
      return fmt::format("its last durable copy was on {}, whose disk was emptied at {}", node_name(loss.node),
                         time_text(loss.at_ns));
    case LossCause::kHintExpired:
      return fmt::format("its last durable copy was a hint for {} on {}, which expired at {}", node_name(loss.other),
                         node_name(loss.node), time_text(loss.at_ns));
    case LossCause::kDamaged:
      return fmt::format("its last durable copy was on {}, whose disk was damaged; found at {}", node_name(loss.node),
                         time_text(loss.at_ns));
    case LossCause::kNotSynced:
      return fmt::format("its last durable copy was on {}, which had not synced it when it lost power at {}",
                         node_name(loss.node), time_text(loss.at_ns));
    case LossCause::kReplaced:
      return fmt::format("its last durable copy was on {}, whose disk was replaced at {}", node_name(loss.node),
                         time_text(loss.at_ns));
    case LossCause::kForgotten:
      return fmt::format("its last copy was in the memory of {}, whose process ended at {}", node_name(loss.node),
                         time_text(loss.at_ns));
    case LossCause::kWipedAfterHandoff: break;
  }
  return fmt::format("{} had acknowledged the hint that {} then removed at {}, and its disk was emptied meanwhile",
                     node_name(loss.other), node_name(loss.node), time_text(loss.at_ns));
}

}  // namespace dkv::sim
