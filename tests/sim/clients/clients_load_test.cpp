// Clients of a random load: the times of their requests, their waiting time, and their choice of nodes.
#include "sim/clients/clients.h"
#include "tests/sim/clients/client_desk.h"
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::Desk;

namespace {

Scenario open_load(std::uint32_t clients, std::uint32_t rate_per_s) {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, clients, rate_per_s);
  scenario.workload.mix = {.get = 1, .put = 0};
  return scenario;
}

}  // namespace

TEST_CASE("an open load is independent of answers, and latency counts from the due time of a request") {
  Desk desk(open_load(1, 100));
  desk.until(kSecond);  // about a hundred requests were due, and one client waits for an answer
  REQUIRE(desk.asked.size() == 1);
  const TimeNs first_ns = desk.last().at_ns;
  while (desk.asked.size() < 10) desk.done(desk.last());  // each answer lets one more of them begin at once
  CHECK(desk.last().at_ns == kSecond);
  REQUIRE(desk.finished.size() == 9);
  CHECK(desk.finished[0].due_ns == first_ns);
  TimeNs waited_ns = 0;
  for (std::size_t i = 1; i < desk.finished.size(); ++i) {
    CHECK(desk.finished[i].due_ns > desk.finished[i - 1].due_ns);
    CHECK(desk.finished[i].started_ns == kSecond);
    CHECK(desk.finished[i].finished_ns == kSecond);
    waited_ns = std::max(waited_ns, desk.finished[i].finished_ns - desk.finished[i].due_ns);
  }
  CHECK(waited_ns > kSecond / 2);
  CHECK(desk.clients.latency()[0].greatest() == kSecond - first_ns);
  CHECK(desk.clients.latency()[0].quantile(5000) > kSecond / 2);
}

TEST_CASE("an open load works off its backlog in order and then follows its arrivals again") {
  Desk desk(open_load(2, 100));
  desk.until(kSecond);
  REQUIRE(desk.asked.size() == 2);
  for (std::size_t answered = 0; answered < desk.asked.size(); ++answered) desk.done(Desk::Asked(desk.asked[answered]));
  CHECK(desk.clients.idle());
  const std::size_t caught_up = desk.asked.size();
  CHECK(caught_up > 70);
  CHECK(caught_up < 130);
  for (std::size_t i = 3; i < desk.finished.size(); ++i)
    REQUIRE(desk.finished[i].due_ns >= desk.finished[i - 1].due_ns);
  while (desk.asked.size() == caught_up) desk.until(desk.now + kMillisecond);
  CHECK(desk.now < 2 * kSecond);
  desk.done(desk.last());
  CHECK(desk.finished.back().due_ns == desk.finished.back().started_ns);
}

TEST_CASE("arrivals of an open load keep their rate") {
  Desk desk(open_load(1, 1000));
  desk.until(20 * kSecond);
  std::size_t begun = desk.asked.size();
  while (desk.asked.size() == begun && begun < 30'000) {
    desk.done(Desk::Asked(desk.last()));
    ++begun;
  }
  CHECK(desk.finished.size() > 19'000);
  CHECK(desk.finished.size() < 21'000);
}

TEST_CASE("a closed load thinks between an answer and the next request") {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.clients = 1;
  scenario.workload.think = Distribution::constant(kSecond);
  Desk desk(scenario);
  desk.until(kSecond);
  REQUIRE(desk.asked.size() == 1);
  desk.until(kSecond + 300 * kMillisecond);
  desk.done(desk.last());
  desk.until(2 * kSecond + 300 * kMillisecond - 1);
  CHECK(desk.asked.size() == 1);
  desk.until(2 * kSecond + 300 * kMillisecond);
  CHECK(desk.asked.size() == 2);
}

TEST_CASE("stopped clients begin no request, and end the requests in progress") {
  Desk desk(open_load(2, 100));
  desk.until(kSecond);
  REQUIRE(desk.asked.size() == 2);
  desk.clients.stop();
  desk.done(desk.asked[0]);
  CHECK(desk.asked.size() == 2);  // the backlog is dropped
  CHECK_FALSE(desk.clients.idle());
  desk.until(kSecond + kSecond + kSecond / 2);
  CHECK(desk.clients.idle());
  desk.until(60 * kSecond);
  CHECK(desk.asked.size() == 2);
}

TEST_CASE("clients live beside all nodes in turn, and a home connection asks there") {
  Scenario scenario = open_load(6, 1000);
  scenario.workload.connect = Connect::kHome;
  Desk desk(scenario);
  desk.until(kSecond);
  REQUIRE(desk.asked.size() == 6);
  std::vector<int> homes(3, 0);
  for (const Desk::Asked& one : desk.asked) {
    CHECK(one.home == one.via);
    CHECK(desk.clients.home(one.token) == one.home);
    ++homes[one.home];
  }
  CHECK(homes == std::vector<int>{2, 2, 2});
}
