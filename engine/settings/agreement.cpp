#include "engine/settings/agreement.h"

#include <algorithm>
#include <map>

#include "engine/core/hash.h"
#include "engine/input/suggest.h"
#include "engine/input/units.h"
#include "engine/settings/words.h"

namespace dkv {
namespace {

constexpr std::string_view kOthers = "others";

std::string duration_or_word(TimeNs time_ns, std::string_view zero) {
  return time_ns == 0 ? std::string(zero) : duration_text(time_ns);
}

void add_member(const Member& member, Agreement& agreement) {
  std::string value = "number " + std::to_string(member.id) + ", weight " + std::to_string(member.weight);
  const auto label = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) value.append(", ").append(name).append(" ").append(text);
  };
  label("host", member.host);
  label("rack", member.rack);
  label("datacenter", member.datacenter);
  agreement.push_back({"member " + member.name, std::move(value)});
}

struct AgreedProperty {
  Agreement& agreement;
  const std::string& bucket;

  void add(const BucketField& field, std::string value) const {
    agreement.push_back({"bucket " + bucket + ": " + std::string(field.name), std::move(value)});
  }
  void operator()(const BucketField& field, const TimeNs& duration_ns) const {
    if (duration_ns != 0) add(field, duration_text(duration_ns));
  }
  void operator()(const BucketField& field, const std::optional<ConflictPolicy>& policy) const {
    if (policy) add(field, word_of(conflict_words(), *policy));
  }
};

void append_text(std::string_view text, std::string& out) {
  out.push_back(static_cast<char>(text.size() & 0xff));
  out.push_back(static_cast<char>(text.size() >> 8));
  out.append(text);
}

bool take_text(std::string_view& in, std::string& out) {
  if (in.size() < 2) return false;
  const std::size_t bytes =
      static_cast<unsigned char>(in[0]) | static_cast<std::size_t>(static_cast<unsigned char>(in[1])) << 8;
  if (bytes > kAgreedTextBytesMax || in.size() - 2 < bytes) return false;
  out = in.substr(2, bytes);
  in.remove_prefix(2 + bytes);
  return true;
}

}  // namespace

Agreement layout_agreement(std::span<const Member> members, const QuorumSettings& quorum) {
  Agreement agreement = {{"n", std::to_string(quorum.replicas)}, {"partitions", std::to_string(quorum.partitions)}};
  for (const Member& member : members) add_member(member, agreement);
  return agreement;
}

Agreement cluster_agreement(std::span<const Member> members, const QuorumSettings& quorum, const NodeConfig& node) {
  Agreement agreement = layout_agreement(members, quorum);
  agreement.push_back({"conflicts", word_of(conflict_words(), node.policy)});
  agreement.push_back({"siblings_max", std::to_string(node.siblings_max)});
  agreement.push_back({"reap_every", duration_or_word(node.reap_every_ns, kNever)});
  agreement.push_back({"storage.sync", word_of(sync_words(), node.storage.sync)});
  for (const auto& [bucket, properties] : node.buckets) {
    BucketProperties::each(properties, AgreedProperty{agreement, bucket});
  }
  return agreement;
}

std::vector<Difference> differences(const Agreement& here, const Agreement& there) {
  using Values = std::map<std::string_view, std::string_view>;
  const auto values_of = [](const Agreement& agreement) {
    Values values;
    for (const AgreedSetting& one : agreement) values.try_emplace(one.name, one.value);
    return values;
  };
  const auto value_in = [](const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return std::string(found == values.end() ? kNoSetting : found->second);
  };
  const Values mine = values_of(here), theirs = values_of(there);
  std::vector<Difference> all;
  for (const AgreedSetting& one : here) {
    std::string other = value_in(theirs, one.name);
    if (other != one.value) all.push_back({one.name, one.value, std::move(other)});
  }
  for (const AgreedSetting& one : there) {
    if (!mine.contains(one.name)) all.push_back({one.name, std::string(kNoSetting), one.value});
  }
  return all;
}

std::string describe(std::span<const Difference> differences, std::size_t most) {
  std::string text;
  for (const Difference& one : differences.first(std::min(most, differences.size()))) {
    if (!text.empty()) text += "; ";
    text += one.name + " is " + one.here + " here and " + one.there + " there";
  }
  if (differences.size() > most) text += "; and " + std::to_string(differences.size() - most) + " more";
  return text;
}

std::uint64_t digest_of(const Agreement& agreement) noexcept {
  std::uint64_t digest = agreement.size();
  for (const AgreedSetting& one : agreement) {
    digest = hash_combine(hash_combine(digest, hash64(one.name)), hash64(one.value));
  }
  return digest;
}

std::string encode_agreement(const Agreement& agreement) {
  constexpr std::size_t kRoom = kAgreementBytesMax - 64;  // for the digest of the others
  std::string bytes;
  for (std::size_t i = 0; i < agreement.size(); ++i) {
    const auto& [name, value] = agreement[i];
    const bool fits = name.size() <= kAgreedTextBytesMax && value.size() <= kAgreedTextBytesMax;
    if (!fits || bytes.size() + name.size() + value.size() + 4 > kRoom) {
      append_text(kOthers, bytes);
      append_text(hex16(digest_of({agreement.begin() + static_cast<std::ptrdiff_t>(i), agreement.end()})), bytes);
      break;
    }
    append_text(name, bytes);
    append_text(value, bytes);
  }
  return bytes;
}

Result<Agreement> decode_agreement(std::string_view bytes) {
  if (bytes.size() > kAgreementBytesMax) return fail("its settings are too long");
  Agreement agreement;
  while (!bytes.empty()) {
    AgreedSetting one;
    if (!take_text(bytes, one.name) || !take_text(bytes, one.value)) return fail("its settings are cut short");
    agreement.push_back(std::move(one));
  }
  return agreement;
}

}  // namespace dkv
