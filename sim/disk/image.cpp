#include "sim/disk/image.h"

#include <algorithm>

namespace dkv::sim {

void Image::apply(const Record& record) {
  switch (record.space) {
    case KeySpace::kObjects:
      if (record.object) {
        objects_.insert_or_assign(record.key, record.object);
      } else {
        objects_.erase(record.key);
      }
      return;
    case KeySpace::kHints:
      if (record.object) {
        hints_.insert_or_assign(HintKey{record.owner, record.key}, Hint{record.object, record.created_wall_ns});
      } else {
        hints_.erase(HintKey{record.owner, record.key});
      }
      return;
    case KeySpace::kIdentity: identity_ = record.identity; return;
    case KeySpace::kDictionaries: return;
  }
}

void Image::clear() {
  objects_.clear();
  hints_.clear();
  identity_.reset();
}

const ObjectPtr* Image::find(const Key& key) const {
  const auto found = objects_.find(key);
  return found == objects_.end() ? nullptr : &found->second;
}

const Image::Hint* Image::find_hint(NodeId owner, const Key& key) const {
  const auto found = hints_.find(HintKey{owner, key});
  return found == hints_.end() ? nullptr : &found->second;
}

std::vector<Key> Image::object_keys() const {
  std::vector<Key> keys;
  keys.reserve(objects_.size());
  for (const auto& [key, object] : objects_) keys.push_back(key);
  std::ranges::sort(keys);
  return keys;
}

std::vector<Image::HintKey> Image::hint_keys() const {
  std::vector<HintKey> keys;
  keys.reserve(hints_.size());
  for (const auto& [key, hint] : hints_) keys.push_back(key);
  std::ranges::sort(
      keys, [](const HintKey& a, const HintKey& b) { return a.owner != b.owner ? a.owner < b.owner : a.key < b.key; });
  return keys;
}

std::vector<Record> Image::records() const {
  std::vector<Record> records;
  records.reserve(objects_.size() + hints_.size() + 1);
  for (const Key& key : object_keys()) {
    records.push_back({.space = KeySpace::kObjects, .key = key, .object = *find(key)});
  }
  for (const HintKey& hint_key : hint_keys()) {
    const Hint& hint = *find_hint(hint_key.owner, hint_key.key);
    records.push_back({.space = KeySpace::kHints,
                       .owner = hint_key.owner,
                       .key = hint_key.key,
                       .object = hint.object,
                       .created_wall_ns = hint.created_wall_ns});
  }
  if (identity_) records.push_back({.space = KeySpace::kIdentity, .identity = *identity_});
  return records;
}

}  // namespace dkv::sim
