// The API over a node of its own, in memory, without sockets: a request goes in, its response comes out.
#pragma once

#include <optional>
#include <string>

#include "engine/runtime/http/body_source.h"
#include "engine/runtime/http/cluster_api.h"
#include "engine/runtime/http/kv_api.h"
#include "engine/runtime/http/riak_api.h"
#include "engine/runtime/metrics.h"
#include "engine/runtime/node_host.h"
#include "tests/catch.h"

namespace dkv::http {

class ApiRig {
 public:
  explicit ApiRig(const std::string& more = {}) : config_(configured(more)) {
    NodeHost::Options options;
    options.config = config_.node;
    std::vector<Member> members;
    for (const ClusterMember& member : config_.members) members.push_back(member.member);
    options.config.placement = *Placement::make(members, config_.quorum.partitions, config_.quorum.replicas);
    options.incarnation = 1;
    options.seed = 5;
    options.metrics = &metrics_;
    host_ = std::make_unique<NodeHost>(loop_, std::move(options));
    const Ask ask = [this](ClientRequest&& request, std::function<void(ClientReply&&)> answer) {
      if (before_ && before_->first == request.kind) std::exchange(before_, std::nullopt)->second();
      asked_ = request;
      ++asks_;
      host_->ask(std::move(request), std::move(answer));
    };
    riak_.emplace(config_, ask, 7);
    kv_.emplace(config_, ask, [](std::function<bool()> step) {
      while (step()) continue;
    });
    panorama_.emplace(Panorama{config_, host_->node(), metrics_});
    host_->start();
    while (host_->node().phase() != Node::Phase::kServing) REQUIRE(loop_.context().run_one() > 0);
  }

  Response call(Method method, const std::string& target, const std::string& body = {}, Pairs headers = {}) {
    Request request;
    REQUIRE(take_target(target, request));
    request.method = method;
    request.headers = std::move(headers);
    request.body = body;
    std::optional<Response> answered;
    Respond respond = [&](Response&& response) {
      REQUIRE_FALSE(answered);
      answered = std::move(response);
    };
    const bool known = kv_->handle(request, respond) || handle_cluster_request(request, *panorama_, respond) ||
                       riak_->handle(request, respond);
    if (!known) return {.status = 404, .content_type = {}, .headers = {}, .body = "no route"};
    while (!answered) REQUIRE(loop_.context().run_one() > 0);
    if (answered->source) {
      answered->body = whole_body(*answered->source);
      answered->source = nullptr;
    }
    return *answered;
  }
  Response get(const std::string& target, Pairs headers = {}) {
    return call(Method::kGet, target, {}, std::move(headers));
  }
  Response put(const std::string& target, const std::string& body, Pairs headers = {}) {
    return call(Method::kPut, target, body, std::move(headers));
  }

  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }
  static std::string context(const Response& response) { return header(response, "X-Riak-Vclock"); }

  // Runs once, just before the next request of this kind reaches the node.
  void before_next(RequestKind kind, std::function<void()> then) { before_.emplace(kind, std::move(then)); }

  // The last request that reached the node, and how many did.
  const ClientRequest& asked() const { return asked_; }
  int asks() const { return asks_; }
  const ServerConfig& config() const { return config_; }

 private:
  static ServerConfig configured(const std::string& more) {
    auto config = load_server_config_text(
        "cluster: {nodes: [{name: n1, http: 127.0.0.1:0}], storage: {backend: memory}" + more + "}\n", "test", {});
    if (!config) FAIL(to_string(config.error()));
    return *config;
  }

  ServerConfig config_;
  EventLoop loop_;
  Metrics metrics_;
  std::unique_ptr<NodeHost> host_;
  std::optional<RiakApi> riak_;
  std::optional<KvApi> kv_;
  std::optional<Panorama> panorama_;
  std::optional<std::pair<RequestKind, std::function<void()>>> before_;
  ClientRequest asked_;
  int asks_ = 0;
};

}  // namespace dkv::http
