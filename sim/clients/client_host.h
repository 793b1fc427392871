#pragma once

#include <cstdint>

#include "engine/protocol/client.h"
#include "sim/oracle/oracle.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

// What clients ask of their world; passed into each call, never kept.
class ClientHost {
 public:
  virtual TimeNs now_ns() const = 0;
  // Sends a request from beside `home` to `via`; the reply comes back to the session with the token.
  virtual void ask(NodeId home, NodeId via, std::uint64_t token, ClientRequest&& request) = 0;
  // Calls begin_due() or give_up_due() of the session at the time.
  virtual void wake_to_begin(std::uint32_t session, TimeNs at_ns) = 0;
  virtual void wake_to_give_up(std::uint32_t session, TimeNs at_ns) = 0;
  virtual void next_arrival(TimeNs at_ns) = 0;
  virtual Oracle& oracle() = 0;
  virtual Observer* observer() = 0;  // null: nobody looks

 protected:
  ~ClientHost() = default;
};

}  // namespace dkv::sim
