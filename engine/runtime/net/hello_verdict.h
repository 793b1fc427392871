#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/runtime/net/hello.h"

namespace dkv {

// The present connection from a peer, as the node that took it knows it.
struct InboundLife {
  Incarnation incarnation = 0;  // of the hello that opened it
  TimeNs last_heard_ns = 0;     // its welcome or its last whole frame; monotonic
};

// All that a node knows when it judges a hello.
struct HelloKnown {
  std::uint8_t version = 0;
  std::string_view cluster;
  NodeId self = kNoNode;
  std::uint64_t membership = 0;        // see Hello
  bool from_peer = false;              // the hello's sender is another member
  std::optional<InboundLife> present;  // the sender's connection, if there is one
  TimeNs unreachable_after_ns = 0;     // a connection that was silent for longer is dead
};

enum class HelloFault : std::uint8_t { kNone, kVersion, kCluster, kNumbers, kMembership, kLinkAlive };

struct HelloVerdict {
  HelloFault fault = HelloFault::kNone;
  bool welcome() const noexcept { return fault == HelloFault::kNone; }
  // Why it is refused, or why a present connection gives way; empty: nothing to say. For this node's log only.
  std::string reason;
};

// A living connection gives way to a later life of its peer only: a node that has crashed leaves a half-open connection
// behind, and its next life must not wait. A function of its arguments alone.
HelloVerdict judge_hello(const HelloKnown& known, const Hello& hello, TimeNs now_ns);

// The answers. A refusal is the same bytes for every reason and names nothing of the cluster: only the caller's version
// and numbers come back.
Hello welcome_to(const Hello& hello, const HelloKnown& known, Incarnation incarnation);
Hello refusal_of(const Hello& hello);
inline constexpr std::string_view kRefusalText = "refused; the reason stands in the log of the node that was called";

}  // namespace dkv
