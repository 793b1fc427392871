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

// The facts by which a node judges a hello.
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
  // Why the hello is refused, or why a present connection is replaced; empty: neither. Only this node's log shows it.
  std::string reason;
};

// A live connection is replaced only for a later life of its peer: a crashed node leaves a half-open connection behind,
// and its next life must not wait. The result depends on the arguments alone.
HelloVerdict judge_hello(const HelloKnown& known, const Hello& hello, TimeNs now_ns);

// The answers to a hello. A refusal has the same bytes for every reason and reveals nothing of the cluster: it only
// repeats the caller's version and numbers.
Hello welcome_to(const Hello& hello, const HelloKnown& known, Incarnation incarnation);
Hello refusal_of(const Hello& hello);
inline constexpr std::string_view kRefusalText = "refused; the reason is in the log of the node that was called";

}  // namespace dkv
