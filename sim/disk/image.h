#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/ports/storage.h"

namespace dkv::sim {

// The records on a disk by key space: the last one of each (space, owner, key). The tables are for look-ups only;
// records() gives an order.
class Image {
 public:
  struct HintKey {
    NodeId owner = kNoNode;
    Key key;
    friend bool operator==(const HintKey&, const HintKey&) = default;
  };
  struct HintHash {
    using is_avalanching = void;
    std::uint64_t salt = 0;
    std::size_t operator()(const HintKey& hint) const noexcept {
      return mix64(hint.key.hash() ^ (salt + (std::uint64_t{hint.owner} << 32)));
    }
  };
  struct Hint {
    ObjectPtr object;
    TimeNs created_wall_ns = 0;
  };
  using Objects = boost::unordered_flat_map<Key, ObjectPtr, KeyHash>;
  using Hints = boost::unordered_flat_map<HintKey, Hint, HintHash>;

  explicit Image(std::uint64_t hash_salt = 0) : objects_(0, KeyHash{hash_salt}), hints_(0, HintHash{hash_salt}) {}

  void apply(const Record& record);
  void clear();

  // Null when the key is absent.
  const ObjectPtr* find(const Key& key) const;
  const Hint* find_hint(NodeId owner, const Key& key) const;
  const std::optional<Identity>& identity() const noexcept { return identity_; }
  std::size_t object_count() const noexcept { return objects_.size(); }
  std::size_t hint_count() const noexcept { return hints_.size(); }

  // The memory that a copy needs; an estimate.
  std::uint64_t copy_bytes() const noexcept {
    return objects_.bucket_count() * (sizeof(Objects::value_type) + 1) +
           hints_.bucket_count() * (sizeof(Hints::value_type) + 1);
  }

  // All records, ordered by space, owner and key.
  std::vector<Record> records() const;
  // The keys of all objects and of all hints, ascending.
  std::vector<Key> object_keys() const;
  std::vector<HintKey> hint_keys() const;

 private:
  Objects objects_;
  Hints hints_;
  std::optional<Identity> identity_;
};

}  // namespace dkv::sim
