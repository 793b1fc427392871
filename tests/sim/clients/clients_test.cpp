#include "sim/clients/clients.h"

#include "sim/clients/client_values.h"
#include "tests/sim/clients/client_desk.h"
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::Desk;
using kit::step;

namespace {

constexpr TimeNs kPatience = kSecond + kSecond / 2;  // the time-out of a request, and half as much

Scenario with_steps(std::vector<Step> steps) {
  Scenario scenario = kit::cluster_of(5);
  scenario.workload.steps = std::move(steps);
  return scenario;
}
// One client with operations of one kind, one second after each other.
Scenario one_client(const Mix& mix) {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.clients = 1;
  scenario.workload.keys = 1;
  scenario.workload.think = Distribution::constant(kSecond);
  scenario.workload.mix = mix;
  return scenario;
}

}  // namespace

TEST_CASE("a scripted session begins at its time and takes its steps one after the other") {
  Desk desk(
      with_steps({step(kSecond, "ann", StepKind::kPut, "cart", "milk"), step(kSecond, "ann", StepKind::kGet, "cart"),
                  step(2 * kSecond, "bob", StepKind::kGet, "cart")}));
  desk.until(kSecond - 1);
  CHECK(desk.asked.empty());
  desk.until(kSecond);
  REQUIRE(desk.asked.size() == 1);
  CHECK(desk.last().request.value.view() == "milk");
  desk.until(kSecond + 500 * kMillisecond);
  CHECK(desk.asked.size() == 1);  // the second one is late: the first has no answer yet
  desk.done(desk.last());
  desk.until(kSecond + 501 * kMillisecond);
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.last().request.kind == RequestKind::kGet);
  desk.until(2 * kSecond);
  CHECK(desk.asked.size() == 3);  // bob's does not wait for ann's
}

TEST_CASE("a step puts its text unchanged, even an empty one") {
  Desk desk(with_steps({step(0, "ann", StepKind::kPut, "cart", ""), step(0, "bob", StepKind::kAdd, "list", "milk")}));
  desk.until(0);
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.asked[0].request.value.empty());
  desk.done(desk.asked[1], {"bread", "eggs,milk"});
  REQUIRE(desk.asked.size() == 3);
  CHECK(desk.last().request.value.view() == "bread,eggs,milk");
  CHECK(desk.last().request.context.seen == desk.last().request.context.seen);
  CHECK_FALSE(desk.last().request.context.seen.empty());
}

TEST_CASE("the quorum that an addition names is its put's, not its get's") {
  Step add = step(0, "ann", StepKind::kAdd, "cart", "milk");
  add.need = 3;
  Step get = step(0, "bob", StepKind::kGet, "cart");
  get.need = 1;
  get.mode = QuorumMode::kStrict;
  Desk desk(with_steps({add, get}));
  desk.until(0);
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.asked[0].request.need == 2);  // the cluster's r
  CHECK(desk.asked[1].request.need == 1);
  CHECK(desk.asked[1].request.mode == QuorumMode::kStrict);
  desk.done(desk.asked[0]);
  REQUIRE(desk.asked.size() == 3);
  CHECK(desk.last().request.kind == RequestKind::kPut);
  CHECK(desk.last().request.need == 3);
}

TEST_CASE("a session returns its last context of a key, and of that key only") {
  Desk desk(with_steps(
      {step(1 * kSecond, "ann", StepKind::kGet, "a"), step(2 * kSecond, "ann", StepKind::kPut, "a", "1"),
       step(3 * kSecond, "ann", StepKind::kPut, "a", "2"), step(4 * kSecond, "ann", StepKind::kPut, "b", "3"),
       step(4 * kSecond, "bob", StepKind::kPut, "a", "4")}));
  desk.until(kSecond);
  desk.done(desk.last(), {"x", "y"});
  desk.until(2 * kSecond);
  const Context seen_by_get = desk.last().request.context;
  CHECK_FALSE(seen_by_get.seen.empty());
  desk.done(desk.last());
  desk.until(3 * kSecond);
  CHECK_FALSE(desk.last().request.context == seen_by_get);  // its own write has been added
  CHECK_FALSE(desk.last().request.context.seen.empty());
  desk.done(desk.last());
  desk.until(4 * kSecond);
  REQUIRE(desk.asked.size() == 5);
  CHECK(desk.asked[3].request.context.seen.empty());
  CHECK(desk.asked[4].request.context.seen.empty());  // ann's knowledge is not bob's
}

