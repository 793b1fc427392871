// The seven points of the contract in engine/ports/event.h.
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

// A node without peers, with its effects as words.
struct Alone {
  NodeConfig config;
  Node node;
  StringDisk disk;

  static NodeConfig make_config(std::uint32_t members) {
    std::vector<Member> all;
    for (NodeId id = 0; id < members; ++id) all.push_back({.id = id, .name = std::to_string(id)});
    NodeConfig config;
    config.id = 0;
    config.placement = *Placement::make(all, 8, 3);
    return config;
  }
  explicit Alone(std::uint32_t members) : config(make_config(members)), node(config, 1) {}

  template <typename What>
  std::vector<Effect> give(What what, Incarnation incarnation = 1, TimeNs now_ns = kSecond) {
    Outbox out;
    node.handle(Event{incarnation, now_ns, 1'700'000'000 * kSecond, std::move(what)}, out);
    for (DiskRequest& request : out.disk_requests()) disk.waiting.push_back(std::move(request));
    return std::move(out.effects());
  }
  // Carries out the disk requests and the requests that follow from them.
  std::vector<Effect> run_disk() {
    std::vector<Effect> all;
    while (auto done = disk.carry_out()) {
      for (Effect& effect : give(std::move(*done))) all.push_back(std::move(effect));
    }
    return all;
  }
  void serve() {
    give(Start{.seed = 5});
    run_disk();
    for (const Member& member : config.placement->members()) give(Received{member.id, Heartbeat{1, true}});
  }
};

template <typename T>
std::size_t count(const std::vector<Effect>& effects) {
  return static_cast<std::size_t>(
      std::ranges::count_if(effects, [](const Effect& effect) { return std::holds_alternative<T>(effect); }));
}

TEST_CASE("1: effects queue in the order of their requests, behind the earlier ones") {
  Alone alone(3);
  alone.serve();
  Outbox out;
  out.set_timer(TimerKind::kHints, 77, 1);
  alone.node.handle(Event{1, kSecond, kSecond, ClientAsked{1, put_of("k", "v")}}, out);
  REQUIRE(out.effects().size() == 5);
  CHECK(std::get<SetTimer>(out.effects()[0]).serial == 77);
  CHECK(std::holds_alternative<Append>(out.effects()[1]));
  CHECK(std::holds_alternative<Send>(out.effects()[2]));
  CHECK(std::holds_alternative<Send>(out.effects()[3]));
  CHECK(std::holds_alternative<SetTimer>(out.effects()[4]));
  REQUIRE(out.disk_requests().size() == 1);
  CHECK(std::get<DiskAppend>(out.disk_requests()[0].what).upto == std::get<Append>(out.effects()[1]).id);
}

TEST_CASE("2: an acknowledgement never leaves before its append is durable") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  for (const NodeId node : nodes) bench.host(node).syncs_by_itself = false;
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 1));
  bench.settle();
  CHECK(bench.take_trace() == "A stores v; A>B write v; A>C write v; B stores v; C stores v");
  CHECK_FALSE(bench.reply(token));
  bench.run_disk(nodes[1]);
  CHECK(bench.take_trace() == "B>A stored");
  bench.run_disk(nodes[0]);
  CHECK(bench.take_trace() == "A done 1");
}

TEST_CASE("2: a sync that ends short of an append does not acknowledge it") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.host(nodes[0]).syncs_by_itself = false;
  const ClientToken first = bench.ask(nodes[0], put_of("k", "v", 3));
  const ClientToken second = bench.ask(nodes[0], put_of("k", "w", 3));
  bench.settle();
  bench.run_disk(nodes[0], 1);
  CHECK(bench.reply(first));
  CHECK_FALSE(bench.reply(second));
  bench.run_disk(nodes[0]);
  CHECK(bench.reply(second));
}

TEST_CASE("2: a copy that adds nothing is acknowledged only when the record that holds it is durable") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.host(nodes[1]).syncs_by_itself = false;
  bench.ask(nodes[0], put_of("k", "v", 3));
  const Envelope copy = bench.flying.front();
  REQUIRE(copy.to == nodes[1]);
  bench.settle();
  bench.take_trace();
  bench.deliver(copy);
  CHECK(bench.take_trace().empty());  // nothing to append, and no answer yet
  bench.run_disk(nodes[1]);
  CHECK(bench.take_trace() == "B>A stored; B>A stored");
  bench.settle();
  bench.take_trace();
  bench.deliver(copy);
  CHECK(bench.take_trace() == "B>A stored");  // durable by now
}

