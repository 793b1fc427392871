#include "viz/model/records.h"

namespace dkv::viz {

KeyNumber KeyTable::number(const Key& key) {
  const auto [place, added] = numbers_.try_emplace(key, static_cast<KeyNumber>(keys_.size()));
  if (added) keys_.push_back(key);
  return place->second;
}

KeyNumber KeyTable::find(const Key& key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? kNoKey : found->second;
}

}  // namespace dkv::viz
