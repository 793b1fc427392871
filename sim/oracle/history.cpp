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
                   .seen = {}};
    if (w.actor != 0) view.dot = state.dots.dot_of(w);
    for (std::uint32_t i = 0; i < state.history.parent_count(tag); ++i)
      view.seen.push_back(state.history.parent(tag, i));
    writes.push_back(std::move(view));
  }
  std::ranges::reverse(writes);
  return writes;
}

}  // namespace dkv::sim
