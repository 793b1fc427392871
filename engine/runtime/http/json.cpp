#include "engine/runtime/http/json.h"

#include <nlohmann/json.hpp>

#include "engine/input/suggest.h"

namespace dkv::http {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool is_json(std::string_view content_type) {
  return content_type == "application/json" || content_type.starts_with("application/json;");
}

// JSON stays what it is, text becomes a string, anything else base64 and says so.
void add_value(const Version& version, Json& to) {
  if (is_json(version.envelope.content_type)) {
    Json parsed = Json::parse(version.body, nullptr, false);
    if (!parsed.is_discarded()) {
      to["value"] = std::move(parsed);
      return;
    }
  }
  if (is_utf8(version.body)) {
    to["value"] = version.body;
    return;
  }
  to["value"] = encode_base64(version.body);
  to["encoding"] = "base64";
}

Json version_json(const Version& version) {
  Json json;
  json["vtag"] = vtag_of(version.sibling->dot);
  if (version.sibling->tombstone) {
    json["deleted"] = true;
    return json;
  }
  json["content_type"] = version.envelope.content_type;
  add_value(version, json);
  return json;
}

}  // namespace

std::string siblings_json(const std::vector<Version>& versions) {
  Json list = Json::array();
  for (const Version& version : versions) list.push_back(version_json(version));
  return dump({{"siblings", std::move(list)}});
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

std::string properties_json(const std::string& bucket, const ServerConfig& config) {
  const QuorumSettings& quorum = config.quorum;
  const Result<Key> any = Key::make(bucket, "any");
  const ConflictPolicy policy = any ? config.node.policy_of(*any) : config.node.policy;
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
  const TimeNs ttl_ns = properties_of(config.node.buckets, bucket).ttl_ns;
  if (ttl_ns > 0) props["ttl_ms"] = ttl_ns / kMillisecond;
  return dump({{"props", std::move(props)}});
}

std::string value_json(std::string_view key, const Version& version, const std::string& context) {
  Json json = {{"key", key}};
  add_value(version, json);
  json["context"] = context;
  return dump(json);
}

std::string values_json(std::string_view key, const std::vector<Version>& versions, const std::string& context) {
  Json list = Json::array();
  for (const Version& version : versions) list.push_back(version_json(version));
  return dump({{"key", key}, {"siblings", std::move(list)}, {"context", context}});
}

std::string stored_json(std::string_view key, const Version& version, const std::string& context) {
  Json json = {{"key", key}};
  add_value(version, json);
  json["status"] = "stored";
  json["context"] = context;
  return dump(json);
}

std::string deleted_json(std::string_view key) {
  return dump({{"key", key}, {"status", "deleted"}});
}

std::string error_json(std::string_view what, int status, TimeNs wall_ns) {
  return dump({{"error", what}, {"status", status}, {"timestamp", wall_ns / kSecond}});
}

Result<PlainPut> read_plain_put(std::string_view body) {
  const auto wrong = [](std::string what) { return tl::unexpected(Error{std::move(what)}); };
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return wrong("the body is no JSON");
  if (!json.is_object() || !json.contains("value")) return wrong(R"(the body is no object with a "value")");
  PlainPut put;
  for (const auto& [name, field] : json.items()) {
    if (name == "value") {
      put.content_type = field.is_string() ? "text/plain; charset=utf-8" : "application/json";
      put.value = field.is_string() ? field.get<std::string>() : field.dump();
    } else if ((name == "context" || name == "ttl") && field.is_string()) {
      (name == "context" ? put.context : put.ttl) = field.get<std::string>();
    } else if (name == "context" || name == "ttl") {
      return wrong("\"" + name + "\" is no string");
    } else {
      constexpr std::string_view kFields[] = {"value", "context", "ttl"};
      return wrong("unknown field " + dkv::quoted(name) + "; " + suggest(name, std::span(kFields)));
    }
  }
  return put;
}

bool looks_like_plain_put(std::string_view body) {
  if (body.empty() || body.front() != '{' || body.size() > (1u << 20)) return false;
  const Json json = Json::parse(body, nullptr, false);
  return json.is_object() && json.contains("value");
}

}  // namespace dkv::http
