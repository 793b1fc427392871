#pragma once

#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/runtime/config.h"

namespace dkv {

// A whole node of a real cluster: its store on a real disk, its links with its peers, its HTTP API. One loop on the
// thread that calls run(); the disk has threads of its own.
class Server {
 public:
  // Locks the data folder and takes both ports; the store is read by run(). The error says which of them it was.
  static Result<std::unique_ptr<Server>> start(ServerConfig config);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where the API is; port 0 of the configuration is filled in.
  std::string http_address() const;
  // Until stop() and the end of what it began, or until the node's disk fails it: then the error says how.
  Result<void> run();
  // Drains: no new connections, answers to what was asked, everything synced. The second call stops at once. Safe in
  // a signal handler's thread, not in a handler itself.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace dkv
