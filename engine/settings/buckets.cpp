#include <optional>
#include <string>

#include "engine/input/units.h"
#include "engine/protocol/client.h"
#include "engine/settings/settings.h"

namespace dkv {
namespace {

constexpr std::size_t kBucketsMax = 1000;

// Reads a property by its type.
struct PropertyReader {
  const Fields& fields;

  void operator()(const BucketField& field, TimeNs& duration_ns) const {
    fields.duration_or(field.name, kForever, 0, {kMillisecond, kTtlMaxNs}, duration_ns);
  }
  void operator()(const BucketField& field, std::optional<ConflictPolicy>& policy) const {
    if (ConflictPolicy read{}; fields.word(field.name, conflict_words(), read)) policy = read;
  }
};

}  // namespace

void read_buckets(const Yaml& value, BucketMap& buckets, Complaints& complaints) {
  if (value.kind != Yaml::Kind::kMap) {
    complaints.add(value.place, "'buckets' is not a mapping", "write {sessions: {ttl: 30s}}");
    return;
  }
  if (value.entries.size() > kBucketsMax) {
    complaints.add(value.place, "too many 'buckets'", "at most " + std::to_string(kBucketsMax));
    return;
  }
  for (const Yaml::Entry& entry : value.entries) {
    if (entry.key.text.empty() || entry.key.text.size() > kBucketBytesMax) {
      complaints.add(entry.key.place, quoted(entry.key.text) + " is not a name for a bucket",
                     "1 to " + std::to_string(kBucketBytesMax) + " bytes");
      continue;
    }
    const Fields fields(entry.value, entry.key.text, kBucketKeys, complaints);
    BucketProperties::each(buckets[entry.key.text], PropertyReader{fields});
  }
}

}  // namespace dkv
