#include "engine/settings/settings.h"

#include <algorithm>
#include <string>

#include "engine/input/units.h"
#include "engine/protocol/client.h"

namespace dkv {
namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr Range<TimeNs> kPeriod{kMillisecond, kDay};

void read_heartbeat(const Yaml& value, NodeConfig& node, Complaints& complaints) {
  const Fields fields(value, "heartbeat", kHeartbeatKeys, complaints);
  fields.duration("every", kPeriod, node.heartbeat_every_ns);
  fields.duration("unreachable_after", kPeriod, node.unreachable_after_ns);
  if (fields.is_map() && node.unreachable_after_ns <= node.heartbeat_every_ns) {
    complaints.add(fields.place_of("unreachable_after"),
                   "'unreachable_after' (" + duration_text(node.unreachable_after_ns) +
                       ") is not longer than 'every' (" + duration_text(node.heartbeat_every_ns) + ")",
                   "allow several heartbeats, or healthy nodes will count as unreachable");
  }
}

void read_hints(const Yaml& value, NodeConfig& node, Complaints& complaints) {
  const Fields fields(value, "hints", kHintsKeys, complaints);
  fields.duration_or("ttl", kForever, 0, kPeriod, node.hint_ttl_ns);
  fields.duration_or("deliver_every", kNever, 0, kPeriod, node.hints_every_ns);
  fields.whole("max", {1, 10'000'000}, node.hints_max);
  fields.whole("in_flight", {1, 65'536}, node.hints_in_flight_max);
}

void read_anti_entropy(const Yaml& value, NodeConfig& node, Complaints& complaints) {
  if (value.kind == Yaml::Kind::kWord) {
    if (value.text == kOff) {
      node.anti_entropy_every_ns = 0;
    } else {
      complaints.add(value.place, quoted(value.text) + " is not a value of 'anti_entropy'",
                     "write {every: 2s}, or off");
    }
    return;
  }
  const Fields fields(value, "anti_entropy", kAntiEntropyKeys, complaints);
  fields.duration("every", kPeriod, node.anti_entropy_every_ns);
  fields.whole("partitions_at_once", {1, 65'536}, node.anti_entropy_partitions_max);
}

// Reads a number of replicas. It may not exceed n, and n itself may not exceed the number of nodes.
void read_count(const Fields& fields, std::string_view key, std::uint64_t least, std::uint64_t limit,
                const std::string& limit_says, std::uint8_t& out, Complaints& complaints) {
  std::uint64_t number = out;
  if (!fields.whole(key, {least, kReplicasMax}, number)) return;
  if (number > limit) {
    complaints.add(fields.place_of(key),
                   "'" + std::string(key) + "' is " + std::to_string(number) + ", but " + limit_says,
                   "at most " + std::to_string(limit));
    return;
  }
  out = static_cast<std::uint8_t>(number);
}

// Reads a power of two.
void read_partitions(const Fields& fields, std::uint32_t& out, Complaints& complaints) {
  std::uint32_t partitions = out;
  if (!fields.whole("partitions", {1, kPartitionsMax}, partitions)) return;
  if ((partitions & (partitions - 1)) != 0) {
    complaints.add(fields.place_of("partitions"), "'partitions' is " + std::to_string(partitions),
                   "a power of two is needed, such as 64");
    return;
  }
  out = partitions;
}

}  // namespace

bool check_node_name(const Yaml& value, std::string_view field, Complaints& complaints) {
  if (!is_word(value, field, "n1", complaints)) return false;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  const bool good = !value.text.empty() && value.text.size() <= kNameBytesMax && value.text != kAllNodes &&
                    value.text != kRestNodes && value.text.front() != '-' &&
                    std::all_of(value.text.begin(), value.text.end(), plain);
  if (good) return true;
  complaints.add(value.place, quoted(value.text) + " is not a valid name",
                 "letters, digits, '-', '_' and '.', at most " + std::to_string(kNameBytesMax) +
                     "; 'all' and 'rest' are reserved");
  return false;
}

void read_member_fields(const Fields& fields, Member& member, Complaints& complaints) {
  const auto label = [&](std::string_view key, std::string& out) {
    const Yaml* value = fields.find(key);
    if (value != nullptr && check_node_name(*value, key, complaints)) out = value->text;
  };
  label("name", member.name);
  label("host", member.host);
  label("rack", member.rack);
  label("datacenter", member.datacenter);
  fields.whole("weight", {1, kWeightMax}, member.weight);
}

void read_quorum_settings(const Fields& fields, std::size_t nodes, QuorumSettings& cluster, Complaints& complaints) {
  auto n = static_cast<std::uint8_t>(std::min<std::size_t>(3, nodes));
  read_count(fields, "n", 1, nodes, "there are " + std::to_string(nodes) + " nodes", n, complaints);
  cluster.replicas = n;
  const std::string says = "n is " + std::to_string(n);
  cluster.read_need = cluster.write_need = static_cast<std::uint8_t>(n / 2 + 1);
  read_count(fields, "r", 1, n, says, cluster.read_need, complaints);
  read_count(fields, "w", 1, n, says, cluster.write_need, complaints);
  read_count(fields, "pr", 0, n, says, cluster.read_primary, complaints);
  read_count(fields, "pw", 0, n, says, cluster.write_primary, complaints);
  fields.word("quorum", quorum_words(), cluster.mode);
  read_partitions(fields, cluster.partitions, complaints);
  if (fields.duration("timeout", {kMillisecond, 600 * kSecond}, cluster.request_timeout_ns) &&
      cluster.request_timeout_ns % kMillisecond != 0) {
    complaints.add(fields.place_of("timeout"), "'timeout' has a fraction of a millisecond",
                   "whole milliseconds are needed");
  }
}

void read_node_settings(const Fields& fields, NodeConfig& node, Complaints& complaints) {
  fields.word("conflicts", conflict_words(), node.policy);
  fields.whole("siblings_max", {1, kSiblingsMax}, node.siblings_max);
  fields.whole("operations_max", {1, kOperationsMax}, node.operations_max);
  fields.duration_or("fallback_after", kNever, 0, kPeriod, node.fallback_after_ns);
  fields.word("read_repair", yes_no_words(), node.read_repair);
  fields.duration_or("reap_every", kNever, 0, kPeriod, node.reap_every_ns);
  fields.duration("clock_apart_max", kPeriod, node.clock_apart_max_ns);
  if (const Yaml* heartbeat = fields.find("heartbeat")) read_heartbeat(*heartbeat, node, complaints);
  if (const Yaml* hints = fields.find("hints")) read_hints(*hints, node, complaints);
  if (const Yaml* sync = fields.find("anti_entropy")) read_anti_entropy(*sync, node, complaints);
  if (const Yaml* buckets = fields.find("buckets")) read_buckets(*buckets, node.buckets, complaints);
  if (const Yaml* storage = fields.find("storage")) read_storage(*storage, node.storage, complaints);
}

}  // namespace dkv
