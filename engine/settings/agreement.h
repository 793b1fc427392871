#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/placement.h"
#include "engine/core/result.h"
#include "engine/node/config.h"
#include "engine/settings/settings.h"

// The settings that all nodes of a cluster must share, as values that two nodes can compare.
namespace dkv {

struct AgreedSetting {
  std::string name;   // "siblings_max", "member n2", "bucket carts: ttl"
  std::string value;  // as a person writes it
  friend bool operator==(const AgreedSetting&, const AgreedSetting&) = default;
};
using Agreement = std::vector<AgreedSetting>;  // each name once

// The limits of an agreement that another node sends.
inline constexpr std::size_t kAgreementBytesMax = 48u << 10;
inline constexpr std::size_t kAgreedTextBytesMax = 1200;

// n, partitions, and of each member its number, weight, host, rack and data centre. A folder keeps them: its contents
// have no meaning under others.
Agreement layout_agreement(std::span<const Member> members, const QuorumSettings& quorum);
// The layout, and all settings of nodes that may not differ: one bucket has one conflict policy, and the proofs of
// reaping hold for all members or for none.
Agreement cluster_agreement(std::span<const Member> members, const QuorumSettings& quorum, const NodeConfig& node);

struct Difference {
  std::string name;
  std::string here, there;  // kNoSetting where one side has no such setting
};
inline constexpr std::string_view kNoSetting = "(none)";
// In the order of `here`; then the settings that only `there` has.
std::vector<Difference> differences(const Agreement& here, const Agreement& there);
// "conflicts is siblings here and lww there; n is 3 here and 2 there", at most `most` of them.
std::string describe(std::span<const Difference> differences, std::size_t most = 3);

std::uint64_t digest_of(const Agreement& agreement) noexcept;

// At most kAgreementBytesMax: what does not fit is replaced by its digest, under the name "others".
std::string encode_agreement(const Agreement& agreement);
// Fails on any bytes that encode_agreement() does not write.
Result<Agreement> decode_agreement(std::string_view bytes);

}  // namespace dkv
