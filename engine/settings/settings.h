#pragma once

#include <cstdint>

#include "engine/core/placement.h"
#include "engine/core/quorum.h"
#include "engine/input/fields.h"
#include "engine/node/config.h"
#include "engine/settings/words.h"

// The settings that scenarios and the configurations of real nodes share. Each reader complains about wrong fields,
// and leaves the default where a field is missing or wrong.
namespace dkv {

// The defaults of requests, and the shape of the ring.
struct QuorumSettings {
  std::uint32_t partitions = 64;
  std::uint32_t replicas = 3;      // n
  std::uint8_t read_need = 2;      // r
  std::uint8_t write_need = 2;     // w
  std::uint8_t read_primary = 0;   // pr
  std::uint8_t write_primary = 0;  // pw
  QuorumMode mode = QuorumMode::kSloppy;
  TimeNs request_timeout_ns = kSecond;  // whole milliseconds
};

// Reads n, r, w, pr, pw, quorum, partitions, timeout. `nodes` is the number of nodes. n is 3 by default, or the
// number of nodes if that is less. r and w are majorities of n by default.
void read_quorum_settings(const Fields& fields, std::size_t nodes, QuorumSettings& cluster, Complaints& complaints);

// Reads name, host, rack, datacenter, weight.
void read_member_fields(const Fields& fields, Member& member, Complaints& complaints);
// A name appears without quotes in schedules, stories, capsules and URLs. False after a complaint.
bool check_node_name(const Yaml& value, std::string_view field, Complaints& complaints);

// Reads conflicts, siblings_max, operations_max, fallback_after, read_repair, heartbeat, hints, anti_entropy,
// buckets, storage.
void read_node_settings(const Fields& fields, NodeConfig& node, Complaints& complaints);
void read_buckets(const Yaml& value, BucketMap& buckets, Complaints& complaints);
void read_storage(const Yaml& value, StorageOptions& storage, Complaints& complaints);

}  // namespace dkv
