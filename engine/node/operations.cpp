#include "engine/node/operations.h"

#include <algorithm>
#include <functional>

#include "engine/core/assert.h"

namespace dkv {
namespace {

constexpr std::size_t kDeadlinesKeptMin = 64;

}  // namespace

Operations::Operations(std::uint32_t operations_max) : operations_max_(operations_max), slots_(1) {
  DKV_ASSERT(operations_max > 0 && operations_max < kSlotMask);
}

void Operations::start(Incarnation incarnation) noexcept {
  DKV_ASSERT(in_progress_ == 0 && serial_ == 0);  // an id given before would belong to another life
  serial_ = OpId{incarnation} << 28;
}

Operations::Slot& Operations::take_slot(OpId& id) {
  DKV_ASSERT(!full());
  std::uint32_t index = 0;
  if (!free_.empty()) {
    index = free_.back();
    free_.pop_back();
  } else {
    index = static_cast<std::uint32_t>(slots_.size());  // slot 0 stays empty, so that kNoOp finds nothing
    slots_.emplace_back();
  }
  DKV_ASSERT(index != 0 && index <= operations_max_);
  DKV_ASSERT(slots_[index].id == kNoOp && std::holds_alternative<std::monostate>(slots_[index].operation));
  ++in_progress_;
  DKV_ASSERT(slots_.size() == 1 + in_progress_ + free_.size());
  // The 28 bits of serial overflow into the next incarnation's numbers only after 268 million operations. By then no
  // answer to an early operation is in transit.
  id = ++serial_ << 16 | index;
  slots_[index].id = id;
  return slots_[index];
}

void Operations::erase(OpId id) {
  const Operation* operation = find_any(id);
  DKV_ASSERT(operation);
  // After this, nothing would answer the client.
  DKV_ASSERT(!std::holds_alternative<WriteOp>(*operation) || std::get<WriteOp>(*operation).replied);
  DKV_ASSERT(!std::holds_alternative<ReadOp>(*operation) || std::get<ReadOp>(*operation).replied);
  const auto index = static_cast<std::uint16_t>(id & kSlotMask);
  slots_[index].id = kNoOp;
  slots_[index].operation = std::monostate{};
  free_.push_back(index);
  --in_progress_;
  DKV_ASSERT(slots_.size() == 1 + in_progress_ + free_.size());
}

// Most operations finish long before their deadline. Without this, their entries would accumulate during the longest
// time-out that a client may set.
void Operations::drop_all_stale() {
  std::erase_if(deadlines_, [&](const Deadline& deadline) { return find_any(deadline.id) == nullptr; });
  std::make_heap(deadlines_.begin(), deadlines_.end(), std::greater<>());
}

Era Operations::oldest_era(Era none) const noexcept {
  Era oldest = none;
  for (const Slot& slot : slots_) {
    DKV_ASSERT((slot.id == kNoOp) == std::holds_alternative<std::monostate>(slot.operation));
    const auto* write = std::get_if<WriteOp>(&slot.operation);
    if (write && write->sends_more()) oldest = std::min(oldest, write->era);
    if (const auto* read = std::get_if<ReadOp>(&slot.operation)) oldest = std::min(oldest, read->era);
  }
  return oldest;
}

std::vector<OpId> Operations::reads_waiting_for(NodeId node) const {
  std::vector<OpId> found;
  for (const Slot& slot : slots_) {
    const auto* read = std::get_if<ReadOp>(&slot.operation);
    if (read && std::ranges::any_of(read->targets, [&](const ReadOp::Target& target) {
          return target.node == node && !target.answered;
        })) {
      found.push_back(slot.id);
    }
  }
  return found;
}

void Operations::add_deadline(OpId id, TimeNs at_ns) {
  DKV_ASSERT(find_any(id) && at_ns >= 0);  // next_deadline() returns -1 for none
  if (deadlines_.size() >= kDeadlinesKeptMin && deadlines_.size() >= 4 * std::size_t{in_progress_}) {
    drop_all_stale();
    DKV_ASSERT(deadlines_.size() < in_progress_);  // one for each operation at most, and none yet for this one
  }
  deadlines_.push_back({at_ns, id});
  std::push_heap(deadlines_.begin(), deadlines_.end(), std::greater<>());
}

void Operations::drop_stale() {
  while (!deadlines_.empty() && find_any(deadlines_.front().id) == nullptr) {
    std::pop_heap(deadlines_.begin(), deadlines_.end(), std::greater<>());
    deadlines_.pop_back();
  }
}

OpId Operations::next_due(TimeNs now_ns) {
  drop_stale();
  if (deadlines_.empty() || deadlines_.front().at_ns > now_ns) return kNoOp;
  const OpId id = deadlines_.front().id;
  std::pop_heap(deadlines_.begin(), deadlines_.end(), std::greater<>());
  deadlines_.pop_back();
  return id;
}

TimeNs Operations::next_deadline() {
  drop_stale();
  return deadlines_.empty() ? -1 : deadlines_.front().at_ns;
}

}  // namespace dkv
