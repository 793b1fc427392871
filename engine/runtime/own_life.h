#pragma once

#include <map>

#include "engine/core/types.h"
#include "engine/runtime/net/hello.h"

namespace dkv {

// What a node does about peers that refuse its life (docs/design/identity.md). A value; the host carries it out.
class OwnLife {
 public:
  enum class Step : std::uint8_t {
    kGoOn,
    kStop,      // another process with this node's name goes on
    kTakeLater  // a later life of this node was heard: it must take one above that
  };

  explicit OwnLife(TimeNs unreachable_after_ns) : unreachable_after_ns_(unreachable_after_ns) {}

  // A peer's answer to this node's hello. A node whose folder is new, or was put back, is refused while its earlier
  // life counts as heard. So it goes on trying until that silence must have been noticed. A node that some peer has
  // welcomed is patient for longer: of two processes with one name the newcomer stops first.
  Step told(NodeId peer, Hello::Kind answer, TimeNs now_ns);

 private:
  TimeNs unreachable_after_ns_;
  bool welcomed_ = false;
  std::map<NodeId, TimeNs> refused_since_ns_;
};

}  // namespace dkv
