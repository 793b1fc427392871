// Properties of buckets that change what a node stores. expiry_test.cpp tests times to live.
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

ClientRequest in_bucket(std::string_view bucket, ClientRequest request) {
  request.key = *Key::make(bucket, request.key.key());
  return request;
}

NodeId first_of(Bench& bench, std::string_view bucket) {
  const Placement& placement = bench.placement();
  return placement.primaries(placement.partition(Key::make(bucket, "k")->hash()))[0];
}

// Makes two writes that have not seen each other. Returns the answers of all replicas.
std::string after_two_writes(Bench& bench, std::string_view bucket) {
  const NodeId node = first_of(bench, bucket);
  bench.call(node, in_bucket(bucket, put_of("k", "first", 3)));
  bench.advance(10 * kMillisecond);
  bench.call((node + 1) % 3, in_bucket(bucket, put_of("k", "second", 3)));
  std::string all;
  for (NodeId id = 0; id < 3; ++id) {
    const std::string held = values_of(bench.call(id, in_bucket(bucket, get_of("k", 3))).object);
    if (!all.empty()) CHECK(held == all);
    all = held;
  }
  return all;
}

TEST_CASE("a bucket's conflict policy overrides the cluster's, and other buckets keep the cluster's") {
  BenchOptions options = without_timers(3);
  options.config.buckets["last"].conflicts = ConflictPolicy::kLastWriteWins;
  options.config.buckets["other"].ttl_ns = 3600 * kSecond;
  Bench bench(options);
  CHECK(after_two_writes(bench, "last") == "second");
  CHECK(after_two_writes(bench, "other") == "first,second");
  CHECK(after_two_writes(bench, "unnamed") == "first,second");
}

TEST_CASE("a bucket may keep siblings in a cluster where the last write wins") {
  BenchOptions options = without_timers(3);
  options.config.policy = ConflictPolicy::kLastWriteWins;
  options.config.buckets["carts"].conflicts = ConflictPolicy::kSiblings;
  Bench bench(options);
  CHECK(after_two_writes(bench, "carts") == "first,second");
  CHECK(after_two_writes(bench, "unnamed") == "second");
}

TEST_CASE("copies, hints and repairs go by the policy of their key's bucket") {
  BenchOptions options{.nodes = 5};
  options.config.anti_entropy_every_ns = kSecond;
  options.config.hints_every_ns = 200 * kMillisecond;
  options.config.buckets["last"].conflicts = ConflictPolicy::kLastWriteWins;
  Bench bench(options);
  for (const std::string_view bucket : {"last", "kept"}) {
    const Placement& placement = bench.placement();
    const auto list = placement.preference_list(placement.partition(Key::make(bucket, "k")->hash()));
    // Each side writes while it cannot hear the other. One copy waits as a hint, and the replicas differ.
    bench.isolate(list[1]);
    bench.advance(3 * kSecond);
    bench.call(list[1], in_bucket(bucket, put_of("k", "alone", 1)));
    bench.advance(10 * kMillisecond);
    bench.call(list[2], in_bucket(bucket, put_of("k", "beside", 1)));
    bench.heal();
    bench.advance(30 * kSecond);
    const std::string expected = bucket == "last" ? "beside" : "alone,beside";
    for (const NodeId node : {list[0], list[1], list[2]}) {
      CHECK(values_of(bench.node(node).store().find(*Key::make(bucket, "k"))) == expected);
    }
    for (NodeId node = 0; node < bench.size(); ++node) CHECK(bench.node(node).hints().size() == 0);
  }
}

TEST_CASE("the limit of siblings does not hold in a bucket where the last write wins") {
  BenchOptions options = without_timers(3);
  options.config.siblings_max = 2;
  options.config.buckets["last"].conflicts = ConflictPolicy::kLastWriteWins;
  Bench bench(options);
  for (const std::string_view bucket : {"last", "kept"}) {
    const NodeId node = first_of(bench, bucket);
    Reason reason = Reason::kNone;
    for (int i = 0; i < 4; ++i) {
      reason = bench.call(node, in_bucket(bucket, put_of("k", "v" + std::to_string(i), 3))).reason;
    }
    CHECK(reason == (bucket == "last" ? Reason::kNone : Reason::kTooManySiblings));
  }
}

}  // namespace
}  // namespace dkv::testing
