#include "engine/runtime/config.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "engine/input/fields.h"
#include "engine/input/tree.h"
#include "engine/input/units.h"
#include "engine/protocol/messages.h"
#include "engine/runtime/http/host.h"
#include "engine/runtime/http/origin.h"
#include "engine/settings/words.h"

namespace dkv {
namespace {

using Text = std::string_view;

constexpr Text kServer[] = {"node", "data", "cluster", "http", "log"};
constexpr Text kClusterOwn[] = {"name", "nodes", "secret_file", "secret_files_accepted"};
constexpr auto kCluster = with_shared_cluster_keys(kClusterOwn);
constexpr Text kMember[] = {"name", "id", "peer", "http", "host", "rack", "datacenter", "weight"};
constexpr Text kHttp[] = {"connections", "header", "body",      "idle",          "request",
                          "send",        "memory", "pipelined", "allow_origins", "hosts"};
constexpr Text kLog[] = {"level", "format", "requests"};
constexpr KeySet kServerKeys{"server", kServer}, kClusterKeys{"cluster", kCluster}, kMemberKeys{"member", kMember},
    kHttpKeys{"http", kHttp}, kLogKeys{"log", kLog};

constexpr Word<LogLevel> kLevels[] = {{"debug", LogLevel::kDebug},
                                      {"info", LogLevel::kInfo},
                                      {"warning", LogLevel::kWarning},
                                      {"error", LogLevel::kError}};
constexpr Word<LogFormat> kFormats[] = {{"text", LogFormat::kText}, {"json", LogFormat::kJson}};
constexpr Word<RequestLog> kRequests[] = {
    {"off", RequestLog::kNone}, {"errors", RequestLog::kErrors}, {"all", RequestLog::kAll}};

constexpr std::uint32_t kPartitionsDefaultReal = kPartitionsDefault;
constexpr std::size_t kPathBytesMax = 4000;
constexpr std::size_t kClusterNameBytesMax = 64;
constexpr std::size_t kTextsMax = 1000;

void read_address(const Fields& fields, Text key, bool port_zero, Address& out, Complaints& complaints) {
  const Yaml* value = fields.find(key);
  if (value == nullptr || !is_word(*value, key, "127.0.0.1:8098", complaints)) return;
  auto address = parse_address(value->text, port_zero);
  if (!address) return complaints.add(value->place, "'" + std::string(key) + "': " + address.error().what, "");
  out = std::move(*address);
}

void read_member(const Yaml& item, bool alone, ClusterMember& member, Complaints& complaints) {
  const Fields fields(item, "nodes", kMemberKeys, complaints);
  if (!fields.is_map()) return;
  fields.need("name", "n1");
  fields.need("http", "127.0.0.1:8098");
  if (!alone) fields.need("peer", "127.0.0.1:7098");
  read_member_fields(fields, member.member, complaints);
  read_address(fields, "http", alone, member.http, complaints);
  read_address(fields, "peer", false, member.peer, complaints);
}

bool check_twins(const Yaml& item, const ClusterMember& one, const ClusterMember& other, Complaints& complaints) {
  const auto complain = [&](const std::string& what) {
    complaints.add(item.place, what + " occurs twice", "each once");
    return false;
  };
  if (one.member.name == other.member.name) return complain("node " + dkv::quoted(one.member.name));
  for (const Address& mine : {one.http, one.peer}) {
    if (mine.port != 0 && (mine == other.http || mine == other.peer)) return complain("address " + to_string(mine));
  }
  return true;
}

// With ids, the order of the list means nothing. Ids are dense, as nobody can leave a cluster yet.
void read_ids(std::span<const Yaml> items, std::vector<ClusterMember>& members, Complaints& complaints) {
  std::size_t given = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Fields fields(items[i], "nodes", kMemberKeys, complaints);  // equal complaints are shown once
    NodeId& id = members[i].member.id;
    if (!fields.is_map() || fields.find("id") == nullptr) continue;
    ++given;
    if (!fields.whole("id", {0, items.size() - 1}, id)) continue;
    const auto before = std::span(members).first(i);
    if (std::ranges::any_of(before, [id](const ClusterMember& other) { return other.member.id == id; })) {
      complaints.add(fields.place_of("id"), "id " + std::to_string(id) + " occurs twice",
                     "each node has its own, from 0 to " + std::to_string(items.size() - 1));
    }
  }
  if (given != 0 && given != items.size()) {
    complaints.add(items[0].place, "some nodes have an 'id' and some have none", "write it for each node, or for none");
  }
  std::ranges::stable_sort(members, {}, [](const ClusterMember& one) { return one.member.id; });
}

void read_members(const Fields& cluster, std::vector<ClusterMember>& members, Complaints& complaints) {
  constexpr Text kExample = "[{name: n1, http: 127.0.0.1:8098, peer: 127.0.0.1:7098}]";
  const Yaml* value = cluster.need("nodes", kExample);
  if (value == nullptr) return;
  const auto items = read_list(*value, "nodes", kExample, kMembersMax, complaints);
  if (items.empty() && value->kind == Yaml::Kind::kList && value->items.empty()) {
    complaints.add(value->place, "'nodes' is an empty list", "at least one node is needed: " + std::string(kExample));
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    ClusterMember member;
    member.member.id = static_cast<NodeId>(i);
    const std::size_t before = complaints.size();
    read_member(items[i], items.size() == 1, member, complaints);
    if (complaints.size() == before && member.http == member.peer) {
      complaints.add(items[i].place, "'http' and 'peer' are the same address", "clients and peers need different ones");
    }
    for (std::size_t j = 0; complaints.size() == before && j < i; ++j) {
      check_twins(items[i], member, members[j], complaints);
    }
    members.push_back(std::move(member));
  }
  read_ids(items, members, complaints);
}

void read_secret_files(const Fields& cluster, ServerConfig& config, Complaints& complaints) {
  constexpr Text kList = "secret_files_accepted";
  std::string file;
  cluster.text("secret_file", kPathBytesMax, file);
  config.secret_file = file;
  const Yaml* value = cluster.find(kList);
  if (value == nullptr) return;
  for (const Yaml& item : read_list(*value, kList, "[old-secret]", kAcceptedSecretsMax, complaints)) {
    if (is_word(item, kList, "old-secret", complaints)) config.secret_files_accepted.emplace_back(item.text);
  }
}

void read_cluster(const Yaml& value, ServerConfig& config, Complaints& complaints) {
  const Fields fields(value, "cluster", kClusterKeys, complaints);
  if (!fields.is_map()) return;
  fields.text("name", kClusterNameBytesMax, config.cluster);
  read_members(fields, config.members, complaints);
  read_secret_files(fields, config, complaints);
  read_quorum_settings(fields, std::max<std::size_t>(config.members.size(), 1), config.quorum, complaints);
  read_node_settings(fields, config.node, complaints);
}

Result<std::string> read_allowed_origin(Text text) {
  return text == http::kAnyOrigin ? std::string(text) : http::read_origin(text);
}

// Reads a list. `read` brings each item into its one form.
void read_texts(const Fields& fields, Text key, Text example, Result<std::string> (*read)(Text),
                std::vector<std::string>& out, Complaints& complaints) {
  const Yaml* value = fields.find(key);
  if (value == nullptr) return;
  for (const Yaml& item : read_list(*value, key, example, kTextsMax, complaints)) {
    if (!is_word(item, key, example, complaints)) continue;
    auto text = read(item.text);
    if (text) {
      out.push_back(std::move(*text));
    } else {
      complaints.add(item.place, "'" + std::string(key) + "': " + text.error().what, "");
    }
  }
}

void read_http(const Yaml& value, HttpLimits& http, Complaints& complaints) {
  const Fields fields(value, "http", kHttpKeys, complaints);
  std::uint64_t header_bytes = http.header_bytes_max;
  fields.whole("connections", {1, 1'000'000}, http.connections_max);
  fields.size("header", {1024, 1u << 20}, header_bytes);
  fields.size("body", {1, kValueBytesMax}, http.body_bytes_max);
  fields.duration("idle", {100 * kMillisecond, kDay}, http.idle_ns);
  fields.duration("request", {100 * kMillisecond, kDay}, http.request_ns);
  fields.duration("send", {100 * kMillisecond, kDay}, http.send_ns);
  // Enough memory for one body as it is read, the value made of it, and answers.
  fields.size("memory", {4 * http.body_bytes_max, std::uint64_t{1} << 44}, http.memory_bytes);
  fields.whole("pipelined", {1, 65'536}, http.pipelined_max);
  read_texts(fields, "allow_origins", "[https://shop.example]", read_allowed_origin, http.allow_origins, complaints);
  if (http.allow_origins.size() > 1 &&
      std::ranges::find(http.allow_origins, http::kAnyOrigin) != http.allow_origins.end()) {
    complaints.add(fields.place_of("allow_origins"), "'allow_origins' names '*' and other origins",
                   "'*' means any page: write it alone, or remove it");
  }
  read_texts(fields, "hosts", "[store.example]", http::read_host_name, http.hosts, complaints);
  http.header_bytes_max = static_cast<std::uint32_t>(header_bytes);
}

void read_log(const Yaml& value, ServerConfig& config, Complaints& complaints) {
  const Fields fields(value, "log", kLogKeys, complaints);
  fields.word("level", std::span<const Word<LogLevel>>(kLevels), config.log_level);
  fields.word("format", std::span<const Word<LogFormat>>(kFormats), config.log_format);
  fields.word("requests", std::span<const Word<RequestLog>>(kRequests), config.requests);
}

// Finds out which member this node is.
void find_self(const Yaml* named, const std::string& override_name, ServerConfig& config, Complaints& complaints) {
  std::string name = override_name;
  Place place{Place::Source::kFile, 1, 1};
  if (name.empty() && named != nullptr) {
    if (!is_word(*named, "node", "n1", complaints)) return;
    name = named->text;
    place = named->place;
  }
  std::vector<std::string> names;
  for (const ClusterMember& member : config.members) names.push_back(member.member.name);
  if (name.empty()) {
    if (names.size() > 1)
      complaints.add(place, "the name of this node is missing", "write node: " + names[0] + ", or --node " + names[0]);
    return;
  }
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) {
    return complaints.add(place, dkv::quoted(name) + " is not a node of the cluster", suggest(name, names));
  }
  config.self = static_cast<NodeId>(found - names.begin());
}

// Checks that concern several fields.
void check_whole(ServerConfig& config, Complaints& complaints) {
  const Place place{Place::Source::kFile, 1, 1};
  std::vector<Member> members;
  for (const ClusterMember& member : config.members) members.push_back(member.member);
  auto placement = Placement::make(members, config.quorum.partitions, config.quorum.replicas);
  if (!placement) return complaints.add(place, placement.error().what, "");
  NodeConfig node = config.node;
  node.id = config.self;
  node.placement = std::move(*placement);
  if (const auto fine = node.check(); !fine) complaints.add(place, fine.error().what, "");
}

Configured<ServerConfig> read_config(const Yaml& tree, const ServerOverrides& overrides, Complaints& complaints) {
  ServerConfig config;
  config.quorum.partitions = kPartitionsDefaultReal;
  const Fields fields(tree, "server", kServerKeys, complaints);
  std::string data = overrides.data;
  if (fields.is_map()) {
    if (const Yaml* cluster = fields.need("cluster", "{nodes: [...]}")) read_cluster(*cluster, config, complaints);
    if (const Yaml* http = fields.find("http")) read_http(*http, config.http, complaints);
    if (const Yaml* log = fields.find("log")) read_log(*log, config, complaints);
    if (data.empty()) fields.text("data", kPathBytesMax, data);
    if (!config.members.empty()) find_self(fields.find("node"), overrides.node, config, complaints);
  }
  if (complaints.empty()) check_whole(config, complaints);
  if (!complaints.empty()) return tl::unexpected(complaints.take());
  if (!overrides.secret_file.empty()) config.secret_file = overrides.secret_file;
  config.node.id = config.self;
  config.data = data.empty() ? state_folder() / "distri-kv" / (config.cluster + "-" + config.me().member.name)
                             : std::filesystem::path(data);
  return config;
}

}  // namespace

http::GatewaySettings gateway_settings(const ServerConfig& config, const ClusterSecrets& secrets) {
  http::GatewaySettings settings{.quorum = config.quorum,
                                 .policy = config.node.policy,
                                 .buckets = config.node.buckets,
                                 .node_names = {},
                                 .contexts = {config.cluster, secrets}};
  for (const ClusterMember& member : config.members) settings.node_names.push_back(member.member.name);
  return settings;
}

std::filesystem::path state_folder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') return state;
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::filesystem::path(home) / ".local" / "state";
  }
  return ".";
}

Configured<ServerConfig> load_server_config_text(std::string_view text, const std::string& file_name,
                                                 const ServerOverrides& overrides) {
  Complaints complaints(file_name);
  std::optional<Yaml> tree = parse_yaml(text, "configuration", kYamlBytesMax, complaints);
  if (!tree) return tl::unexpected(complaints.take());
  for (std::size_t i = 0; i < overrides.sets.size(); ++i) {
    apply_override(overrides.sets[i], static_cast<int>(i) + 1, *tree, complaints);
  }
  return read_config(*tree, overrides, complaints);
}

Configured<ServerConfig> load_server_config_file(const std::string& path, const ServerOverrides& overrides) {
  Complaints complaints(path);
  const std::optional<std::string> text = read_text_file(path, kYamlBytesMax, complaints);
  if (!text) return tl::unexpected(complaints.take());
  return load_server_config_text(*text, path, overrides);
}

Configured<ServerConfig> default_server_config(const ServerOverrides& overrides) {
  return load_server_config_text("cluster: {nodes: [{name: n1, http: 127.0.0.1:8098}]}\n", "(no file)", overrides);
}

}  // namespace dkv
