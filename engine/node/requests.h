#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

#include "engine/core/object.h"
#include "engine/core/types.h"

namespace dkv {

// Remembers the versions of the forwarded writes that this node has stored lately. Two coordinators may both mint a dot
// for one request, because the forwarder asks the next one when the connection to the first ends. These twins are one
// write. So a replica that knows both dots drops a twin when the other one has been replaced. The oldest requests are
// forgotten, and a start forgets all.
class Requests {
 public:
  static constexpr std::size_t kKept = 16'384;

  // Versions without a request are ignored.
  void note(const Object& object);
  void note(const Sibling& version);
  // The versions of the request that this node has seen, without their values.
  std::span<const Sibling> versions(RequestId request) const;

  // Adds the twins in `object` of the versions that `seen` covers.
  VersionVector with_twins(const VersionVector& seen, const Object& object) const;
  // Merges with this knowledge: drops the twins of replaced versions, and counts their dots as seen.
  ObjectPtr merged(const ObjectPtr& a, const ObjectPtr& b, ConflictPolicy policy) const;

 private:
  using Dots = boost::container::small_vector<Dot, 2>;
  bool has_replaced(const Object& state, const Sibling& version, ConflictPolicy policy) const;
  // The dots of `object` that have a replaced twin.
  void add_replaced(const Object& object, const Object& other, ConflictPolicy policy, Dots& out) const;

  struct Hash {
    using is_avalanching = void;
    std::size_t operator()(RequestId request) const noexcept { return request; }  // a hash already
  };
  // More twins than primaries cannot be; a few are enough.
  static constexpr std::size_t kTwinsKept = 4;
  using Versions = boost::container::small_vector<Sibling, 1>;
  boost::unordered_flat_map<RequestId, Versions, Hash> known_;  // only for look-ups
  std::deque<RequestId> order_;                                 // the oldest first
};

}  // namespace dkv
