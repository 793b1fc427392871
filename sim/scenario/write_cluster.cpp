#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "engine/input/tree.h"
#include "engine/input/units.h"
#include "engine/settings/words.h"
#include "sim/scenario/write_parts.h"

namespace dkv::sim {

namespace {

std::string duration_or(TimeNs duration_ns, std::string_view word_for_zero) {
  return duration_ns == 0 ? std::string(word_for_zero) : duration_text(duration_ns);
}

std::string member_text(const Member& member) {
  const Member usual;
  if (member.host.empty() && member.rack.empty() && member.datacenter.empty() && member.weight == usual.weight) {
    return flow_word(member.name);
  }
  FlowMap map;
  map.add("name", flow_word(member.name));
  if (!member.host.empty()) map.add("host", flow_word(member.host));
  if (!member.rack.empty()) map.add("rack", flow_word(member.rack));
  if (!member.datacenter.empty()) map.add("datacenter", flow_word(member.datacenter));
  if (member.weight != usual.weight) map.add("weight", std::to_string(member.weight));
  return map.text();
}

// A number, when the nodes have no names and labels of their own.
std::string members_text(const std::vector<Member>& members) {
  std::string list;
  bool plain = true;
  for (const Member& member : members) {
    const std::string text = member_text(member);
    plain = plain && text == "n" + std::to_string(member.id + 1);
    list += (list.empty() ? "" : ", ") + text;
  }
  return plain ? std::to_string(members.size()) : "[" + list + "]";
}

FlowMap heartbeat_map(const NodeConfig& node, const NodeConfig& usual) {
  FlowMap map;
  if (node.heartbeat_every_ns != usual.heartbeat_every_ns) map.add("every", duration_text(node.heartbeat_every_ns));
  if (node.unreachable_after_ns != usual.unreachable_after_ns) {
    map.add("unreachable_after", duration_text(node.unreachable_after_ns));
  }
  return map;
}

FlowMap hints_map(const NodeConfig& node, const NodeConfig& usual) {
  FlowMap map;
  if (node.hint_ttl_ns != usual.hint_ttl_ns) map.add("ttl", duration_or(node.hint_ttl_ns, kForever));
  if (node.hints_every_ns != usual.hints_every_ns) map.add("deliver_every", duration_or(node.hints_every_ns, kNever));
  if (node.hints_max != usual.hints_max) map.add("max", std::to_string(node.hints_max));
  if (node.hints_in_flight_max != usual.hints_in_flight_max) {
    map.add("in_flight", std::to_string(node.hints_in_flight_max));
  }
  return map;
}

struct PropertyWriter {
  FlowMap& map;

