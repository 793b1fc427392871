#include <algorithm>

#include "sim/oracle/state.h"

namespace dkv::sim {

std::vector<Oracle::WriteView> Oracle::history_of(const Key& key) const {
  std::vector<WriteView> writes;
  if (!judges()) return writes;
  const State& state = *owner_.state;
  const std::uint32_t index = state.key_index(key);
  if (index == State::kNoKey) return writes;
  for (std::uint32_t tag = state.keys[index].last_write; tag != 0; tag = state.write(tag).previous) {
    const Write& w = state.write(tag);
    WriteView view{.tag = tag,
                   .remove = w.is(Write::kRemove),
                   .answered = w.fate != WriteFate::kPending,
                   .acknowledged = w.acknowledged(),
                   .refused = w.fate == WriteFate::kRefused,
                   .dot = {},
                   .session = w.session,
                   .started_ns = w.started_ns,
                   .finished_ns = w.finished_ns,
                   .held_by = {},
                   .lost = {},
                   .reaped = w.is(Write::kReaped),
                   .seen = {}};
    for (NodeId node = 0; node < state.disks.nodes(); ++node) {
      if ((w.holders[node >> 6] >> (node & 63) & 1) != 0) view.held_by.push_back(node);
    }
    if (const auto way = state.giving_way.find(tag); way != state.giving_way.end()) {
      view.gave_way_to = way->second.to;
      view.gave_way_at = way->second.node;
      view.gave_way_ns = way->second.at_ns;
    }
    if (const auto loss = state.losses.find(tag); w.is(Write::kDestroyed) && loss != state.losses.end()) {
      view.lost = state.describe_loss(loss->second);
    }
    if (w.actor != 0) view.dot = state.dots.dot_of(w);
    for (std::uint32_t i = 0; i < state.history.parent_count(tag); ++i)
      view.seen.push_back(state.history.parent(tag, i));
    writes.push_back(std::move(view));
  }
  std::ranges::reverse(writes);
  return writes;
}

}  // namespace dkv::sim
