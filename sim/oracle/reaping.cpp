// Reaping: a node may forget a tombstone only when nothing can bring the deleted versions back. The writes that a
// reaped write had replaced stay replaced for every later judgement. A node that stores one again is reported at
// once.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/oracle/state.h"

namespace dkv::sim {

void Oracle::State::reaped(NodeId node, std::uint32_t key, const Object& before, TimeNs now_ns) {
  PerKey& per_key = keys[key];
  for (const Sibling& sibling : before.siblings()) {
    if (!is_write_of(sibling.tag, key)) continue;
    if (!sibling.tombstone) {
      findings.add(
          {.breach = Breach::kForgotten,
           .at_ns = now_ns,
           .node = node,
           .key = key_name(key),
           .detail = fmt::format("{} forgets {}, which no client has deleted", node_name(node), describe(sibling.tag)),
           .writes = {sibling.tag}});
      continue;
    }
    if (write(sibling.tag).is(Write::kReaped)) continue;
    write(sibling.tag).set(Write::kReaped);
    bury(sibling.tag);
    if (per_key.reaped == 0 || !per_key.lww || beats(sibling.tag, per_key.reaped)) {
      per_key.reaped = static_cast<std::uint32_t>(sibling.tag);
    }
  }
  if (per_key.clock_lost) return;
  disks.each_durable(key, [&](NodeId other, bool hint, const ObjectPtr& object) {
    if (other == node && !hint) return;
    for (const Sibling& sibling : object->siblings()) {
      if (!is_write_of(sibling.tag, key) || !write(sibling.tag).is(Write::kBuried)) continue;
      if (put_back(sibling.tag)) continue;
      findings.add({.breach = Breach::kTombstoneTooEarly,
                    .at_ns = now_ns,
                    .node = node,
                    .key = key_name(key),
                    .detail = fmt::format(
                        "{} forgets the tombstone of {}, and {}{} still holds {}, which the delete had replaced",
                        node_name(node), describe(buried_by(key, sibling.tag)), hint ? "a hint on " : "",
                        node_name(other), describe(sibling.tag)),
                    .writes = {buried_by(key, sibling.tag), sibling.tag},
                    .other = other});
    }
  });
}

// Each write is buried only once, however often its successors are reaped.
void Oracle::State::bury(WriteTag seen_by) {
  stack.assign(1, seen_by);
  while (!stack.empty()) {
    const WriteTag tag = stack.back();
    stack.pop_back();
    for (std::uint32_t i = 0; i < history.parent_count(tag); ++i) {
      const WriteTag parent = history.parent(tag, i);
      if (write(parent).is(Write::kBuried)) continue;
      write(parent).set(Write::kBuried);
      stack.push_back(parent);
    }
  }
}

WriteTag Oracle::State::buried_by(std::uint32_t key, WriteTag tag) const {
  for (WriteTag by = keys[key].last_write; by > tag; by = write(by).previous) {
    if (write(by).is(Write::kReaped) && history.contains(by, tag)) return by;
  }
  return 0;
}

void Oracle::State::judge_return(NodeId node, std::uint32_t key, const Object& object, TimeNs now_ns) {
  if (keys[key].reaped == 0 || keys[key].clock_lost) return;
  for (const Sibling& sibling : object.siblings()) {
    if (!is_write_of(sibling.tag, key) || !write(sibling.tag).is(Write::kBuried)) continue;
    if (put_back(sibling.tag)) continue;
    ++findings.counters.resurrected;
    findings.add(
        {.breach = Breach::kDeletedReturns,
         .at_ns = now_ns,
         .node = node,
         .key = key_name(key),
         .detail = fmt::format("{} stores {} again, which {} had replaced; its tombstone was forgotten too early",
                               node_name(node), describe(sibling.tag), describe(buried_by(key, sibling.tag))),
         .writes = {sibling.tag, buried_by(key, sibling.tag)}});
  }
}

bool Oracle::State::put_back(WriteTag tag) {
  const auto found = put_backs.find(static_cast<std::uint32_t>(tag));
  if (found == put_backs.end()) return false;
  // One line is enough: the run says that it happened, where and when.
  if (!std::exchange(told_put_back, true)) {
    findings.not_judged.push_back(
        {Invariant::kNoResurrection,
         fmt::format("replaced versions returned with the disk of {}, which was put back at {}: {} was the first",
                     node_name(found->second.node), time_text(found->second.at_ns), describe(tag))});
  }
  return true;
}

}  // namespace dkv::sim