TEST_CASE("a blind step returns no context") {
  Step blind = step(2 * kSecond, "ann", StepKind::kPut, "a", "1");
  blind.blind = true;
  Desk desk(with_steps({step(kSecond, "ann", StepKind::kGet, "a"), blind}));
  desk.until(kSecond);
  desk.done(desk.last(), {"x"});
  desk.until(2 * kSecond);
  CHECK(desk.last().request.context.seen.empty());
}

TEST_CASE("a session remembers nothing of a request that was not done") {
  const auto [outcome, name] =
      GENERATE(table<Outcome, std::string>({{Outcome::kRefused, "refused"}, {Outcome::kUnknown, "unknown"}}));
  CAPTURE(name);
  Desk desk(
      with_steps({step(kSecond, "ann", StepKind::kGet, "a"), step(2 * kSecond, "ann", StepKind::kPut, "a", "1")}));
  desk.until(kSecond);
  const ObjectPtr object = desk.object_of({"x"});
  desk.reply(desk.last(), {.outcome = outcome, .object = object, .context = object->context()});
  desk.until(2 * kSecond);
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.last().request.context.seen.empty());
  CHECK(desk.counts(OperationKind::kGet).refused == (outcome == Outcome::kRefused ? 1 : 0));
  CHECK(desk.counts(OperationKind::kGet).unknown == (outcome == Outcome::kUnknown ? 1 : 0));
}

TEST_CASE("a client that gives up counts unknown, and the late answer changes nothing") {
  Desk desk(
      with_steps({step(kSecond, "ann", StepKind::kPut, "a", "1"), step(5 * kSecond, "ann", StepKind::kPut, "a", "2")}));
  desk.until(kSecond + kPatience - 1);
  CHECK_FALSE(desk.clients.idle());
  desk.until(kSecond + kPatience);
  CHECK(desk.clients.idle());
  CHECK(desk.counts(OperationKind::kPut).unknown == 1);
  REQUIRE(desk.finished.size() == 1);
  CHECK_FALSE(desk.finished[0].answered);
  desk.done(desk.asked[0]);
  CHECK(desk.counts(OperationKind::kPut).ok == 0);
  desk.until(5 * kSecond);
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.last().request.context.seen.empty());  // it never learned of its first write
  desk.done(desk.asked[0]);                         // and this is not an answer to the second one
  desk.refuse_connection(desk.asked[0]);
  CHECK_FALSE(desk.clients.idle());
  CHECK(desk.asked.size() == 2);
  desk.done(desk.last());
  CHECK(desk.counts(OperationKind::kPut).ok == 1);
  CHECK(desk.finished.size() == 2);
}

TEST_CASE("each operation has its whole patience, however many came before it") {
  Desk desk(one_client({.get = 1, .put = 0}));
  TimeNs at_ns = 0;
  for (int i = 1; i <= 5; ++i) {  // answered after 400 ms each, one second after each other
    at_ns += kSecond;
    desk.until(at_ns);
    REQUIRE(desk.asked.size() == static_cast<std::size_t>(i));
    desk.until(at_ns += 400 * kMillisecond);
    desk.done(desk.last());
  }
  desk.until(at_ns += kSecond);  // the sixth is never answered
  REQUIRE(desk.asked.size() == 6);
  desk.until(at_ns + kPatience - 1);
  CHECK(desk.counts(OperationKind::kGet).unknown == 0);
  desk.until(at_ns + kPatience);
  CHECK(desk.counts(OperationKind::kGet).unknown == 1);
  CHECK(desk.counts(OperationKind::kGet).ok == 5);
}

