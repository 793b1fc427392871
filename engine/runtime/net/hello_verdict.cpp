#include "engine/runtime/net/hello_verdict.h"

#include "engine/input/suggest.h"
#include "engine/input/units.h"

namespace dkv {
namespace {

std::string differing_text(const std::vector<Difference>& differ) {
  if (!differ.empty()) return "its settings are other ones than this node's: " + describe(differ);
  return "its settings are other ones than this node's: compare the configurations";
}

// kNone: the hello comes from this cluster and is meant for this node.
HelloVerdict mismatch(const HelloKnown& known, const Hello& hello) {
  if (hello.version != kHelloVersion) {
    return {HelloFault::kVersion,
            "its protocol is version " + std::to_string(hello.version) + ", this node's is " +
                std::to_string(kHelloVersion),
            {}};
  }
  if (hello.text != known.cluster) {
    return {HelloFault::kCluster,
            "it is of cluster " + dkv::quoted(hello.text) + ", this node of " + dkv::quoted(known.cluster),
            {}};
  }
  if (hello.to != known.self || !known.from_peer) {
    return {HelloFault::kNumbers,
            "it takes this node for number " + std::to_string(hello.to) + " and itself for number " +
                std::to_string(hello.from) + ", this is number " + std::to_string(known.self),
            {}};
  }
  if (hello.membership != known.membership) {
    const auto theirs = decode_agreement(hello.settings);
    HelloVerdict verdict{HelloFault::kSettings, {}, {}};
    if (theirs && known.agreement != nullptr) verdict.differ = differences(*known.agreement, *theirs);
    verdict.reason = differing_text(verdict.differ);
    return verdict;
  }
  return {};
}

std::string folder_text(const ActorId& folder) {
  return hex16(folder.high).substr(0, 8);
}

// Ids of folders are only unique as a whole. A few digits are enough for people.
std::string lives_text(const Hello& hello, const InboundLife& present) {
  return "life " + std::to_string(hello.incarnation) + " of folder " + folder_text(hello.folder) +
         ", the one heard before is life " + std::to_string(present.incarnation) + " of folder " +
         folder_text(present.folder);
}

HelloVerdict judge_life(const InboundLife& present, const Hello& hello, TimeNs silent_ns, TimeNs unreachable_after_ns) {
  const std::string lives = lives_text(hello, present);
  const bool heard = silent_ns <= unreachable_after_ns;
  if (hello.incarnation == present.incarnation && hello.start == present.start) {
    if (heard && present.connected) {
      return {HelloFault::kLinkAlive, "its present connection is alive, and this is no later life: " + lives, {}};
    }
    return {HelloFault::kNone, "its earlier connection is silent: " + lives, {}};
  }
  const bool later = hello.incarnation > present.incarnation;
  if (heard) {
    const bool next = later && hello.folder == present.folder && hello.previous >= present.incarnation;
    if (next) return {HelloFault::kNone, "the next life says hello: " + lives, {}};
    return {HelloFault::kTwin, "another process with its name is heard: " + lives, {}};
  }
  if (!later) return {HelloFault::kLate, "it is not later than a life that was heard: " + lives, {}};
  return {HelloFault::kNone, "a later life says hello: " + lives, {}};
}

}  // namespace

HelloVerdict judge_hello(const HelloKnown& known, const Hello& hello, TimeNs now_ns) {
  if (HelloVerdict verdict = mismatch(known, hello); !verdict.welcome()) return verdict;
  if (!known.present) return {};
  return judge_life(*known.present, hello, now_ns - known.present->last_heard_ns, known.unreachable_after_ns);
}

Hello welcome_to(const Hello& hello, const HelloKnown& known, Incarnation incarnation) {
  return {.kind = Hello::Kind::kWelcome,
          .from = known.self,
          .to = hello.from,
          .incarnation = incarnation,
          .membership = known.membership,
          .folder = {},
          .text = std::string(known.cluster),
          .settings = {}};
}

Hello refusal_of(const Hello& hello, const HelloKnown& known, HelloFault fault) {
  Hello refusal{.kind = Hello::Kind::kRefused,
                .version = hello.version,
                .from = hello.to,
                .to = hello.from,
                .folder = {},
                .text = std::string(kRefusalText),
                .settings = {}};
  if ((fault != HelloFault::kTwin && fault != HelloFault::kLate) || !known.present) return refusal;
  refusal.kind = fault == HelloFault::kTwin ? Hello::Kind::kTwin : Hello::Kind::kLate;
  refusal.incarnation = known.present->incarnation;
  return refusal;
}

}  // namespace dkv
