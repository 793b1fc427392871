#include "engine/runtime/disk/reader_table.h"

#include "engine/core/assert.h"

namespace dkv {

ReaderTable::ReaderTable(std::size_t limit) : limit_(limit) {
  DKV_ASSERT(limit > 0);
}

std::shared_ptr<const Descriptor> ReaderTable::find(FileName file) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(file);
  if (place == places_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, place->second);
  return place->second->second;
}

void ReaderTable::add(FileName file, std::shared_ptr<const Descriptor> descriptor) {
  const std::lock_guard lock(mutex_);
  if (places_.contains(file)) return;  // another reader was first
  entries_.emplace_front(file, std::move(descriptor));
  places_[file] = entries_.begin();
  if (entries_.size() <= limit_) return;
  places_.erase(entries_.back().first);
  entries_.pop_back();
}

void ReaderTable::drop(FileName file) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(file);
  if (place == places_.end()) return;
  entries_.erase(place->second);
  places_.erase(place);
}

std::size_t ReaderTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace dkv
