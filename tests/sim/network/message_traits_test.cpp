#include "sim/network/message_traits.h"

#include <set>
#include <string>

#include "tests/catch.h"

using namespace dkv;
using namespace dkv::sim;

TEST_CASE("a copy travels as the traffic that it was sent for") {
  const auto leg = [](CopyReason reason) { return leg_of(Message(ReplicaPut{.reason = reason})); };
  CHECK(leg(CopyReason::kWrite) == Leg::kWrite);
  CHECK(leg(CopyReason::kHint) == Leg::kHint);
  CHECK(leg(CopyReason::kHintDelivery) == Leg::kHint);
  CHECK(leg(CopyReason::kReadRepair) == Leg::kRepair);
  CHECK(leg(CopyReason::kAntiEntropy) == Leg::kAntiEntropy);
}

TEST_CASE("requests, answers, heartbeats and anti-entropy each have their leg") {
  CHECK(leg_of(Message(ReplicaGet{})) == Leg::kRead);
  CHECK(leg_of(Message(ReplicaPutAck{})) == Leg::kReply);
  CHECK(leg_of(Message(ReplicaGetReply{})) == Leg::kReply);
  CHECK(leg_of(Message(ForwardReply{})) == Leg::kReply);
  CHECK(leg_of(Message(Heartbeat{})) == Leg::kHeartbeat);
  CHECK(leg_of(Message(LaterLife{})) == Leg::kHeartbeat);
  CHECK(leg_of(Message(AntiEntropyRoots{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(AntiEntropyLeaves{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(AntiEntropyKeys{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(AntiEntropyObjects{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(ReapAsk{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(ReapHeld{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(ReapForget{})) == Leg::kAntiEntropy);
}

TEST_CASE("a forwarded request travels as the request that it is") {
  const auto leg = [](RequestKind kind) {
    Forward forward;
    forward.request.kind = kind;
    return leg_of(Message(forward));
  };
  CHECK(leg(RequestKind::kGet) == Leg::kRead);
  CHECK(leg(RequestKind::kPut) == Leg::kWrite);
  CHECK(leg(RequestKind::kDelete) == Leg::kWrite);
}

TEST_CASE("a message is about the key that it names, and about none when it names many") {
  const Key key = *Key::make(kDefaultBucket, "cart");
  const auto about = [](const Message& message) { return key_of(message) ? *key_of(message) : Key(); };
  Forward forward;
  forward.request.key = key;
  CHECK(about(ReplicaPut{.key = key}) == key);
  CHECK(about(ReplicaGet{.key = key}) == key);
  CHECK(about(forward) == key);
  CHECK(key_of(Message(ReplicaPutAck{})) == nullptr);
  CHECK(key_of(Message(AntiEntropyObjects{.objects = {{key, {}}}})) == nullptr);
}

TEST_CASE("each kind of message has its own words") {
  std::set<std::string> words;
  for (std::size_t kind = 0; kind < std::variant_size_v<Message>; ++kind) {
    words.insert(words_of_message(kind).word);
    CHECK(std::string(words_of_message(kind).meaning).ends_with("."));
  }
  CHECK(words.size() == std::variant_size_v<Message>);
  CHECK(std::string(words_of_message(0).word) == "copy");
}