TEST_CASE("2: a node serves only after its new epoch is durable") {
  Alone alone(3);
  CHECK(alone.give(Start{.seed = 5}).empty());
  std::size_t appended = 0;
  for (int i = 0; i < 100 && appended == 0; ++i) {
    auto done = alone.disk.carry_out();
    REQUIRE(done);
    const auto effects = alone.give(std::move(*done));
    CHECK(count<Send>(effects) == 0);
    appended = count<Append>(effects);
  }
  REQUIRE(appended == 1);
  const auto asked = alone.give(ClientAsked{1, put_of("k", "v", 1)});
  REQUIRE(asked.size() == 1);
  CHECK(words_for(std::get<Reply>(asked[0]).reply) == "refused not-ready");
  CHECK(alone.give(Received{1, ReplicaGet{.op = 5, .key = key_of("k")}}).empty());
  CHECK(count<Send>(alone.run_disk()) == 2);
  CHECK(alone.node.phase() == Node::Phase::kServing);
}

TEST_CASE("3: events of another incarnation change nothing and cause nothing") {
  Alone alone(3);
  alone.serve();
  alone.give(ClientAsked{1, put_of("k", "v")});
  for (const Incarnation other : {0u, 2u}) {
    CHECK(alone.give(Start{}, other).empty());
    CHECK(alone.give(ClientAsked{2, put_of("k", "w", 1)}, other).empty());
    for (DiskTicket ticket = 1; ticket < 9; ++ticket) {
      CHECK(alone.give(DiskDone{.ticket = ticket, .status = DiskStatus::kFailed}, other).empty());
    }
    CHECK(alone.give(Received{1, ReplicaGet{.op = 5, .key = key_of("k")}}, other).empty());
    for (std::uint64_t serial = 0; serial < 3; ++serial) {
      CHECK(alone.give(TimerFired{TimerKind::kHeartbeat, serial}, other).empty());
    }
  }
  CHECK(alone.node.phase() == Node::Phase::kServing);
  CHECK(values_of(alone.node.store().find(key_of("k"))) == "v");
  CHECK(alone.node.operations_in_progress() == 1);
}

TEST_CASE("4: destroying a node in mid-operation emits nothing, and the next life knows only synced records") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.host(nodes[0]).syncs_by_itself = false;
  bench.call(nodes[1], put_of("k", "durable", 2));
  bench.run_disk(nodes[0]);
  bench.settle();
  for (const NodeId other : {nodes[1], nodes[2]}) bench.cut(nodes[0], other);
  bench.ask(nodes[0], put_of("k", "lost"));
  bench.take_trace();
  bench.crash(nodes[0]);
  CHECK(bench.take_trace().empty());
  bench.host(nodes[0]).syncs_by_itself = true;
  bench.start(nodes[0]);
  bench.settle();
  CHECK(values_of(bench.on_disk(nodes[0], "k")) == "durable");
}

TEST_CASE("5: an operation ends in one place, and later answers find nothing") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.from == nodes[2]; };
  bench.call(nodes[0], put_of("k", "v"));
  CHECK(bench.node(nodes[0]).operations_in_progress() == 1);  // the third acknowledgement may still come
  bench.release_held();
  const Envelope late = bench.flying.front();
  bench.settle();
  CHECK(bench.node(nodes[0]).operations_in_progress() == 0);
  bench.take_trace();
  bench.deliver(late);
  CHECK(bench.take_trace().empty());
}