TEST_CASE("a refused connection sends the request to one node after the other, and then it is refused") {
  Desk desk(one_client({.get = 1, .put = 0}));
  desk.until(kSecond);
  std::vector<int> tried(3, 0);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(desk.asked.size() == static_cast<std::size_t>(i + 1));
    ++tried[desk.last().via];
    desk.refuse_connection(desk.last());
  }
  CHECK(tried == std::vector<int>{1, 1, 1});
  CHECK(desk.asked.size() == 3);
  CHECK(desk.counts(OperationKind::kGet).refused == 1);
  CHECK(desk.clients.idle());
}

TEST_CASE("a refused connection costs no second tag: it is the same write that is tried again") {
  Desk desk(one_client({.get = 0, .put = 1}));
  desk.until(kSecond);
  desk.refuse_connection(desk.last());
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.asked[0].request.tag == desk.asked[1].request.tag);
  CHECK(desk.asked[0].request.value == desk.asked[1].request.value);
  desk.done(desk.last());
  CHECK(desk.counts(OperationKind::kPut).ok == 1);
}

TEST_CASE("a step that names its node does not try another one") {
  Step bound = step(0, "ann", StepKind::kGet, "a");
  bound.via = 3;
  bound.expect.outcome = Outcome::kRefused;
  Desk desk(with_steps({bound, step(0, "bob", StepKind::kGet, "a")}));
  desk.until(0);
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.asked[0].via == 3);
  desk.refuse_connection(desk.asked[0]);
  CHECK(desk.asked.size() == 2);
  CHECK(desk.counts(OperationKind::kGet).refused == 1);
  CHECK(desk.clients.failed_steps().empty());
  desk.refuse_connection(desk.asked[1]);
  CHECK(desk.asked.size() == 3);
}

TEST_CASE("an update reads, then writes with the context of the read, and a removal of nothing ends with its get") {
  Desk update(one_client({.get = 0, .put = 0, .update = 1}));
  update.until(kSecond);
  CHECK(update.last().request.kind == RequestKind::kGet);
  update.done(update.last());
  REQUIRE(update.asked.size() == 2);
  CHECK(update.last().request.kind == RequestKind::kPut);
  CHECK(update.last().request.context.seen.empty());
  update.done(update.last());
  update.until(2 * kSecond);
  const std::string seen(tagged_value(1'000'001, 100).view());
  update.done(update.last(), {seen});
  CHECK(update.last().request.kind == RequestKind::kPut);
  CHECK_FALSE(update.last().request.context.seen.empty());
  CHECK(update.counts(OperationKind::kGet).ok == 2);
  CHECK(update.counts(OperationKind::kPut).ok == 1);

  Desk remove(one_client({.get = 0, .put = 0, .remove = 1}));
  remove.until(kSecond);
  remove.done(remove.last());
  CHECK(remove.asked.size() == 1);
  CHECK(remove.clients.idle());
  remove.until(2 * kSecond);
  remove.done(remove.last(), {seen});
  REQUIRE(remove.asked.size() == 3);
  CHECK(remove.last().request.kind == RequestKind::kDelete);
  CHECK(remove.last().request.value.empty());
  CHECK_FALSE(remove.last().request.context.seen.empty());
}

TEST_CASE("a failed get ends an update before its put") {
  Desk desk(one_client({.get = 0, .put = 0, .update = 1}));
  desk.until(kSecond);
  desk.reply(desk.last(), {.outcome = Outcome::kUnknown, .object = {}, .context = {}});
  CHECK(desk.asked.size() == 1);
  CHECK(desk.clients.idle());
}

TEST_CASE("a step that the end of the run overtakes has failed") {
  Desk desk(with_steps({step(kSecond, "ann", StepKind::kPut, "a", "1"), step(kSecond, "ann", StepKind::kGet, "a"),
                        step(2 * kSecond, "ann", StepKind::kGet, "b"), step(kSecond, "bob", StepKind::kGet, "a")}));
  desk.until(kSecond);
  REQUIRE(desk.asked.size() == 2);
  desk.done(desk.asked[1]);  // bob has finished; ann still waits for her first answer when the run ends
  desk.clients.stop();
  REQUIRE(desk.clients.failed_steps().size() == 2);
  CHECK(desk.clients.failed_steps()[0].step->key == "a");
  CHECK(desk.clients.failed_steps()[1].step->key == "b");
  CHECK_THAT(desk.clients.failed_steps()[0].why, ContainsSubstring("the run ended"));
  desk.done(desk.asked[0]);
  CHECK(desk.clients.failed_steps().size() == 2);
}

