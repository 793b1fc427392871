// The API over a node in memory, without sockets: it turns a request into its response.
#pragma once

#include <optional>
#include <string>

#include "engine/gateway/body_source.h"
#include "engine/gateway/gateway.h"
#include "engine/runtime/config.h"
#include "engine/runtime/http/cluster_api.h"
#include "engine/runtime/metrics.h"
#include "engine/runtime/node_host.h"
#include "tests/catch.h"

namespace dkv::http {

class ApiRig final : private GatewayHost {
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
    gateway_.emplace(gateway_settings(config_, {}));
    server_view_.emplace(ServerView{config_, host_->node(), metrics_});
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
    if (auto exchange = gateway_->open(request, *this)) {
      answered = carry_out(*exchange);
    } else if (!handle_cluster_request(request, *server_view_,
                                       [&](Response&& response) { answered = std::move(response); })) {
      return {.status = 404, .content_type = {}, .headers = {}, .body = "no route"};
    }
    REQUIRE(answered);
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

  // Calls `then` once, just before the next request of this kind reaches the node.
  void before_next(RequestKind kind, std::function<void()> then) { before_.emplace(kind, std::move(then)); }

  // The last request that reached the node, and the number of them.
  const ClientRequest& asked() const { return asked_; }
  int asks() const { return asks_; }
  // Steps of the last request before it was answered or reached the node.
  int steps() const { return steps_; }
  const ServerConfig& config() const { return config_; }

 private:
  TimeNs wall_ns() override { return NodeHost::wall_ns(); }
  std::uint64_t random() override { return ++random_; }

  Response carry_out(Exchange& exchange) {
    Exchange::Next next = gateway_->go_on(exchange, *this);
    steps_ = 1;
    while (!std::holds_alternative<Response>(next)) {
      if (std::holds_alternative<Exchange::GoOn>(next)) ++steps_;
      next = std::holds_alternative<Exchange::GoOn>(next)
                 ? gateway_->go_on(exchange, *this)
                 : gateway_->replied(exchange, ask(std::get<ClientRequest>(std::move(next))), *this);
    }
    return std::get<Response>(std::move(next));
  }

  ClientReply ask(ClientRequest&& request) {
    if (before_ && before_->first == request.kind) std::exchange(before_, std::nullopt)->second();
    asked_ = request;
    ++asks_;
    std::optional<ClientReply> replied;
    host_->ask(std::move(request), [&](ClientReply&& reply) { replied = std::move(reply); });
    while (!replied) REQUIRE(loop_.context().run_one() > 0);
    return std::move(*replied);
  }

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
  std::optional<Gateway> gateway_;
  std::optional<ServerView> server_view_;
  std::optional<std::pair<RequestKind, std::function<void()>>> before_;
  ClientRequest asked_;
  int asks_ = 0;
  std::uint64_t random_ = 0;
  int steps_ = 0;
};

}  // namespace dkv::http
