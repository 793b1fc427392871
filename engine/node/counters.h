#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "engine/core/key.h"
#include "engine/node/config.h"

namespace dkv {

// The counters of this epoch that were issued for keys, although the keys' states do not show them. A node that issued
// one again would name two writes by one dot. Copyable; the memory is bounded.
class Counters {
 public:
  explicit Counters(const NodeConfig& config);

  struct Last {
    std::uint64_t counter = 0;  // at least the last one issued for the key
    // The new state may claim all dots up to `counter`, so that its clock has no gap: versions with such dots are left
    // nowhere.
    bool claims = false;
  };
  // known: the highest counter of this epoch in the key's state; 0: none.
  Last last(const Key& key, std::uint64_t known) const;

  // The key's state was reaped. It had seen all dots up to `all`, and none above `highest`.
  void reaped(const Key& key, std::uint64_t all, std::uint64_t highest);
  // The key's state lost dots up to `highest`. Versions with such dots may exist elsewhere.
  void lost(const Key& key, std::uint64_t highest);
  // Whether gaps are left in the clocks of keys until another epoch begins.
  bool gaps() const noexcept { return !lost_.empty() || every_key_ > 0; }
  // Whether any key was reaped in this epoch.
  bool floors() const noexcept { return !floors_.empty(); }
  // Another epoch begins.
  void clear();

 private:
  static constexpr std::size_t kLostMax = 1024;
  std::size_t place(const Key& key) const noexcept;

  // By hash: no key of the place that was reaped had a higher counter.
  std::vector<std::uint64_t> floors_;  // empty until the first key is reaped
  std::size_t floors_max_;             // a power of two
  boost::unordered_flat_map<Key, std::uint64_t, KeyHash> lost_;
  std::uint64_t every_key_ = 0;  // for all keys, because lost_ had no room
};

}  // namespace dkv
