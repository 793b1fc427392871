#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <random>
#include <set>

#include "engine/gateway/gateway.h"
#include "engine/runtime/config.h"
#include "engine/runtime/event_loop.h"
#include "engine/runtime/http/callbacks.h"
#include "engine/runtime/http/connection.h"
#include "engine/runtime/http/door.h"
#include "engine/runtime/limited_log.h"
#include "engine/runtime/logger.h"
#include "engine/runtime/metrics.h"

namespace dkv::http {

// The HTTP server of a node. It takes connections within the limits, checks access, routes requests, and counts and
// logs answers.
class Server final : private GatewayHost {
 public:
  // All references must outlive the server.
  Server(EventLoop& loop, Logger& log, const ServerConfig& config, const ClusterSecrets& secrets,
         boost::asio::ip::tcp::acceptor acceptor, Ask ask, Metrics& metrics, const ServerView& server_view);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  // Takes no new connections or requests. Requests in progress are still answered.
  void drain();
  bool drained() const noexcept { return connections_.empty(); }
  void stop();

 private:
  void accept();
  void sweep();
  void handle(Request&& request, DoorVerdict&& door, Respond respond);
  void route(Request& request, Respond& respond);
  // A request for an object that is in progress in the gateway.
  struct Errand {
    Exchange exchange;
    Respond respond;
  };
  void carry_on(const std::shared_ptr<Errand>& errand);
  void take(const std::shared_ptr<Errand>& errand, Exchange::Next&& next);
  TimeNs wall_ns() override;
  std::uint64_t random() override;
  void note(const std::string& method, const std::string& target, int status, std::size_t bytes, TimeNs began_ns);

  EventLoop& loop_;
  Logger& log_;
  LimitedLog limited_log_;  // for errors that any client can cause; kinds: the status, 0: not accepted
  const ServerConfig& config_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer sweep_timer_, accept_again_;
  Metrics& metrics_;
  const ServerView& server_view_;
  Connection::Host host_;
  ConnectionLimits limits_;
  Ask ask_;
  Gateway gateway_;
  std::random_device random_;
  DoorPolicy door_;
  std::set<std::shared_ptr<Connection>> connections_;
  bool draining_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a handler may run after this is gone
};

}  // namespace dkv::http
