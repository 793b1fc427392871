#pragma once

#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/runtime/config.h"

namespace dkv {

// A whole node of a real cluster: its store on a real disk, its links to its peers, and its HTTP API. One loop runs
// on the thread that calls run(); the disk has its own threads.
class Server {
 public:
  // Locks the data folder and opens both ports. run() reads the store. The error says which step failed.
  static Result<std::unique_ptr<Server>> start(ServerConfig config);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The address of the API. When the configuration says port 0, this has the actual port.
  std::string http_address() const;
  // Returns after stop(), once the work that had begun is done. Fails when the node's disk fails, or when another
  // process runs as this node; the error says how.
  enum class Ended : unsigned char {
    kStopped,
    kTakeLater,  // its peers have heard a later life of this node: start again on the same folder, whose next life is
                 // above that one
  };
  Result<Ended> run();
  // Drains the node: it takes no new connections, answers the requests in progress and syncs everything. A second
  // call stops at once. May be called on a thread that waits for signals, but not in a signal handler itself.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace dkv
