#pragma once

#include <cstdint>

#include "engine/protocol/client.h"
#include "sim/oracle/oracle.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

// The functions of the world that clients use. It is passed into each call and never kept.
class ClientHost {
 public:
  virtual TimeNs now_ns() const = 0;
  // Sends a request from a client at `home` to `via`. The reply comes back to the session with the token.
  virtual void ask(NodeId home, NodeId via, std::uint64_t token, ClientRequest&& request) = 0;
  // Calls begin_due() or give_up_due() of the session at that time.
  virtual void wake_to_begin(std::uint32_t session, TimeNs at_ns) = 0;
  virtual void wake_to_give_up(std::uint32_t session, TimeNs at_ns) = 0;
  virtual void next_arrival(TimeNs at_ns) = 0;
  virtual Oracle& oracle() = 0;
  virtual Observer* observer() = 0;  // null: nobody observes

 protected:
  ~ClientHost() = default;
};

}  // namespace dkv::sim
