#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/net/hello.h"
#include "engine/settings/agreement.h"

namespace dkv {

// The life of a peer that a node has welcomed last. It is remembered when its connection has ended, too.
struct InboundLife {
  Incarnation incarnation = 0;  // of the hello that opened the connection
  std::uint64_t start = 0;
  ActorId folder;
  TimeNs last_heard_ns = 0;  // its welcome or its last whole frame; monotonic
  bool connected = false;
};

// The facts by which a node judges a hello.
struct HelloKnown {
  std::string_view cluster;
  NodeId self = kNoNode;
  const Agreement* agreement = nullptr;  // this node's own
  std::uint64_t membership = 0;          // its digest
  bool from_peer = false;                // the hello's sender is another member
  std::optional<InboundLife> present;    // the sender's life, if one was welcomed
  TimeNs unreachable_after_ns = 0;       // a life that was silent for longer may be gone
};

enum class HelloFault : std::uint8_t {
  kNone,
  kVersion,
  kCluster,
  kNumbers,
  kSettings,   // the two nodes differ in what must agree
  kLinkAlive,  // the same process, whose connection is alive
  kTwin,       // another process with the sender's name is heard
  kLate,       // a later life of the sender was heard
};

struct HelloVerdict {
  HelloFault fault = HelloFault::kNone;
  // Why the hello is refused, or why a present connection is replaced; empty: neither. Only this node's log shows it.
  std::string reason;
  std::vector<Difference> differ;  // kSettings
  bool welcome() const noexcept { return fault == HelloFault::kNone; }
};

// As long as the present life of a peer was heard within unreachable_after, only the next life of the same folder is
// welcome: a process that died may start again at once, and a second process with its name may not. After that silence
// any later life is welcome, of another folder too; a life that is not later is told so. The result depends on the
// arguments alone. docs/design/identity.md explains the rules.
HelloVerdict judge_hello(const HelloKnown& known, const Hello& hello, TimeNs now_ns);

// The answers to a hello. A stranger gets the same refusal for every reason, so that he learns nothing of the cluster:
// the refusal repeats the caller's own version and numbers. Only a caller that has named the cluster and all its
// settings is told of the other life.
Hello welcome_to(const Hello& hello, const HelloKnown& known, Incarnation incarnation);
Hello refusal_of(const Hello& hello, const HelloKnown& known, HelloFault fault);
inline constexpr std::string_view kRefusalText = "refused; the reason is in the log of the node that was called";

}  // namespace dkv
