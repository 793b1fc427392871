#include "engine/runtime/http/server.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <vector>

#include "engine/core/assert.h"
#include "engine/gateway/plain.h"
#include "engine/gateway/riak.h"
#include "engine/node/node.h"
#include "engine/runtime/http/cluster_api.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint64_t kChargedBytesMin = 64u << 10;
constexpr TimeNs kStepsNs = 300 * kMicrosecond;
constexpr auto kSweepEvery = std::chrono::milliseconds(250);

// Passes requests for objects on, and counts each by its outcome and duration.
Ask counted(Ask ask, Metrics& metrics) {
  return [ask = std::move(ask), &metrics](ClientRequest&& request, std::function<void(ClientReply&&)> answer) {
    const RequestKind kind = request.kind;
    const TimeNs began_ns = NodeHost::monotonic_ns();
    ask(std::move(request), [&metrics, kind, began_ns, answer = std::move(answer)](ClientReply&& reply) {
      metrics.answered(kind, reply.outcome, NodeHost::monotonic_ns() - began_ns);
      answer(std::move(reply));
    });
  };
}

// Charges a read of a large object while it is in progress, by the size of this node's copy. Its memory is known only
// from the answer, and many reads may wait at once. At most half of the budget is charged, so that the context of any
// object can be read.
Ask bounded(Ask ask, Budget& budget, const ServerView& server_view) {
  return [ask = std::move(ask), &budget, &server_view](ClientRequest&& request,
                                                       std::function<void(ClientReply&&)> answer) {
    ObjectPtr object;
    if (request.kind == RequestKind::kGet) object = server_view.node.store().find(request.key);
    const std::uint64_t bytes = object ? std::min<std::uint64_t>(object->value_bytes(), budget.limit() / 2) : 0;
    if (bytes < kChargedBytesMin) return ask(std::move(request), std::move(answer));
    const auto charge = std::make_shared<Charge>(budget);
    if (!charge->resize(bytes)) {
      ClientReply refusal;
      refusal.outcome = Outcome::kRefused;
      refusal.reason = Reason::kOverloaded;
      refusal.acks.need = request.need;
      return answer(std::move(refusal));
    }
    ask(std::move(request), [charge, answer = std::move(answer)](ClientReply&& reply) {
      charge->force(0);  // the connection charges the answer
      answer(std::move(reply));
    });
  };
}

std::size_t bytes_of(const Response& response) {
  return response.source ? static_cast<std::size_t>(response.source->held_bytes()) : response.body.size();
}

}  // namespace

Server::Server(EventLoop& loop, Logger& log, const ServerConfig& config, const ClusterSecrets& secrets,
               tcp::acceptor acceptor, Ask ask, Metrics& metrics, const ServerView& server_view)
    : loop_(loop),
      log_(log),
      limited_log_(loop, log),
      config_(config),
      acceptor_(std::move(acceptor)),
      sweep_timer_(loop.context()),
      accept_again_(loop.context()),
      metrics_(metrics),
      server_view_(server_view),
      host_(config.http.memory_bytes),
      ask_(counted(bounded(std::move(ask), host_.budget, server_view), metrics)),
      gateway_(gateway_settings(config, secrets)) {
  error_code error;
  door_.origins.allowed = config.http.allow_origins;
  door_.hosts = {.loopback = acceptor_.local_endpoint(error).address().is_loopback(),
                 .own = config.me().http.host,
                 .names = config.http.hosts};
  limits_.parser = {config.http.header_bytes_max, config.http.body_bytes_max};
  limits_.idle_ns = config.http.idle_ns;
  limits_.request_ns = config.http.request_ns;
  limits_.send_ns = config.http.send_ns;
  limits_.pipelined_max = config.http.pipelined_max;
  limits_.share_bytes = config.http.memory_bytes / 4;
  host_.judge = [this](const Request& request) { return judge_request(door_, request); };
  host_.handle = [this](Request&& request, DoorVerdict&& door, Respond respond) {
    handle(std::move(request), std::move(door), std::move(respond));
  };
  host_.failed = [this](const ParseFailure& failure) {
    ++metrics_.responses[failure.status];
    if (config_.requests != RequestLog::kNone) note("?", {}, failure.status, 0, NodeHost::monotonic_ns());
  };
  host_.closed = [this](const std::shared_ptr<Connection>& connection) {
    metrics_.connections_open -= connections_.erase(connection);
  };
}

Server::~Server() {
  stop();
}

void Server::start() {
  sweep();
  accept();
}

void Server::drain() {
  if (std::exchange(draining_, true)) return;
  error_code ignored;
  accept_again_.cancel();
  acceptor_.close(ignored);
  for (const auto& connection : std::vector(connections_.begin(), connections_.end())) connection->drain();
}

void Server::stop() {
  drain();
  sweep_timer_.cancel();
  for (const auto& connection : std::vector(connections_.begin(), connections_.end())) connection->close();
}

