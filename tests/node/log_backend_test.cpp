// The node on the log backend: cold values, and disks that lose or damage bytes or refuse requests.
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

// Without a cache, a value is cold as soon as it is on the disk.
BenchOptions on_logs(std::uint32_t nodes) {
  BenchOptions options = without_timers(nodes);
  options.config.storage.segment_bytes = 64u << 10;
  options.config.storage.cache_bytes = 0;
  return options;
}

// Changes a byte of each copy of the value on the node's disk.
void damage(Bench& bench, NodeId node, std::string_view value) {
  bool found = false;
  for (auto& [name, file] : bench.host(node).folder.files) {
    for (std::size_t at = file.bytes.find(value); at != std::string::npos; at = file.bytes.find(value, at + 1)) {
      file.bytes[at] ^= 0x20;
      found = true;
    }
  }
  REQUIRE(found);
}

TEST_CASE("log: a restart gives back objects, hints and the identity, under the next epoch") {
  Bench bench(on_logs(5));
  const auto nodes = bench.list("k");
  bench.isolate(nodes[2]);
  bench.advance(3 * kSecond);
  CHECK(words_for(bench.call(nodes[0], put_of("k", "v", 3))) == "done 2+1");
  const Actor before = bench.node(nodes[0]).actor();
  for (const NodeId node : {nodes[0], nodes[3]}) bench.restart(node);
  CHECK(bench.node(nodes[0]).actor().id != before.id);
  CHECK(bench.node(nodes[0]).actor().epoch == before.epoch + 1);
  CHECK(values_of(bench.node(nodes[0]).store().find(key_of("k"))) == "cold");
  REQUIRE(bench.node(nodes[3]).hints().size() == 1);
  CHECK(values_of(bench.node(nodes[3]).hints().all().begin()->second.object) == "v");
  CHECK(values_of(bench.call(nodes[0], get_of("k", 2)).object) == "v");
}

TEST_CASE("log: a node serves only after its disk has been read and its epoch is durable") {
  Bench bench(on_logs(3));
  bench.host(0).syncs_by_itself = false;
  bench.restart(0);
  CHECK(bench.node(0).phase() == Node::Phase::kStarting);
  CHECK(words_for(bench.call(0, put_of("k", "v"))) == "refused not-ready");
  for (int i = 0; i < 1000 && bench.node(0).phase() == Node::Phase::kStarting; ++i) {
    auto done = bench.host(0).folder.carry_out();
    REQUIRE(done);
    bench.give(0, std::move(*done));
  }
  CHECK(bench.node(0).phase() == Node::Phase::kServing);
}

TEST_CASE("log: an acknowledgement never leaves before its append is durable") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  for (const NodeId node : nodes) bench.host(node).syncs_by_itself = false;
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 1));
  bench.settle();
  CHECK(bench.take_trace() == "A stores v; A>B write v; A>C write v; B stores v; C stores v");
  bench.run_disk(nodes[1]);
  CHECK(bench.take_trace() == "B>A stored");
  CHECK_FALSE(bench.reply(token));
  bench.run_disk(nodes[0]);
  CHECK(bench.take_trace() == "A done 1");
}

TEST_CASE("log: a get of a cold value waits for the disk, its own and the others'") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  for (const NodeId node : nodes) bench.host(node).syncs_by_itself = false;
  bench.take_trace();
  const ClientToken token = bench.ask(nodes[0], get_of("k", 2));
  bench.settle();
  CHECK(bench.take_trace() == "A>B get; A>C get");
  bench.run_disk(nodes[0]);
  CHECK(bench.take_trace().empty());
  bench.run_disk(nodes[2]);
  bench.settle();
  CHECK(bench.take_trace() == "C>A has v; A done 2");
  CHECK(values_of(bench.reply(token)->object) == "v");
}

TEST_CASE("log: a write beside cold siblings reads none of them, and sends the write alone") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "first", 3));
  bench.take_trace();
  bench.host(nodes[0]).syncs_by_itself = false;
  bench.ask(nodes[0], put_of("k", "second", 1));
  CHECK(bench.take_trace() == "A stores cold,second; A>B write second; A>C write second");
  for (const DiskRequest& request : bench.host(nodes[0]).folder.waiting) {
    CHECK_FALSE(std::holds_alternative<DiskRead>(request.what));
  }
  bench.host(nodes[0]).syncs_by_itself = true;
  bench.settle();
  for (const NodeId node : nodes) CHECK(values_of(bench.call(node, get_of("k", 3)).object) == "first,second");
}

TEST_CASE("log: a put that wants all siblings back gets them with their values") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "first", 3));
  ClientRequest request = put_of("k", "second", 3);
  request.return_siblings = true;
  CHECK(values_of(bench.call(nodes[0], request).object) == "first,second");
}

TEST_CASE("log: a damaged value is no answer, and the other replicas bring it back") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "precious", 3));
  damage(bench, nodes[1], "precious");
  bench.take_trace();
  CHECK(values_of(bench.call(nodes[0], get_of("k", 2)).object) == "precious");
  CHECK(bench.count(Observed::kDamageFound) == 1);
  CHECK(values_of(bench.call(nodes[1], get_of("k", 3)).object) == "precious");
  bench.isolate(nodes[1]);
  CHECK(values_of(bench.call(nodes[1], get_of("k", 1)).object) == "precious");
}

