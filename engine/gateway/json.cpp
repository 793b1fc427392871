#include "engine/gateway/json.h"

#include <nlohmann/json.hpp>

namespace dkv::http {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool is_json(std::string_view content_type) {
  return content_type == "application/json" || content_type.starts_with("application/json;");
}

std::string quoted_json(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Adds the JSON members of a version.
void add_version(const Version& version, BodySource& to) {
  to.add_text("{\"vtag\":" + quoted_json(vtag_of(version.sibling->dot)));
  if (version.sibling->tombstone) {
    to.add_text(",\"deleted\":true}");
    return;
  }
  to.add_text(",\"content_type\":" + quoted_json(version.envelope.content_type) + ",");
  to.add_json_value(version.sibling->value, version.body, is_json(version.envelope.content_type));
  to.add_text("}");
}

void add_versions(const std::vector<Version>& versions, BodySource& to) {
  to.add_text("\"siblings\":[");
  for (const Version& version : versions) {
    if (&version != &versions.front()) to.add_text(",");
    add_version(version, to);
  }
  to.add_text("]");
}

}  // namespace

void siblings_json(const std::vector<Version>& versions, BodySource& to) {
  to.add_text("{");
  add_versions(versions, to);
  to.add_text("}\n");
}

std::string resources_json() {
  return dump({{"riak_kv_wm_buckets", "/buckets"},
               {"riak_kv_wm_object", "/buckets"},
               {"riak_kv_wm_ping", "/ping"},
               {"riak_kv_wm_props", "/buckets"},
               {"riak_kv_wm_stats", "/stats"},
               {"kv", "/api/v1/kv"},
               {"cluster", "/api/v1/cluster/health"},
               {"metrics", "/metrics"}});
}

std::string properties_json(const std::string& bucket, const GatewaySettings& settings) {
  const QuorumSettings& quorum = settings.quorum;
  const BucketProperties& bucket_properties = properties_of(settings.buckets, bucket);
  const ConflictPolicy policy = bucket_properties.conflicts.value_or(settings.policy);
  Json props = {{"name", bucket},
                {"n_val", quorum.replicas},
                {"allow_mult", policy == ConflictPolicy::kSiblings},
                {"last_write_wins", policy == ConflictPolicy::kLastWriteWins},
                {"r", quorum.read_need},
                {"w", quorum.write_need},
                {"pr", quorum.read_primary},
                {"pw", quorum.write_primary},
                {"dw", quorum.write_need},
                {"rw", quorum.write_need},
                {"basic_quorum", false},
                {"notfound_ok", true}};
  const TimeNs ttl_ns = bucket_properties.ttl_ns;
  if (ttl_ns > 0) props["ttl_ms"] = ttl_ns / kMillisecond;
  return dump({{"props", std::move(props)}});
}

void value_json(std::string_view key, const Version& version, std::string_view context, BodySource& to) {
  to.add_text("{\"key\":" + quoted_json(key) + ",");
  to.add_json_value(version.sibling->value, version.body, is_json(version.envelope.content_type));
  to.add_text(",\"context\":" + quoted_json(context) + "}\n");
}

void values_json(std::string_view key, const std::vector<Version>& versions, std::string_view context, BodySource& to) {
  to.add_text("{\"key\":" + quoted_json(key) + ",");
  add_versions(versions, to);
  to.add_text(",\"context\":" + quoted_json(context) + "}\n");
}

void stored_json(std::string_view key, const Version& version, const Blob& of, std::string_view context,
                 BodySource& to) {
  to.add_text("{\"key\":" + quoted_json(key) + ",");
  to.add_json_value(of, version.body, is_json(version.envelope.content_type));
  to.add_text(",\"status\":\"stored\",\"context\":" + quoted_json(context) + "}\n");
}

std::string deleted_json(std::string_view key) {
  return dump({{"key", key}, {"status", "deleted"}});
}

std::string error_json(std::string_view what, int status, TimeNs wall_ns) {
  return dump({{"error", what}, {"status", status}, {"timestamp", wall_ns / kSecond}});
}

}  // namespace dkv::http
