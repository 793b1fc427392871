#include "sim/oracle/unrest.h"

#include <vector>

#include "tests/catch.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

constexpr TimeNs kOver = 60 * kSecond;

void send(Unrest& unrest, Message message, TimeNs at_ns, int times = 1) {
  Outbox outbox;
  for (int i = 0; i < times; ++i) outbox.send(2, message);
  unrest.on_turn(1, outbox.effects(), at_ns);
}

}  // namespace

TEST_CASE("work that a run has left may cause messages, and must end in time") {
  Unrest unrest(3, kOver);
  send(unrest, ReplicaPut{}, kSecond, 300);
  CHECK(unrest.found(kSecond, 3) == "");
  CHECK(unrest.found(kOver - 1, 3) == "");
  CHECK(unrest.found(kOver, 0) == "");
  CHECK(unrest.found(kOver, 3) == "it finds no rest: 3 operations do not end");
}

TEST_CASE("more messages than all work that is left can cause are unrest at once") {
  Unrest unrest(3, kOver);
  send(unrest, ReplicaGet{}, kSecond, 301);
  CHECK(unrest.found(kSecond, 0) == "it finds no rest: after 301 messages node 1 still sends ReplicaGet to node 2");
}

TEST_CASE("a message that comes again and again is unrest when the time is over") {
  Unrest unrest(1000, kOver);
  for (TimeNs at_ns = 0; at_ns < kOver; at_ns += 2 * kSecond) {
    send(unrest, ReplicaPut{}, at_ns);
    REQUIRE(unrest.found(at_ns, 0) == "");
  }
  CHECK(unrest.found(kOver, 0) == "it finds no rest: after 30 messages node 1 still sends ReplicaPut to node 2");
}

TEST_CASE("heartbeats, anti-entropy and reaping are no work that must end") {
  Unrest unrest(0, kOver);
  send(unrest, Heartbeat{}, kOver - 1);
  send(unrest, AntiEntropyRoots{}, kOver - 1);
  send(unrest, ReapAsk{}, kOver - 1);
  CHECK(unrest.found(kOver, 0) == "");
}
