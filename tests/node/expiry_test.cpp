// Values with a time to live: the sources of the time, and their expiry at every replica by itself.
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

ClientRequest put_for(std::string_view key, std::string_view value, TimeNs ttl_ns, std::uint8_t need = 3) {
  ClientRequest request = put_of(key, value, need);
  request.ttl_ns = ttl_ns;
  return request;
}

BenchOptions on(StorageBackend backend) {
  BenchOptions options = without_timers(3);
  options.config.storage.backend = backend;
  options.config.storage.segment_bytes = 64u << 10;
  options.config.storage.cache_bytes = 0;
  return options;
}

TEST_CASE("expiry: a value is read until its time is over, then there is nothing, with a context") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_for("k", "v", 5 * kSecond));
  bench.advance(5 * kSecond - 1);
  CHECK(values_of(bench.call(nodes[1], get_of("k", 3)).object) == "v");
  bench.advance(1);
  const ClientReply after = bench.call(nodes[1], get_of("k", 3));
  REQUIRE(after.object);
  CHECK(after.object->deleted());
  CHECK_FALSE(after.context.seen.empty());
}

TEST_CASE("expiry: every replica drops the bytes by itself, and nothing is repaired for it") {
  for (const StorageBackend backend : {StorageBackend::kMemory, StorageBackend::kLog}) {
    BenchOptions options = on(backend);
    options.config.anti_entropy_every_ns = kSecond;
    Bench bench(options);
    const auto nodes = bench.list("k");
    bench.call(nodes[0], put_for("k", "v", 5 * kSecond));
    for (const NodeId node : nodes) CHECK_FALSE(bench.node(node).store().find(key_of("k"))->deleted());
    bench.forget_counts();
    bench.advance(10 * kSecond);
    for (const NodeId node : nodes) {
      const ObjectPtr held = bench.node(node).store().find(key_of("k"));
      CHECK(held->deleted());
      CHECK(held->value_bytes() == 0);
    }
    CHECK(bench.count(Observed::kAntiEntropyRepaired) == 0);
    bench.call(nodes[0], get_of("k", 3));
    CHECK(bench.count(Observed::kReadRepaired) == 0);
  }
}

TEST_CASE("expiry: a bucket sets the time to live of a put without one, and a put may ask for no end") {
  BenchOptions options = without_timers(3);
  options.config.buckets["sessions"].ttl_ns = 2 * kSecond;
  Bench bench(options);
  const auto put = [&](std::string_view bucket, std::string_view key, TimeNs ttl_ns) {
    ClientRequest request = put_for("k", "v", ttl_ns);
    request.key = *Key::make(bucket, key);
    const auto primary = bench.placement().primaries(bench.placement().partition(request.key.hash())).front();
    bench.call(primary, request);
    return request.key;
  };
  const Key plain = put("sessions", "plain", 0), longer = put("sessions", "longer", 60 * kSecond),
            ever = put("sessions", "ever", kTtlForever), elsewhere = put("carts", "plain", 0);
  bench.advance(10 * kSecond);
  CHECK(bench.node(0).store().find(plain)->deleted());
  for (const Key& key : {longer, ever, elsewhere}) CHECK_FALSE(bench.node(0).store().find(key)->deleted());
}

TEST_CASE("expiry: a value that was replaced in time takes nothing with it") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  const ClientReply first = bench.call(nodes[0], put_for("k", "mortal", 2 * kSecond));
  ClientRequest second = put_of("k", "stays", 3);
  second.context = first.context;
  bench.call(nodes[0], second);
  bench.call(nodes[0], put_for("k", "beside", 2 * kSecond));
  bench.advance(10 * kSecond);
  CHECK(values_of(bench.call(nodes[1], get_of("k", 3)).object) == "-,stays");
}

TEST_CASE("expiry: a start finds the values that will expire, and shows none that expired meanwhile") {
  Bench bench(on(StorageBackend::kLog));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_for("k", "v", 5 * kSecond));
  for (const NodeId node : nodes) bench.crash(node);
  bench.advance(3 * kSecond);
  for (const NodeId node : nodes) bench.restart(node);
  bench.settle();
  bench.advance(kSecond);
  CHECK(values_of(bench.call(nodes[0], get_of("k", 3)).object) == "v");
  bench.advance(3 * kSecond);
  for (const NodeId node : nodes) CHECK(bench.node(node).store().find(key_of("k"))->deleted());
}

TEST_CASE("expiry: a time to live out of range, or of a request that is no put, is a bad request") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  ClientRequest get = get_of("k");
  get.ttl_ns = kSecond;
  for (const ClientRequest& request : {put_for("k", "v", -1), put_for("k", "v", kTtlMaxNs + 1), get}) {
    const ClientReply reply = bench.call(nodes[0], request);
    CHECK(reply.outcome == Outcome::kRefused);
    CHECK(reply.reason == Reason::kBadRequest);
  }
}

}  // namespace
}  // namespace dkv::testing