TEST_CASE("a step that comes to something else than it expects has failed, and says why") {
  Step get = step(0, "ann", StepKind::kGet, "a");
  get.expect.value = "milk";
  get.expect.line = 12;
  Step add = step(0, "bob", StepKind::kAdd, "b", "eggs");
  add.expect.outcome = Outcome::kDone;
  Desk desk(with_steps({get, add}));
  desk.until(0);
  desk.done(desk.asked[0], {"bread"});
  REQUIRE(desk.clients.failed_steps().size() == 1);
  CHECK(desk.clients.failed_steps()[0].why == "the value is \"bread\", not \"milk\"");
  CHECK(desk.clients.failed_steps()[0].step->expect.line == 12);
  desk.done(desk.asked[1]);  // an addition is judged by its put
  CHECK(desk.clients.failed_steps().size() == 1);
  desk.reply(desk.last(), {.outcome = Outcome::kUnknown, .object = {}, .context = {}});
  REQUIRE(desk.clients.failed_steps().size() == 2);
  CHECK(desk.clients.failed_steps()[1].why == "the outcome is unknown, not done");
}

TEST_CASE("an answer with bytes that no client wrote is noticed, and the first hundred are kept") {
  Desk desk(one_client({.get = 1, .put = 0}));
  const auto get = [&](const std::string& value) {
    desk.until(desk.now + 2 * kSecond);
    desk.done(Desk::Asked(desk.last()), {value});
  };
  get(std::string(tagged_value(1'000'001, 100).view()));
  CHECK(desk.clients.wrong_value_count() == 0);
  get(std::string(tagged_value(7, 100).view()));
  REQUIRE(desk.clients.wrong_values().size() == 1);
  CHECK(desk.clients.wrong_values()[0].invariant == Invariant::kNoLostWrite);
  CHECK(desk.clients.wrong_values()[0].key == "k0");
  for (int i = 0; i < 149; ++i) get("");
  CHECK(desk.clients.wrong_value_count() == 150);
  CHECK(desk.clients.wrong_values().size() == 100);
}

TEST_CASE("a step's own text under a key of the load is no wrong value") {
  Scenario scenario = one_client({.get = 1, .put = 0});
  scenario.workload.steps = {step(0, "ann", StepKind::kPut, "k0", "hello")};
  Desk desk(scenario);
  desk.until(0);
  REQUIRE(desk.asked.size() == 1);
  const ClientRequest put = desk.last().request;
  desk.done(desk.last());
  desk.until(kSecond);
  REQUIRE(desk.asked.size() == 2);
  CHECK(desk.last().request.key == put.key);
  Sibling sibling{.dot = Dot{Actor{ActorId{1, 1}, 1}, 50}, .tag = put.tag, .value = put.value};
  const ObjectPtr object = Object::make(VersionVector().with(sibling.dot), {&sibling, 1});
  desk.reply(desk.last(), {.outcome = Outcome::kDone, .object = object, .context = object->context()});
  CHECK(desk.clients.wrong_value_count() == 0);
}

TEST_CASE("the greatest number of siblings in one get is remembered, without tombstones") {
  Desk desk(with_steps({step(0, "ann", StepKind::kGet, "a"), step(kSecond, "ann", StepKind::kGet, "a")}));
  desk.until(0);
  desk.done(desk.last(), {"x", "y", "z"});
  CHECK(desk.clients.siblings_read_max() == 3);
  desk.until(kSecond);
  const ObjectPtr gone = desk.object_of({"", "", "", ""}, true);
  desk.reply(desk.last(), {.outcome = Outcome::kDone, .object = gone, .context = gone->context()});
  CHECK(desk.clients.siblings_read_max() == 3);
}