void Server::accept() {
  acceptor_.async_accept([this, alive = std::weak_ptr<bool>(alive_)](error_code error, tcp::socket socket) {
    if (alive.expired() || draining_) return;
    if (error) {
      // Probably no descriptor is left, so the next attempt waits.
      limited_log_.write(0, LogLevel::kWarning, "can't take a connection: " + error.message());
      accept_again_.expires_after(std::chrono::milliseconds(100));
      accept_again_.async_wait([this](error_code cancelled) {
        if (!cancelled) accept();
      });
      return;
    }
    if (connections_.size() >= config_.http.connections_max) {
      ++metrics_.connections_refused;
      Response refusal = text_response(503, "too many connections");
      refusal.header("Retry-After", "1");
      std::string bytes;
      encode(refusal, {.keep_alive = false}, host_.date, bytes);
      socket.non_blocking(true, error);
      socket.write_some(boost::asio::buffer(bytes), error);
      socket.close(error);
    } else {
      ++metrics_.connections_total;
      ++metrics_.connections_open;
      const auto connection = std::make_shared<Connection>(loop_, std::move(socket), limits_, host_);
      connections_.insert(connection);
      connection->start();
    }
    accept();
  });
}

void Server::sweep() {
  host_.date = http_date(static_cast<std::uint64_t>(NodeHost::wall_ns() / kSecond));
  sweep_timer_.expires_after(kSweepEvery);
  sweep_timer_.async_wait([this](error_code error) {
    if (error) return;
    const TimeNs now_ns = NodeHost::monotonic_ns();
    for (const auto& connection : std::vector(connections_.begin(), connections_.end())) connection->sweep(now_ns);
    sweep();
  });
}

void Server::handle(Request&& request, DoorVerdict&& door, Respond respond) {
  const TimeNs began_ns = NodeHost::monotonic_ns();
  const bool logs = config_.requests != RequestLog::kNone;
  Respond answer = [this, began_ns, logs, respond = std::move(respond), method = method_name(request.method),
                    target = logs ? request.target : std::string(), origin = door.origin](Response&& response) {
    ++metrics_.responses[response.status];
    add_origin_headers(origin, response);
    if (logs) note(method, target, response.status, bytes_of(response), began_ns);
    respond(std::move(response));
  };
  if (door.status != 0) return answer(json_error(door.status, door.what, wall_ns()));
  if (request.method == Method::kOptions) return answer(options_response(request, door.origin));
  route(request, answer);
}

// Takes several steps in one turn while they are short.
void Server::carry_on(const std::shared_ptr<Errand>& errand) {
  const TimeNs began_ns = NodeHost::monotonic_ns();
  do {
    Exchange::Next next = gateway_.go_on(errand->exchange, *this);
    if (!std::holds_alternative<Exchange::GoOn>(next)) return take(errand, std::move(next));
  } while (NodeHost::monotonic_ns() - began_ns < kStepsNs);
  boost::asio::post(loop_.context(), [this, alive = std::weak_ptr<bool>(alive_), errand] {
    if (!alive.expired()) carry_on(errand);
  });
}

void Server::take(const std::shared_ptr<Errand>& errand, Exchange::Next&& next) {
  if (auto* response = std::get_if<Response>(&next)) return errand->respond(std::move(*response));
  DKV_ASSERT(std::holds_alternative<ClientRequest>(next));
  ask_(std::get<ClientRequest>(std::move(next)), [this, errand](ClientReply&& reply) {
    take(errand, gateway_.replied(errand->exchange, std::move(reply), *this));
  });
}

TimeNs Server::wall_ns() {
  return NodeHost::wall_ns();
}

std::uint64_t Server::random() {
  const std::uint64_t high = random_();
  const std::uint64_t low = random_();
  return high << 32 | low;
}

void Server::route(Request& request, Respond& respond) {
  if (auto exchange = gateway_.open(request, *this)) {
    return carry_on(std::make_shared<Errand>(std::move(*exchange), std::move(respond)));
  }
  if (handle_cluster_request(request, server_view_, respond)) return;
  respond(json_error(404, "there is nothing at this path; see docs/openapi.yaml", wall_ns()));
}

void Server::note(const std::string& method, const std::string& target, int status, std::size_t bytes,
                  TimeNs began_ns) {
  // A readiness probe that is answered "not yet" is no error.
  if (config_.requests == RequestLog::kErrors && (status < 500 || target == "/ready")) return;
  const auto took_us = static_cast<std::uint64_t>((NodeHost::monotonic_ns() - began_ns) / 1000);
  const std::initializer_list<LogField> fields = {{"method", method},
                                                  {"target", target},
                                                  {"status", static_cast<std::uint64_t>(status)},
                                                  {"bytes", static_cast<std::uint64_t>(bytes)},
                                                  {"us", took_us}};
  const LogLevel level = status >= 500 ? LogLevel::kWarning : LogLevel::kInfo;
  if (config_.requests == RequestLog::kAll) return log_.write(level, "request", fields);
  limited_log_.write(static_cast<std::uint32_t>(status), level, "request", fields);
}

}  // namespace dkv::http
