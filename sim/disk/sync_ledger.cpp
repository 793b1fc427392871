#include "sim/disk/sync_ledger.h"

#include "sim/disk/survivors.h"

namespace dkv::sim {

void SyncLedger::landed(AppendId upto, FileName file, std::uint64_t end_bytes) {
  landings_.push_back({upto, file, end_bytes});
  advance();
}

void SyncLedger::synced(FileName file, std::uint64_t durable_bytes) {
  std::uint64_t& known = durable_bytes_[file];
  known = std::max(known, durable_bytes);
  advance();
}

void SyncLedger::advance() {
  while (!landings_.empty()) {
    const Landing& first = landings_.front();
    const auto found = durable_bytes_.find(first.file);
    if (found == durable_bytes_.end() || found->second < first.end_bytes) break;
    synced_upto_ = first.upto;
    landings_.pop_front();
  }
  if (!numbers_known_) return;
  for (; !unsynced_.empty() && unsynced_.front().id <= synced_upto_; unsynced_.pop_front()) {
    synced_.apply(unsynced_.front().record);
  }
}

void SyncLedger::stopped() {
  numbers_known_ = false;
  landings_.clear();
  durable_bytes_.clear();
  synced_upto_ = 0;
}

void SyncLedger::restarted(AppendId upto) {
  for (Append& append : unsynced_) append.id = upto;
  numbers_known_ = true;
  advance();
}

void SyncLedger::take_over(const Image& left) {
  synced_ = left;
  unsynced_.clear();
}

void SyncLedger::take_over(const Record& now) {
  std::erase_if(unsynced_, [&](const Append& append) { return same_name(append.record, now); });
  synced_.apply(now);
}

void SyncLedger::clear() {
  stopped();
  synced_.clear();
  unsynced_.clear();
}

}  // namespace dkv::sim
