// Tombstones that nodes forget: only what nobody can bring back may go. What a reaped write had replaced stays
// replaced, for every later judgement, and whoever stores it again is found at once.
#include <fmt/format.h>

#include <algorithm>

#include "sim/oracle/state.h"

namespace dkv::sim {

void Oracle::State::reaped(NodeId node, std::uint32_t key, const Object& before, TimeNs now_ns) {
  PerKey& per_key = keys[key];
  for (const Sibling& sibling : before.siblings()) {
    if (!is_write_of(sibling.tag, key)) continue;
    if (!sibling.tombstone) {
      findings.add(Invariant::kNoLostWrite, now_ns, node, key_name(key),
                   fmt::format("{} forgets {}, which nobody has deleted", node_name(node), describe(sibling.tag)));
      continue;
    }
    if (write(sibling.tag).is(Write::kReaped)) continue;
    write(sibling.tag).set(Write::kReaped);
    per_key.reaped.push_back(static_cast<std::uint32_t>(sibling.tag));
  }
  if (per_key.clock_lost) return;
  disks.each_durable(key, [&](NodeId other, bool hint, const ObjectPtr& object) {
    if (other == node && !hint) return;
    for (const Sibling& sibling : object->siblings()) {
      const WriteTag by = reaped_after(key, sibling.tag);
      if (by == 0) continue;
      findings.add(Invariant::kNoResurrection, now_ns, node, key_name(key),
                   fmt::format("{} forgets the tombstone of {}, and {}{} still holds {}, which that had replaced",
                               node_name(node), describe(by), hint ? "a hint on " : "", node_name(other),
                               describe(sibling.tag)));
    }
  });
}

WriteTag Oracle::State::reaped_after(std::uint32_t key, WriteTag tag) const {
  if (!is_write_of(tag, key)) return 0;
  for (const std::uint32_t by : keys[key].reaped) {
    if (by != tag && history.contains(by, tag)) return by;
  }
  return 0;
}

void Oracle::State::judge_return(NodeId node, std::uint32_t key, const Object& object, TimeNs now_ns) {
  if (keys[key].reaped.empty() || keys[key].clock_lost) return;
  for (const Sibling& sibling : object.siblings()) {
    const WriteTag by = reaped_after(key, sibling.tag);
    if (by == 0) continue;
    ++findings.counters.resurrected;
    findings.add(Invariant::kNoResurrection, now_ns, node, key_name(key),
                 fmt::format("{} stores {} again, which {} had replaced; the tombstone of that was forgotten too early",
                             node_name(node), describe(sibling.tag), describe(by)));
  }
}

}  // namespace dkv::sim
