// A node's own copies and its identity, across crashes.
#include "engine/node/replica.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

TEST_CASE("each start takes a new actor id, and the epoch number goes on") {
  Bench bench(without_timers(3));
  const Actor first = bench.node(0).actor();
  CHECK(first.epoch == 1);
  bench.restart(0);
  CHECK(bench.node(0).actor().id != first.id);
  CHECK(bench.node(0).actor().epoch == 2);
}

TEST_CASE("a folder that is put back begins the same epoch again, under another id") {
  Bench bench(without_timers(3));
  const auto backup = bench.host(0).folder;
  bench.restart(0);
  const Actor before = bench.node(0).actor();
  bench.crash(0);
  bench.host(0).folder = backup;
  bench.start(0);
  bench.settle();
  CHECK(bench.node(0).actor().epoch == before.epoch);
  CHECK(bench.node(0).actor().id != before.id);
}

TEST_CASE("an epoch that did not become durable served no request, and may be begun again") {
  Bench bench(without_timers(3));
  bench.host(0).syncs_by_itself = false;
  bench.restart(0);
  CHECK(bench.node(0).phase() == Node::Phase::kStarting);
  CHECK(words_for(bench.call(0, put_of("k", "v"))) == "refused not-ready");
  bench.host(0).syncs_by_itself = true;
  bench.restart(0);
  CHECK(bench.node(0).actor().epoch == 2);
}

TEST_CASE("an empty disk gets a fresh actor, and nodes that are given one seed get different ones") {
  Bench bench(without_timers(3));
  const Actor before = bench.node(0).actor();
  bench.crash(0);
  bench.wipe(0);
  bench.host(0).seed = bench.host(1).seed = 5;
  bench.start(0);
  bench.crash(1);
  bench.wipe(1);
  bench.start(1);
  bench.settle();
  CHECK(bench.node(0).actor().id != before.id);
  CHECK(bench.node(0).actor().epoch == 1);
  CHECK(bench.node(1).actor().id != bench.node(0).actor().id);
  const ActorId last = bench.node(0).actor().id;
  bench.crash(0);
  bench.wipe(0);
  bench.host(0).seed = 5;
  bench.start(0);
  bench.settle();
  CHECK(bench.node(0).actor().id != last);
}

// Writes a record into the folder of a node that is down.
void put_on_disk(Bench& bench, NodeId id, const Record& record) {
  Bench::Host& host = bench.host(id);
  Storage store(host.config.storage, host.config.placement->partitions(), 0);
  Outbox out;
  const auto run = [&] {
    do {
      for (DiskRequest& request : out.disk_requests()) host.folder.waiting.push_back(std::move(request));
      out.clear();
      if (auto done = host.folder.carry_out()) store.handle(std::move(*done), out);
      while (store.next_event()) continue;
    } while (!out.empty() || !host.folder.waiting.empty());
  };
  store.start(out);
  run();
  REQUIRE(store.open());
  store.put(record);
  store.end_turn(out);
  run();
}

TEST_CASE("an actor whose epochs are used up is replaced by a fresh one") {
  Bench bench(without_timers(3));
  const Actor before = bench.node(0).actor();
  bench.crash(0);
  put_on_disk(bench, 0, {.space = KeySpace::kIdentity, .identity = {{before.id, ~std::uint32_t{0}}}});
  bench.start(0);
  bench.settle();
  CHECK(bench.node(0).phase() == Node::Phase::kServing);
  CHECK(bench.node(0).actor().id != before.id);
  CHECK(bench.node(0).actor().epoch == 1);
}

TEST_CASE("a dot is never issued twice, though a crash forgot it") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.host(nodes[0]).syncs_by_itself = false;
  // Copies leave before the local sync, so the others hold a dot that its issuer forgets.
  CHECK(words_for(bench.call(nodes[0], put_of("k", "forgotten", 2))) == "done 2");
  bench.host(nodes[0]).syncs_by_itself = true;
  bench.restart(nodes[0]);
  CHECK_FALSE(bench.node(nodes[0]).store().find(key_of("k")));
  bench.call(nodes[0], put_of("k", "next", 3));
  // The bench has compared every dot with every value. Here, no dot covers the forgotten one.
  CHECK(values_of(bench.call(nodes[1], get_of("k", 3)).object) == "forgotten,next");
}

TEST_CASE("a restart returns the durable writes, and the clock continues after them") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.wall_offset_ns += 3600 * kSecond;
  const ClientReply ahead = bench.call(nodes[0], put_of("k", "v", 3));
  bench.wall_offset_ns -= 3600 * kSecond;
  bench.restart(nodes[0]);
  CHECK(values_of(bench.on_disk(nodes[0], "k")) == "v");
  const ClientReply next = bench.call(nodes[0], put_of("k", "w", 3));
  CHECK(next.context.hlc > ahead.context.hlc);
}

TEST_CASE("with the memory backend a node serves at once, and each start is of a new actor with an empty store") {
  BenchOptions options = without_timers(3);
  options.config.storage.backend = StorageBackend::kMemory;
  Bench bench(options);
  const auto nodes = bench.list("k");
  const Actor before = bench.node(nodes[0]).actor();
  CHECK(words_for(bench.call(nodes[0], put_of("k", "v", 3))) == "done 3");
  bench.restart(nodes[0]);
  CHECK(bench.node(nodes[0]).phase() == Node::Phase::kServing);
  CHECK(bench.node(nodes[0]).store().key_count() == 0);
  CHECK(bench.node(nodes[0]).actor().id != before.id);
  bench.advance(kSecond);
  CHECK(values_of(bench.call(nodes[0], get_of("k", 3)).object) == "v");
}

TEST_CASE("a copy is refused by a node that is no primary of its key") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  const ObjectPtr object = bench.node(nodes[0]).store().find(key_of("k"));
  bench.take_trace();
  bench.give(nodes[4], Received{nodes[0], ReplicaPut{.op = 9, .key = key_of("k"), .object = object}});
  CHECK(bench.take_trace() == "E>A not-stored");
  bench.give(nodes[4], Received{nodes[0], ReplicaPut{.key = key_of("k"), .object = object}});
  CHECK(bench.take_trace().empty());
  CHECK_FALSE(bench.node(nodes[4]).store().find(key_of("k")));
}

}  // namespace
}  // namespace dkv::testing
