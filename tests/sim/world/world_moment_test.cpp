#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

TEST_CASE("a message in transit is shown with its ends, times and sender, and arrives as shown") {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.steps = {kit::step(kSecond, "alice", StepKind::kPut, "cart", "milk")};
  kit::Play play(scenario);
  play.until(kSecond);
  std::vector<Flight> flights = play.world.flights();
  const auto request = std::find_if(flights.begin(), flights.end(), [](const Flight& one) { return one.request; });
  REQUIRE(request != flights.end());
  CHECK(request->from == 0);
  CHECK(request->to == 0);
  CHECK(request->leg == Leg::kClient);
  CHECK(request->sent_ns == kSecond);
  CHECK(request->arrives_ns == kSecond + 500 * kMicrosecond);
  CHECK(std::string(request->key->key()) == "cart");
  CHECK(request->cause > 0);
  CHECK(request->cause <= play.world.events());

  play.until(request->arrives_ns);
  flights = play.world.flights();
  std::size_t copies = 0;
  for (const Flight& flight : flights) {
    if (!flight.message || !std::holds_alternative<ReplicaPut>(*flight.message)) continue;
    ++copies;
    CHECK(flight.from == 0);
    CHECK(flight.to != 0);
    CHECK(std::string(flight.name) == "ReplicaPut");
    CHECK(flight.where == Flight::Where::kUnderWay);
    CHECK(flight.arrives_ns == flight.sent_ns + kMillisecond);
    CHECK(flight.cause == play.world.events());
  }
  CHECK(copies == 2);
  CHECK(std::is_sorted(flights.begin(), flights.end(),
                       [](const Flight& a, const Flight& b) { return a.arrives_ns < b.arrives_ns; }));
}

TEST_CASE("messages that a clog holds or that wait at a paused process are shown as such") {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 300);
  kit::Play play(scenario, {kit::fault(FaultKind::kClog, kSecond, kSecond, {0}),
                            kit::fault(FaultKind::kPause, kSecond, kSecond, {2})});
  play.until(1'500 * kMillisecond);
  std::size_t clogged = 0, waiting = 0;
  for (const Flight& flight : play.world.flights()) {
    if (flight.where == Flight::Where::kClogged) {
      ++clogged;
      CHECK(flight.from == 0);
      CHECK(flight.arrives_ns == -1);
      CHECK(flight.sent_ns >= kSecond);
    }
    if (flight.where == Flight::Where::kWaiting) {
      ++waiting;
      CHECK(flight.to == 2);
    }
    CHECK((flight.where == Flight::Where::kUnderWay) == (flight.id != 0));
  }
  CHECK(clogged > 0);
  CHECK(waiting > 0);
  CHECK(waiting <= play.world.node_view(2).waiting);
}

