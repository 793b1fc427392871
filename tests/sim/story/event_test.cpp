#include "sim/story/event.h"

#include <algorithm>

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using Catch::Matchers::StartsWith;
using Catch::Matchers::VectorContains;
using story::EventAccount;

namespace {

// The first event that is told so.
EventAccount told(World world, const std::string& what) {
  while (!world.ended()) {
    EventAccount account = story::tell_next_event(world);
    if (account.what.find(what) != std::string::npos) return account;
  }
  FAIL("nothing is told so: " << what);
  return {};
}

World cart(Schedule schedule = {}) {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.steps = {kit::step(kSecond, "alice", StepKind::kPut, "cart", "milk")};
  return {std::make_shared<const Scenario>(scenario), 1, std::make_shared<const Schedule>(std::move(schedule))};
}

}  // namespace

TEST_CASE("a client's beginning is told with its operation") {
  const EventAccount account = told(cart(), "alice begins");
  CHECK(account.at_ns == kSecond);
  CHECK(account.kind == EventKind::kClientBegins);
  CHECK(account.key == "cart");
  CHECK(account.what == "alice begins a put of \"cart\" via n1");
}

TEST_CASE("a request is told with what its node stores and sends") {
  const EventAccount account = told(cart(), "n1 gets a put of \"cart\" from alice");
  CHECK(account.node == 0);
  CHECK_THAT(account.then, VectorContains(std::string("n1 stores its state of \"cart\"")));
  CHECK_THAT(account.then, VectorContains(std::string("n1 sends a copy of \"cart\" to n2 and n3")));
  CHECK(account.on.empty());
}

TEST_CASE("a copy and its acknowledgement are told with their ends") {
  const EventAccount copy = told(cart(), "gets a copy");
  CHECK(copy.what == "n2 gets a copy of \"cart\" from n1, sent at 1.000s");
  CHECK_THAT(told(cart(), "gets an acknowledgement").what, StartsWith("n1 gets an acknowledgement from n"));
}

TEST_CASE("an answer is told with the end of its operation") {
  const EventAccount account = told(cart(), "alice gets its answer");
  CHECK(account.what == "alice gets its answer from n1: done");
  CHECK_THAT(account.then, VectorContains(std::string("alice ends its put of \"cart\" via n1: done")));
}

TEST_CASE("a fault is told with the node that it hits, and while it is on") {
  const World world = cart({kit::fault(FaultKind::kCrash, 900 * kMillisecond, kSecond, {1})});
  const EventAccount begins = told(world, "a fault begins");
  CHECK_THAT(begins.what, StartsWith("a fault begins: n2 "));
  CHECK_THAT(begins.then, VectorContains(std::string("n2 crashes")));
  CHECK(begins.on.size() == 1);
  CHECK(told(world, "n1 gets a put").on.size() == 1);
  CHECK(told(world, "a fault ends").on.empty());
  CHECK_THAT(told(world, "gets a copy").what,
             StartsWith("n2 gets a copy of \"cart\" from n1") || StartsWith("n3 gets a copy of \"cart\" from n1"));
}

TEST_CASE("a message that the network loses is told when it is sent") {
  const World world = cart({kit::between(FaultKind::kPartition, 900 * kMillisecond, kSecond, {0}, {1})});
  const EventAccount account = told(world, "n1 gets a put");
  CHECK_THAT(account.then, VectorContains(std::string("the network loses a copy of \"cart\" for n2")));
}

TEST_CASE("the number of an event is that of the run") {
  World world = cart();
  world.step();
  const EventAccount account = story::tell_next_event(world);
  CHECK(account.number == 2);
  CHECK(world.events() == 2);
}