// The effects as text, including times, ids and clocks.
std::string spelled(const std::vector<Effect>& effects) {
  std::string text;
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<Send>(&effect)) {
      text += "send " + std::to_string(send->to) + " " + words_for(send->message, "ABCDEFGH");
      if (const auto* put = std::get_if<ReplicaPut>(&send->message)) {
        text += std::to_string(put->op) + " " + std::to_string(put->object->digest());
      }
    } else if (const auto* reply = std::get_if<Reply>(&effect)) {
      text += "reply " + std::to_string(reply->token) + " " + words_for(reply->reply) + " " +
              std::to_string(reply->reply.context.hlc.packed);
    } else if (const auto* timer = std::get_if<SetTimer>(&effect)) {
      text += "timer " + std::to_string(timer->serial) + " " + std::to_string(timer->after_ns);
    } else if (const auto* append = std::get_if<Append>(&effect)) {
      text += "append " + std::to_string(append->id) + " " +
              (append->record.object ? std::to_string(append->record.object->digest()) : "none");
    } else {
      text += observed_name(std::get<Observation>(effect).what);
    }
    text += "\n";
  }
  return text;
}

TEST_CASE(
    "6: time, randomness and identity are given: equal events give equal effects, another seed another identity") {
  Alone one(3);
  Alone two(3);
  Alone other(3);
  CHECK(spelled(one.give(Start{.seed = 5})) == spelled(two.give(Start{.seed = 5})));
  other.give(Start{.seed = 6});
  for (Alone* alone : {&one, &two, &other}) alone->run_disk();
  CHECK(one.node.actor() == two.node.actor());
  CHECK(one.node.actor() != other.node.actor());
  CHECK(spelled(one.give(ClientAsked{1, put_of("k", "v")})) == spelled(two.give(ClientAsked{1, put_of("k", "v")})));
}

TEST_CASE("7: a copy of a node in mid-operation continues independently and identically") {
  Alone alone(5);
  alone.serve();
  alone.give(ClientAsked{1, put_of("k", "v", 3)});
  alone.give(ClientAsked{2, get_of("k", 3)});
  Alone copy = alone;
  const auto go_on = [](Alone& node, std::string_view value) {
    std::string text = spelled(node.run_disk());
    text += spelled(node.give(ClientAsked{3, put_of("j", value)}));
    for (std::uint64_t serial = 1; serial < 4; ++serial) {
      for (const auto kind : {TimerKind::kOperations, TimerKind::kHeartbeat, TimerKind::kAntiEntropy}) {
        text += spelled(node.give(TimerFired{kind, serial}, 1, 5 * kSecond));
      }
    }
    return text;
  };
  Alone unchanged = alone;
  const std::string expected = go_on(alone, "w");
  CHECK(go_on(copy, "w") == expected);
  CHECK(expected.find("reply 1 unknown timed-out") != std::string::npos);
  // The first two have continued. The third is still at the moment of the copy.
  CHECK(unchanged.node.operations_in_progress() == 2);
  CHECK_FALSE(unchanged.node.store().find(key_of("j")));
  CHECK(go_on(unchanged, "w") == expected);
}

TEST_CASE("a refused append stops the node: it answers nothing more in this life") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.host(nodes[0]).syncs_by_itself = false;
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 3));
  bench.settle();
  bench.take_trace();
  bench.fail_disk(nodes[0]);
  CHECK(bench.count(Observed::kStorageFailed) == 1);
  CHECK(bench.node(nodes[0]).phase() == Node::Phase::kFailed);
  bench.run_disk(nodes[0]);
  bench.ask(nodes[0], get_of("k", 1));
  bench.advance(10 * kSecond);
  CHECK_FALSE(bench.reply(token));
  CHECK(bench.take_trace().empty());
  bench.host(nodes[0]).syncs_by_itself = true;
  bench.restart(nodes[0]);
  CHECK(bench.node(nodes[0]).phase() == Node::Phase::kServing);
  CHECK(bench.node(nodes[0]).actor().epoch == 2);
}

TEST_CASE("a timer that was armed before the last one of its kind is ignored") {
  Alone alone(3);
  alone.serve();
  CHECK(count<Send>(alone.give(TimerFired{TimerKind::kHeartbeat, 1})) == 2);
  CHECK(alone.give(TimerFired{TimerKind::kHeartbeat, 1}).empty());
}

TEST_CASE("a timer before the node serves is ignored") {
  Alone alone(3);
  CHECK(alone.give(TimerFired{TimerKind::kHeartbeat, 0}).empty());  // a bug once sent heartbeats here
  alone.give(Start{.seed = 5});
  CHECK(alone.give(TimerFired{TimerKind::kHeartbeat, 0}).empty());
}

}  // namespace
}  // namespace dkv::testing