  void operator()(const BucketField& field, const TimeNs& duration_ns) const {
    if (duration_ns != 0) map.add(field.name, duration_text(duration_ns));
  }
  void operator()(const BucketField& field, const std::optional<ConflictPolicy>& policy) const {
    if (policy) map.add(field.name, word_of(conflict_words(), *policy));
  }
};

FlowMap buckets_map(const BucketMap& buckets) {
  FlowMap map;
  for (const auto& [name, properties] : buckets) {
    FlowMap bucket;
    BucketProperties::each(properties, PropertyWriter{bucket});
    map.add(name, bucket.text());
  }
  return map;
}

FlowMap storage_map(const StorageOptions& storage, const StorageOptions& usual) {
  FlowMap map;
  if (storage.backend != usual.backend) map.add("backend", word_of(backend_words(), storage.backend));
  if (!storage_traits(storage).uses_disk) return map;
  if (storage.segment_bytes != usual.segment_bytes) map.add("segment", size_text(storage.segment_bytes));
  if (storage.cache_bytes != usual.cache_bytes) map.add("cache", size_text(storage.cache_bytes));
  if (storage.cache_policy != usual.cache_policy) {
    map.add("cache_policy", word_of(cache_policy_words(), storage.cache_policy));
  }
  if (storage.sync != usual.sync) map.add("sync", word_of(sync_words(), storage.sync));
  if (storage.sync == SyncPolicy::kInterval && storage.sync_every_ns != usual.sync_every_ns) {
    map.add("sync_every", duration_text(storage.sync_every_ns));
  }
  if (storage.unsynced_bytes_max != usual.unsynced_bytes_max) {
    map.add("unsynced_max", size_text(storage.unsynced_bytes_max));
  }
  if (storage.compress_over_bytes == std::numeric_limits<std::uint32_t>::max()) {
    map.add("compress_over", kNever);
  } else if (storage.compress_over_bytes != usual.compress_over_bytes) {
    map.add("compress_over", size_text(storage.compress_over_bytes));
  }
  if (storage.dictionaries != usual.dictionaries)
    map.add("dictionaries", word_of(off_on_words(), storage.dictionaries));
  if (storage.merge_dead_percent == 100) {
    map.add("merge_dead", kNever);
  } else if (storage.merge_dead_percent != usual.merge_dead_percent) {
    map.add("merge_dead", std::to_string(storage.merge_dead_percent) + "%");
  }
  return map;
}

void add_anti_entropy(const NodeConfig& node, const NodeConfig& usual, BlockMap& block) {
  if (node.anti_entropy_every_ns == 0) return block.add("anti_entropy", kOff);
  FlowMap map;
  if (node.anti_entropy_every_ns != usual.anti_entropy_every_ns) {
    map.add("every", duration_text(node.anti_entropy_every_ns));
  }
  if (node.anti_entropy_partitions_max != usual.anti_entropy_partitions_max) {
    map.add("partitions_at_once", std::to_string(node.anti_entropy_partitions_max));
  }
  block.add("anti_entropy", map);
}

}  // namespace

std::string write_cluster(const ClusterSpec& cluster) {
  const ClusterSpec usual;
  BlockMap block("cluster");
  block.add("nodes", members_text(cluster.members));
  block.add("n", std::to_string(cluster.replicas));
  block.add("r", std::to_string(cluster.read_need));
  block.add("w", std::to_string(cluster.write_need));
  if (cluster.read_primary != 0) block.add("pr", std::to_string(cluster.read_primary));
  if (cluster.write_primary != 0) block.add("pw", std::to_string(cluster.write_primary));
  if (cluster.mode != usual.mode) block.add("quorum", word_of(quorum_words(), cluster.mode));
  if (cluster.partitions != usual.partitions) block.add("partitions", std::to_string(cluster.partitions));
  const NodeConfig& node = cluster.node;
  if (node.policy != usual.node.policy) block.add("conflicts", word_of(conflict_words(), node.policy));
  if (node.siblings_max != usual.node.siblings_max) block.add("siblings_max", std::to_string(node.siblings_max));
  if (cluster.request_timeout_ns != usual.request_timeout_ns) {
    block.add("timeout", duration_text(cluster.request_timeout_ns));
  }
  block.add("heartbeat", heartbeat_map(node, usual.node));
  if (node.fallback_after_ns != usual.node.fallback_after_ns) {
    block.add("fallback_after", duration_or(node.fallback_after_ns, kNever));
  }
  if (node.read_repair != usual.node.read_repair) block.add("read_repair", word_of(yes_no_words(), node.read_repair));
  block.add("hints", hints_map(node, usual.node));
  add_anti_entropy(node, usual.node, block);
  if (node.reap_every_ns != usual.node.reap_every_ns) block.add("reap_every", duration_or(node.reap_every_ns, kNever));
  if (node.operations_max != usual.node.operations_max) {
    block.add("operations_max", std::to_string(node.operations_max));
  }
  if (node.clock_apart_max_ns != usual.node.clock_apart_max_ns) {
    block.add("clock_apart_max", duration_text(node.clock_apart_max_ns));
  }
  block.add("buckets", buckets_map(node.buckets));
  block.add("storage", storage_map(node.storage, usual.node.storage));
  return block.text();
}

}  // namespace dkv::sim
