#include "engine/runtime/net/hello_verdict.h"

#include "engine/input/suggest.h"

namespace dkv {
namespace {

// kNone: the hello comes from this cluster and is meant for this node.
HelloVerdict mismatch(const HelloKnown& known, const Hello& hello) {
  if (hello.version != known.version) {
    return {HelloFault::kVersion, "its protocol is version " + std::to_string(hello.version) + ", this node's is " +
                                      std::to_string(known.version)};
  }
  if (hello.text != known.cluster) {
    return {HelloFault::kCluster,
            "it is of cluster " + dkv::quoted(hello.text) + ", this node of " + dkv::quoted(known.cluster)};
  }
  if (hello.to != known.self || !known.from_peer) {
    return {HelloFault::kNumbers, "it takes this node for number " + std::to_string(hello.to) +
                                      " and itself for number " + std::to_string(hello.from) + ", this is number " +
                                      std::to_string(known.self)};
  }
  if (hello.membership != known.membership) {
    return {HelloFault::kMembership,
            "its members, partitions or n are other ones than this node's: compare the configurations"};
  }
  return {};
}

}  // namespace

HelloVerdict judge_hello(const HelloKnown& known, const Hello& hello, TimeNs now_ns) {
  if (HelloVerdict verdict = mismatch(known, hello); !verdict.welcome()) return verdict;
  if (!known.present) return {};
  const InboundLife& present = *known.present;
  const std::string lives =
      "life " + std::to_string(hello.incarnation) + ", the connected one is " + std::to_string(present.incarnation);
  if (hello.incarnation > present.incarnation) return {HelloFault::kNone, "a later life says hello: " + lives};
  const TimeNs silent_ns = now_ns - present.last_heard_ns;
  if (silent_ns > known.unreachable_after_ns) {
    return {HelloFault::kNone, "its earlier connection is silent: " + lives};
  }
  return {HelloFault::kLinkAlive, "its present connection is alive, and this is no later life: " + lives};
}

Hello welcome_to(const Hello& hello, const HelloKnown& known, Incarnation incarnation) {
  return {.kind = Hello::Kind::kWelcome,
          .version = known.version,
          .from = known.self,
          .to = hello.from,
          .incarnation = incarnation,
          .membership = known.membership,
          .text = std::string(known.cluster)};
}

Hello refusal_of(const Hello& hello) {
  return {.kind = Hello::Kind::kRefused,
          .version = hello.version,
          .from = hello.to,
          .to = hello.from,
          .incarnation = 0,
          .membership = 0,
          .text = std::string(kRefusalText)};
}

}  // namespace dkv
