#include "engine/runtime/http/cluster_api.h"

#include <nlohmann/json.hpp>

#include "engine/core/actor_name.h"
#include "engine/gateway/plain.h"
#include "engine/input/units.h"
#include "engine/node/metrics.h"
#include "engine/node/node.h"
#include "engine/runtime/config.h"
#include "engine/runtime/net/peer_links.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {
namespace {

using Json = nlohmann::ordered_json;

Response json_response(const Json& json, int status = 200) {
  return {.status = status,
          .content_type = "application/json",
          .headers = {},
          .body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

struct PhaseInfo {
  Node::Phase value;
  const char* name;
};
constexpr PhaseInfo kPhases[] = {{Node::Phase::kNew, "starting"},
                                 {Node::Phase::kStarting, "starting"},
                                 {Node::Phase::kServing, "serving"},
                                 {Node::Phase::kFailed, "failed"}};
static_assert(covers_each(kPhases));

const char* phase_name(Node::Phase phase) noexcept {
  return row_of(kPhases, phase).name;
}

// Adds each metric under its name without the prefix: times in seconds, flags as true or false.
template <class Of>
void add_metrics(std::span<const Metric<Of>> metrics, const Of& of, std::string_view prefix, Json& json) {
  for (const Metric<Of>& metric : metrics) {
    std::string name = metric.name;
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
    const std::uint64_t number = metric.read(of);
    if (metric.unit == MetricUnit::kNanoseconds) {
      json[name + "_seconds"] = static_cast<double>(number) / 1e9;
    } else if (metric.type == MetricType::kFlag) {
      json[name] = number != 0;
    } else {
      json[name] = number;
    }
  }
}

bool serves(const ServerView& server_view) {
  return server_view.node.phase() == Node::Phase::kServing;
}

std::uint64_t uptime_seconds(const ServerView& server_view) {
  return static_cast<std::uint64_t>((NodeHost::wall_ns() - server_view.metrics.started_wall_ns) / kSecond);
}

Json member_json(const ServerView& server_view, const ClusterMember& member) {
  Json json = {{"name", member.member.name}, {"http", to_string(member.http)}};
  if (member.peer.port != 0) json["peer"] = to_string(member.peer);
  if (!member.member.datacenter.empty()) json["datacenter"] = member.member.datacenter;
  if (!member.member.rack.empty()) json["rack"] = member.member.rack;
  json["weight"] = member.member.weight;
  json["self"] = member.member.id == server_view.config.self;
  json["reachable"] = server_view.node.peers().reachable(member.member.id);
  return json;
}

// The settings in which peers differ from this node, so that the two do not talk.
Json differing_json(const ServerView& server_view) {
  Json differ = Json::array();
  if (server_view.links == nullptr) return differ;
  for (const auto& peer : server_view.links->stats()) {
    for (const Difference& one : peer.differ) {
      differ.push_back({{"peer", peer.name}, {"setting", one.name}, {"here", one.here}, {"there", one.there}});
    }
  }
  return differ;
}

Response health(const ServerView& server_view) {
  Json members = Json::array();
  bool all = serves(server_view);
  for (const ClusterMember& member : server_view.config.members) {
    members.push_back(member_json(server_view, member));
    all = all && server_view.node.peers().reachable(member.member.id);
  }
  const bool apart = server_view.node.clock_apart();
  Json differ = differing_json(server_view);
  const bool incomplete = !server_view.node.knows_all();
  const bool well = all && !apart && !incomplete && differ.empty();
  const char* status = !serves(server_view) ? phase_name(server_view.node.phase()) : well ? "healthy" : "degraded";
  return json_response({{"status", status},
                        {"cluster", server_view.config.cluster},
                        {"node", server_view.config.me().member.name},
                        {"uptime_seconds", uptime_seconds(server_view)},
                        {"clock_off_seconds", static_cast<double>(server_view.node.clock_off_ns()) / kSecond},
                        {"clock_apart", apart},
                        {"incomplete", incomplete},
                        {"settings_differ", std::move(differ)},
                        {"members", std::move(members)}});
}

Response cluster_stats(const ServerView& server_view) {
  const QuorumSettings& quorum = server_view.config.quorum;
  const Placement& placement = *server_view.node.config().placement;
  Json shares = Json::array();
  for (const ClusterMember& member : server_view.config.members) {
    shares.push_back({{"name", member.member.name},
                      {"partitions", placement.partitions_of(member.member.id).size()},
                      {"reachable", server_view.node.peers().reachable(member.member.id)}});
  }
  return json_response({{"cluster", server_view.config.cluster},
                        {"node", server_view.config.me().member.name},
                        {"nodes", server_view.config.members.size()},
                        {"reachable", server_view.node.peers().reachable_count()},
                        {"partitions", placement.partitions()},
                        {"n", placement.replicas()},
                        {"r", quorum.read_need},
                        {"w", quorum.write_need},
                        {"quorum", quorum.mode == QuorumMode::kSloppy ? "sloppy" : "strict"},
                        {"keys", server_view.node.store().key_count()},
                        {"hints", server_view.node.hints().size()},
                        {"members", std::move(shares)}});
}

Json requests_json(const Metrics& metrics) {
  Json json;
  for (std::size_t kind = 0; kind < metrics.requests.size(); ++kind) {
    const Metrics::Requests& of = metrics.requests[kind];
    Json each;
    for (std::size_t outcome = 0; outcome < of.outcomes.size(); ++outcome) {
      each[outcome_name(static_cast<Outcome>(outcome))] = of.outcomes[outcome];
    }
    each["mean_us"] =
        of.latency.count() == 0 ? 0 : of.latency.sum_ns() / 1000 / static_cast<TimeNs>(of.latency.count());
    json[request_name(static_cast<RequestKind>(kind))] = std::move(each);
  }
  return json;
}

Json store_json(const ServerView& server_view) {
  const Storage& store = server_view.node.store();
  const StoreStats stats = store.stats();
  Json json = {{"backend", storage_backend_name(store.options().backend)}, {"keys", stats.keys}};
  add_metrics<StoreStats>(kStoreMetrics, stats, "store_", json);
  if (server_view.disk != nullptr) {
    const LatencyHistogram syncs = server_view.disk->sync_latency();
    Json steps = Json::array();
    for (std::size_t step = 0; step < syncs.counts().size(); ++step) {
      if (syncs.counts()[step] == 0) continue;
      const bool last = step == LatencyHistogram::kEndsNs.size();
      steps.push_back({{"up_to_us", last ? Json(nullptr) : Json(LatencyHistogram::kEndsNs[step] / 1000)},
                       {"count", syncs.counts()[step]}});
    }
    json["syncs"] = {{"count", syncs.count()}, {"sum_us", syncs.sum_ns() / 1000}, {"steps", std::move(steps)}};
  }
  return json;
}

Response admin_stats(const ServerView& server_view) {
  Json events;
  for (const ObservedInfo& info : all_observed()) events[info.name] = server_view.metrics.observed[info.value];
  Json peers = Json::array();
  if (server_view.links != nullptr) {
    for (const auto& peer : server_view.links->stats()) {
      peers.push_back({{"name", peer.name}});
      add_metrics<PeerLinks::PeerStats>(kPeerMetrics, peer, "peer_", peers.back());
    }
  }
  const Actor& actor = server_view.node.actor();
  Json json = {{"node", server_view.config.me().member.name},
               {"phase", phase_name(server_view.node.phase())},
               {"incarnation", server_view.node.incarnation()},
               {"actor", hex16(actor.id.high) + hex16(actor.id.low)},
               {"epoch", actor.epoch},
               {"uptime_seconds", uptime_seconds(server_view)}};
  add_metrics<Node>(node_metrics(), server_view.node, {}, json);
  add_metrics<Metrics>(kProcessMetrics, server_view.metrics, {}, json);
  json["requests"] = requests_json(server_view.metrics);
  json["events"] = std::move(events);
  json["peers"] = std::move(peers);
  json["store"] = store_json(server_view);
  return json_response(json);
}

Response turns(const ServerView& server_view) {
  const TurnLog& log = server_view.metrics.turns;
  const auto seconds = [](TimeNs ns) { return static_cast<double>(ns) / 1e9; };
  Json longest = Json::array();
  for (const TurnLog::Turn& turn : log.longest()) {
    longest.push_back({{"seconds", seconds(turn.took_ns)},
                       {"event", turn.event},
                       {"at_seconds", seconds(turn.at_wall_ns)},
                       {"at", http_date(static_cast<std::uint64_t>(turn.at_wall_ns / kSecond))}});
    if (*turn.detail != '\0') longest.back()["detail"] = turn.detail;
  }
  return json_response({{"node", server_view.config.me().member.name},
                        {"turns", log.count()},
                        {"longest_in_minute_seconds", seconds(log.longest_in_minute_ns())},
                        {"longest", std::move(longest)}});
}

Response ring(const ServerView& server_view) {
  const Placement& placement = *server_view.node.config().placement;
  Json partitions = Json::array();
  for (PartitionId partition = 0; partition < placement.partitions(); ++partition) {
    Json owners = Json::array();
    for (const NodeId node : placement.primaries(partition))
      owners.push_back(server_view.config.members[node].member.name);
    partitions.push_back(std::move(owners));
  }
  Json members = Json::array();
  for (const ClusterMember& member : server_view.config.members) {
    Json json = member_json(server_view, member);
    json["partitions"] = placement.partitions_of(member.member.id).size();
    members.push_back(std::move(json));
  }
  return json_response(
      {{"n", placement.replicas()}, {"members", std::move(members)}, {"partitions", std::move(partitions)}});
}

Result<Key> key_of(const Request& request) {
  const std::string* bucket = request.parameter("bucket");
  return Key::make(bucket == nullptr ? kDefaultBucket : std::string_view(*bucket), request.segments.back());
}

// The node is named for people; the actor's id is the identity.
Json dot_json(const Dot& dot, const ServerConfig& config) {
  Json json = {{"actor", hex16(dot.actor.id.high) + hex16(dot.actor.id.low)},
               {"epoch", dot.actor.epoch},
               {"counter", dot.counter}};
  const std::optional<NodeId> node = node_of(dot.actor.id);
  if (node && *node < config.members.size()) json["node"] = config.members[*node].member.name;
  return json;
}

Json clock_json(const VersionVector& clock, const ServerConfig& config) {
  Json json = Json::array();
  const auto add = [&](const Dot& dot, bool alone) {
    json.push_back(dot_json(dot, config));
    if (alone) json.back()["alone"] = true;
  };
  for (const Dot& dot : clock.entries()) add(dot, false);
  for (const Dot& dot : clock.isolated()) add(dot, true);
  return json;
}

Json object_json(const Object& object, const ServerConfig& config) {
  Json siblings = Json::array();
  for (const Sibling& sibling : object.siblings()) {
    Json json = dot_json(sibling.dot, config);
    json["vtag"] = vtag_of(sibling.dot);
    json["written"] = http_date(sibling.hlc.wall_ms() / 1000);
    json["bytes"] = sibling.value.size() + sibling.cold_bytes;
    if (sibling.tombstone) json["deleted"] = true;
    if (sibling.expires_wall_ns != 0) {
      json["expires"] = http_date(static_cast<std::uint64_t>(sibling.expires_wall_ns / kSecond));
    }
    siblings.push_back(std::move(json));
  }
  return {{"digest", hex16(object.digest())},
          {"siblings", std::move(siblings)},
          {"seen", clock_json(object.seen(), config)}};
}

Response preflist(const Request& request, const ServerView& server_view) {
  const auto key = key_of(request);
  if (!key) return json_error(400, key.error().what, NodeHost::wall_ns());
  const Placement& placement = *server_view.node.config().placement;
  const PartitionId partition = placement.partition(key->hash());
  Json list = Json::array();
  for (const NodeId node : placement.preference_list(partition)) {
    Json json = member_json(server_view, server_view.config.members[node]);
    json["primary"] = placement.is_primary(partition, node);
    list.push_back(std::move(json));
  }
  return json_response({{"bucket", key->bucket()},
                        {"key", key->key()},
                        {"hash", hex16(key->hash())},
                        {"partition", partition},
                        {"preference_list", std::move(list)}});
}

Response local_key(const Request& request, const ServerView& server_view) {
  const auto key = key_of(request);
  if (!key) return json_error(400, key.error().what, NodeHost::wall_ns());
  Json json = {{"node", server_view.config.me().member.name}, {"object", nullptr}};
  if (const ObjectPtr object = server_view.node.store().find(*key))
    json["object"] = object_json(*object, server_view.config);
  Json hints = Json::array();
  for (const ClusterMember& member : server_view.config.members) {
    if (const auto* hint = server_view.node.hints().find(member.member.id, *key)) {
      hints.push_back({{"for", member.member.name}, {"object", object_json(*hint->object, server_view.config)}});
    }
  }
  json["hints"] = std::move(hints);
  return json_response(json);
}

bool is(const Request& request, std::initializer_list<std::string_view> path) {
  return std::equal(request.segments.begin(), request.segments.end(), path.begin(), path.end());
}

bool begins(const Request& request, std::initializer_list<std::string_view> path) {
  return request.segments.size() == path.size() + 1 && std::equal(path.begin(), path.end(), request.segments.begin());
}

std::optional<Response> find_answer(const Request& request, const ServerView& server_view) {
  if (is(request, {"live"})) return Response{.content_type = "text/plain", .headers = {}, .body = "alive\n"};
  if (is(request, {"ready"})) {
    const bool ready = serves(server_view);
    return Response{.status = ready ? 200 : 503,
                    .content_type = "text/plain",
                    .headers = {},
                    .body = std::string(phase_name(server_view.node.phase())) + "\n"};
  }
  if (is(request, {"metrics"})) {
    return Response{.content_type = "text/plain; version=0.0.4", .headers = {}, .body = prometheus_text(server_view)};
  }
  if (is(request, {"stats"}) || is(request, {"api", "v1", "admin", "stats"})) return admin_stats(server_view);
  if (is(request, {"api", "v1", "admin", "turns"})) return turns(server_view);
  if (is(request, {"api", "v1", "cluster", "health"})) return health(server_view);
  if (is(request, {"api", "v1", "cluster", "stats"})) return cluster_stats(server_view);
  if (is(request, {"api", "v1", "cluster", "ring"})) return ring(server_view);
  if (begins(request, {"api", "v1", "cluster", "preflist"})) {
    return preflist(request, server_view);
  }
  if (begins(request, {"api", "v1", "admin", "keys"})) return local_key(request, server_view);
  return std::nullopt;
}

}  // namespace

bool handle_cluster_request(const Request& request, const ServerView& server_view, const Respond& respond) {
  auto response = find_answer(request, server_view);
  if (!response) return false;
  if (request.method == Method::kGet || request.method == Method::kHead) {
    respond(std::move(*response));
  } else {
    Response refusal = json_error(405, "this can only be looked at", NodeHost::wall_ns());
    refusal.header("Allow", "GET, HEAD");
    respond(std::move(refusal));
  }
  return true;
}

}  // namespace dkv::http
