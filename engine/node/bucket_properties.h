#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/object.h"
#include "engine/core/types.h"

namespace dkv {

struct BucketField {
  std::string_view name;     // the word in configurations and scenarios
  std::string_view meaning;  // the meaning of its value, in a few words
};

// The properties of one bucket. A member's initial value is its default. A new property needs a member, a line in
// each(), and the code that uses it. A new type of value also needs a reader in engine/settings/buckets.cpp.
struct BucketProperties {
  TimeNs ttl_ns = 0;                        // for puts that set none; 0: forever
  std::optional<ConflictPolicy> conflicts;  // none: the cluster's; see NodeConfig::policy_of()

  // Calls visit(BucketField, member) for every property. Self is BucketProperties, const or not.
  template <typename Self, typename Visit>
  static constexpr void each(Self& self, Visit&& visit) {
    visit(BucketField{"ttl", "how long a value lives when its put does not say"}, self.ttl_ns);
    visit(BucketField{"conflicts", "the policy for concurrent writes"}, self.conflicts);
  }

  friend bool operator==(const BucketProperties&, const BucketProperties&) = default;
};

// By name. All other buckets have the defaults.
using BucketMap = std::map<std::string, BucketProperties, std::less<>>;

inline const BucketProperties& properties_of(const BucketMap& buckets, std::string_view bucket) {
  static const BucketProperties kDefaults;
  if (buckets.empty()) return kDefaults;
  const auto found = buckets.find(bucket);
  return found == buckets.end() ? kDefaults : found->second;
}

}  // namespace dkv