TEST_CASE("each node has its timers, and timers of an ended life do not count") {
  kit::Play play(kit::cluster_of(3), {kit::fault(FaultKind::kCrash, kSecond, kSecond, {1})});
  play.until(1'010 * kMillisecond);
  const std::vector<PendingTimer> timers = play.world.timers();
  std::size_t heartbeats = 0;
  for (const PendingTimer& timer : timers) {
    CHECK(timer.node != 1);
    CHECK(timer.at_ns >= play.world.now());
    heartbeats += timer.kind == TimerKind::kHeartbeat ? 1 : 0;
  }
  CHECK(heartbeats == 2);
}

TEST_CASE("the state of a node shows why it cannot work") {
  Fault slow = kit::fault(FaultKind::kSlow, kSecond, kSecond, {1});
  slow.delay = Distribution::constant(kMillisecond);
  Scenario scenario = kit::cluster_of(4);
  kit::load(scenario, 4, 300);
  kit::Play play(scenario, {slow, kit::fault(FaultKind::kCrash, kSecond, kSecond, {0}),
                            kit::fault(FaultKind::kDiskFull, kSecond, kSecond, {2}),
                            kit::fault(FaultKind::kStalledDisk, kSecond, kSecond, {3})});
  play.until(900 * kMillisecond);
  for (NodeId node = 0; node < 4; ++node) {
    const NodeView state = play.world.node_view(node);
    CHECK(state.process == ProcessState::kUp);
    CHECK(state.incarnation == 1);
    CHECK(state.objects > 0);
    CHECK(state.durable_keys > 0);
    CHECK(state.cut_links == 0);
    CHECK_FALSE(state.slow);
  }
  play.until(1'200 * kMillisecond);
  CHECK(play.world.node_view(0).process == ProcessState::kDown);
  CHECK(play.world.node_view(0).objects == 0);
  CHECK(play.world.node_view(0).durable_keys > 0);
  CHECK(play.world.node_view(1).slow);
  CHECK(play.world.node_view(2).disk_full);
  CHECK(play.world.node_view(3).disk_stalled);
  CHECK(play.world.node_view(3).unsynced > 0);
  CHECK(play.world.faults_on() == std::vector<std::uint32_t>{0, 1, 2, 3});
  play.until(3 * kSecond);
  CHECK(play.world.faults_on().empty());
  CHECK(play.world.node_view(0).incarnation == 2);
}

TEST_CASE("running operations are shown while they run") {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.steps = {kit::step(kSecond, "alice", StepKind::kGet, "cart")};
  kit::Play play(scenario);
  CHECK(play.world.clients().running().empty());
  play.until(kSecond);
  const auto running = play.world.clients().running();
  REQUIRE(running.size() == 1);
  CHECK(*running[0].session_name == "alice");
  CHECK(running[0].kind == OperationKind::kGet);
  CHECK(running[0].started_ns == kSecond);
  CHECK(running[0].give_up_ns > kSecond);
  play.until(2 * kSecond);
  CHECK(play.world.clients().running().empty());
}

TEST_CASE("the oracle shows the causal history of a key") {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.steps = {kit::step(kSecond, "alice", StepKind::kPut, "cart", "milk"),
                             kit::step(1'500 * kMillisecond, "alice", StepKind::kPut, "cart", "bread"),
                             kit::step(2 * kSecond, "bob", StepKind::kPut, "cart", "beer")};
  kit::Play play(scenario);
  play.until(1'100 * kMillisecond);
  const Key key = *Key::make(kDefaultBucket, "cart");
  CHECK(play.world.judge()->history_of(key).size() == 1);
  play.to_end();
  const auto writes = play.world.judge()->history_of(key);
  REQUIRE(writes.size() == 3);
  CHECK(writes[0].seen.empty());
  CHECK(writes[1].seen == std::vector<WriteTag>{writes[0].tag});
  CHECK(writes[2].seen.empty());
  for (const auto& write : writes) {
    CHECK(write.acknowledged);
    CHECK(write.dot.has_value());
  }
  CHECK(play.world.judge()->history_of(*Key::make(kDefaultBucket, "nothing")).empty());
}

TEST_CASE("events show their cause, their time of scheduling, and whether a node took them") {
  struct Watcher : Observer {
    bool wants_events() const override { return true; }
    void on_event(const EventView& view) override {
      CHECK(view.sent_ns <= view.at_ns);
      CHECK(view.cause < view.number);
      if (view.taken == EventView::Taken::kNobody) ++nobody;
      if (view.taken == EventView::Taken::kLater) ++later;
      if (view.reply) CHECK(view.answered_by < 3);
      if (view.request) CHECK(view.client_home < 3);
    }
    void on_lost(const Flight& flight, TimeNs) override {
      ++lost;
      CHECK(flight.name[0] != '\0');
    }
    std::uint64_t nobody = 0, later = 0, lost = 0;
  };
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 300);
  World world(
      std::make_shared<const Scenario>(scenario), 1,
      std::make_shared<const Schedule>(Schedule{kit::fault(FaultKind::kCrash, kSecond, kSecond, {1}),
                                                kit::fault(FaultKind::kPause, kSecond, kSecond, {2}),
                                                kit::between(FaultKind::kPartition, 2 * kSecond, kSecond, {0}, {1})}));
  Watcher watcher;
  while (world.step(&watcher)) {
  }
  CHECK(watcher.nobody > 0);
  CHECK(watcher.later > 0);
  CHECK(watcher.lost == world.counters().messages_lost);
}