TEST_CASE("log: anti-entropy hands out cold values, too") {
  BenchOptions options = on_logs(3);
  options.config.anti_entropy_every_ns = 5 * kSecond;
  Bench bench(options);
  const auto nodes = bench.list("k");
  bench.isolate(nodes[2]);
  for (int i = 0; i < 20; ++i) bench.call(nodes[0], put_of("k" + std::to_string(i), "v" + std::to_string(i), 2));
  bench.heal();
  bench.advance(60 * kSecond);
  bench.isolate(nodes[2]);
  for (int i = 0; i < 20; ++i) {
    CHECK(values_of(bench.call(nodes[2], get_of("k" + std::to_string(i), 1)).object) == "v" + std::to_string(i));
  }
}

TEST_CASE("log: no dot of a forgotten version is issued a second time") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "rotten", 3));
  damage(bench, nodes[0], "rotten");
  bench.isolate(nodes[0]);
  bench.ask(nodes[0], get_of("k", 1));
  bench.settle();
  CHECK(bench.count(Observed::kDamageFound) == 1);
  CHECK_FALSE(bench.node(nodes[0]).store().find(key_of("k")));
  bench.call(nodes[0], put_of("k", "next", 1));  // the bench compares every dot with every value
  bench.heal();
  bench.advance(3 * kSecond);
  CHECK(values_of(bench.call(nodes[1], get_of("k", 3)).object) == "next,rotten");
}

TEST_CASE("log: after damage the next epoch begins soon, and later dots are contiguous again") {
  BenchOptions options = on_logs(3);
  Bench bench(options);
  const auto nodes = bench.list("k");
  for (const char* value : {"first", "second", "rotten"}) {
    const ClientReply read = bench.call(nodes[0], get_of("k", 3));
    bench.call(nodes[0], with_context(put_of("k", value, 3), read.context));
  }
  bench.call(nodes[0], put_of("other", "o", 3));
  damage(bench, nodes[0], "rotten");
  bench.ask(nodes[0], get_of("k", 1));
  bench.settle();
  REQUIRE(bench.count(Observed::kDamageFound) == 1);
  const Actor before = bench.node(nodes[0]).actor();
  // Only the damaged key leaves a gap.
  bench.call(nodes[0], put_of("other", "p", 3));
  CHECK(bench.node(nodes[0]).store().find(key_of("other"))->seen().isolated().empty());
  bench.advance(kSecond);
  CHECK(bench.node(nodes[0]).actor().epoch == before.epoch + 1);
  for (int i = 0; i < 5; ++i) {
    const ClientReply read = bench.call(nodes[0], get_of("k", 3));
    const ClientReply reply = bench.call(nodes[0], with_context(put_of("k", std::to_string(i), 3), read.context));
    CHECK(reply.context.seen.isolated().empty());
  }
}

TEST_CASE("log: a folder with damage in it gets a new actor") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "rotten", 3));
  const Actor before = bench.node(nodes[0]).actor();
  bench.crash(nodes[0]);
  damage(bench, nodes[0], "rotten");
  bench.start(nodes[0]);
  bench.settle();
  CHECK(bench.node(nodes[0]).actor().id != before.id);
  CHECK(bench.node(nodes[0]).actor().epoch == before.epoch + 1);
}

TEST_CASE("log: a failed sync acknowledges nothing, and stops the node") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.host(nodes[0]).folder.fail_syncs = true;
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 3));
  bench.settle();
  CHECK_FALSE(bench.reply(token));
  CHECK(bench.node(nodes[0]).phase() == Node::Phase::kFailed);
  CHECK(bench.count(Observed::kStorageFailed) == 1);
  bench.host(nodes[0]).folder.fail_syncs = false;
  bench.restart(nodes[0]);
  CHECK(bench.node(nodes[0]).phase() == Node::Phase::kServing);
}

TEST_CASE("log: a full disk refuses writes as certainly not done, and reads continue") {
  Bench bench(on_logs(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.host(nodes[0]).folder.full = true;
  std::string hard;
  for (int i = 0; i < 20'000; ++i) hard += static_cast<char>(mix64(static_cast<std::uint64_t>(i)));
  std::string last;
  for (int i = 0; i < 40 && last != "refused storage-full"; ++i) {
    last = words_for(bench.call(nodes[0], put_of("k", hard + std::to_string(i), 1)));
    bench.advance(kSecond);
  }
  CHECK(last == "refused storage-full");
  CHECK(bench.call(nodes[0], get_of("k", 1)).outcome == Outcome::kDone);
  // As a replica it reports the failure, and the coordinator does not count it.
  bench.take_trace();
  CHECK(bench.call(nodes[1], strict(put_of("k", hard, 3))).outcome == Outcome::kUnknown);
  CHECK(bench.take_trace().find("A>B not-stored") != std::string::npos);
  bench.host(nodes[0]).folder.full = false;
  bench.advance(3 * kSecond);
  CHECK(bench.call(nodes[0], put_of("k", "again", 1)).outcome == Outcome::kDone);
}

}  // namespace
}  // namespace dkv::testing
