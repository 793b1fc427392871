#include "engine/node/admission.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

// A context with counters of `count` actors that do not exist.
Context forged_context(std::size_t count, std::uint64_t salt) {
  std::vector<Dot> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back({{{salt, i + 1}, 1}, 7});
  return {VersionVector::from_sorted(entries), {}};
}

TEST_CASE("the sibling cap refuses further writes and loses nothing, and a write with the context makes room") {
  BenchOptions options = without_timers(3);
  options.config.siblings_max = 4;
  Bench bench(options);
  const auto nodes = bench.list("k");
  for (const char* value : {"a", "b", "c", "d"}) bench.call(nodes[0], put_of("k", value, 3));
  bench.take_trace();
  bench.call(nodes[0], put_of("k", "e"));
  CHECK(bench.take_trace() == "A refused too-many-siblings");
  const ClientReply got = bench.call(nodes[1], get_of("k"));
  CHECK(values_of(got.object) == "a,b,c,d");
  bench.call(nodes[0], with_context(put_of("k", "e", 3), got.context));
  CHECK(values_of(bench.call(nodes[1], get_of("k", 3)).object) == "e");
}

TEST_CASE("replicas that were separated still merge past the sibling cap") {
  BenchOptions options = without_timers(3);
  options.config.siblings_max = 2;
  Bench bench(options);
  const auto nodes = bench.list("k");
  bench.hold = [](const Envelope& e) { return std::holds_alternative<ReplicaPut>(e.message); };
  for (const NodeId node : nodes) {
    bench.call(node, put_of("k", "a" + std::to_string(node), 1));
    bench.call(node, put_of("k", "b" + std::to_string(node), 1));
  }
  bench.release_held();
  bench.settle();
  CHECK(values_of(bench.call(nodes[0], get_of("k", 3)).object) == "a0,a1,a2,b0,b1,b2");
}

TEST_CASE("a context that claims dots of this epoch that its node never issued is refused") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  const Actor actor = bench.node(nodes[0]).actor();
  bench.take_trace();
  for (const std::uint64_t counter : {std::uint64_t{2}, kContextCounterMax, ~std::uint64_t{0}}) {
    const Context forged{VersionVector().with({actor, counter}), {}};
    bench.call(nodes[0], with_context(put_of("k", "forged"), forged));
    CHECK(bench.take_trace() == "A refused bad-request");
  }
  CHECK(words_for(bench.call(nodes[0], put_of("k", "w"))) == "done 2");
  CHECK(values_of(bench.node(nodes[0]).store().find(key_of("k"))) == "v,w");
}

TEST_CASE("a context with a counter that has no successor is refused wherever it points") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  const Context forged{VersionVector().with({{{1, 2}, 3}, kContextCounterMax + 1}), {}};
  CHECK(words_for(bench.call(nodes[0], with_context(put_of("k", "v"), forged))) == "refused bad-request");
}

TEST_CASE("a key whose counters a false state has used up takes no more writes, and reads continue") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  const Dot last{bench.node(nodes[0]).actor(), kStateCounterMax};
  std::vector<Sibling> siblings = {{.dot = last, .hlc = kStateHlcMax, .value = Blob("false")}};
  const ObjectPtr object = Object::make(VersionVector().with(last), siblings);
  bench.give(nodes[0],
             Received{nodes[1], ReplicaPut{.reason = CopyReason::kAntiEntropy, .key = key_of("k"), .object = object}});
  bench.settle();
  CHECK(words_for(bench.call(nodes[0], put_of("k", "w"))) == "refused bad-request");
  CHECK(bench.call(nodes[0], get_of("k", 1)).outcome == Outcome::kDone);
  CHECK(words_for(bench.call(nodes[0], put_of("other", "w"))) == "done 2");
}

TEST_CASE("a context from a day ahead is taken, and drags the clocks of other keys along with nothing") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  const auto wall_ms = static_cast<std::uint64_t>((bench.now_ns + bench.wall_offset_ns) / kMillisecond);
  const Context ahead{{}, Hlc{(wall_ms + 25 * 3600 * 1000) << 16}};
  const ClientReply taken = bench.call(nodes[0], with_context(put_of("k", "v", 3), ahead));
  CHECK(words_for(taken) == "done 3");
  CHECK(taken.context.hlc > ahead.hlc);
  CHECK(words_for(bench.call(nodes[1], delete_of("k", taken.context, 3))) == "done 3");
  for (const NodeId node : nodes) {
    const ClientReply other = bench.call(node, put_of("other", "v"));
    CHECK(other.context.hlc.wall_ms() == wall_ms);
  }
}

// The greatest timestamp that a context may have is taken, and those of its successors are cut off there. Otherwise one
// forged context would lock the key.
TEST_CASE("a context with the latest timestamp of all leaves the key writable") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  CHECK(words_for(bench.call(nodes[0], with_context(put_of("k", "v"), {{}, Hlc{kContextHlcMax.packed + 1}}))) ==
        "refused bad-request");
  Context context{{}, kContextHlcMax};
  for (int i = 0; i < 3; ++i) {
    const ClientReply reply = bench.call(nodes[i % 3], with_context(put_of("k", "v", 3), context));
    CHECK(words_for(reply) == "done 3");
    CHECK(decode_context(encode_context(reply.context)) == reply.context);
    context = bench.call(nodes[2], get_of("k", 3)).context;
    CHECK(decode_context(encode_context(context)) == context);
  }
  CHECK(values_of(bench.call(nodes[1], get_of("k", 3)).object) == "v");
}

TEST_CASE("contexts full of invented actors do not stop the replicas that merge them") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  // Each context alone is the largest possible one. Such a first write once stopped the process.
  CHECK(words_for(bench.call(nodes[0], with_context(put_of("k", "v"), forged_context(4096, 1)))) ==
        "refused bad-request");
  // Below the limit, each replica accepts a different context. Their merge must fit, too.
  const std::size_t most = clock_entries_max(3) - 2;
  bench.hold = [](const Envelope& e) { return std::holds_alternative<ReplicaPut>(e.message); };
  for (const NodeId node : nodes) {
    const Context forged = forged_context(most, node + 1);
    CHECK(words_for(bench.call(node, with_context(put_of("k", "v", 1), forged))) == "done 1");
    CHECK(words_for(bench.call(node, with_context(put_of("k", "v", 1), forged_context(most, 100)))) ==
          "refused bad-request");
  }
  bench.release_held();
  bench.settle();
  const ObjectPtr merged = bench.node(nodes[0]).store().find(key_of("k"));
  CHECK(merged->seen().entries().size() == 3 * most + 3);
  CHECK(equal(merged, bench.node(nodes[2]).store().find(key_of("k"))));
}

TEST_CASE("at every bound of the clock, the key is deleted or replaced with its own context") {
  NodeConfig config;
  config.placement = Bench(without_timers(3)).host(0).config.placement;
  config.id = 0;
  const Actor self{{1, 2}, 3};
  const auto state = [](std::size_t entries) {
    std::vector<Dot> dots;
    for (std::size_t i = 0; i < entries; ++i) dots.push_back({{{5, i}, 1}, 1});
    Sibling sibling{.dot = dots.front(), .value = Blob("v")};
    return Object::make(VersionVector::from_sorted(dots), {&sibling, 1});
  };
  for (const std::size_t entries : {std::size_t{10}, clock_entries_max(3), std::size_t{1022}, std::size_t{1300}}) {
    const ObjectPtr object = state(entries);
    CHECK(check_write(delete_of("k", object->context()), object, self, 0, config) == Reason::kNone);
    CHECK(check_write(with_context(put_of("k", "w"), object->context()), object, self, 0, config) == Reason::kNone);
    // A write beside the present version gets less room.
    CHECK((check_write(put_of("k", "w"), object, self, 0, config) == Reason::kNone) == (entries < 1023));
  }
}

TEST_CASE("an object that a frame could not hold any more takes no further sibling") {
  NodeConfig config;
  config.placement = Bench(without_timers(3)).host(0).config.placement;
  config.id = 0;
  ClientRequest request = put_of("k", std::string(15u << 20, 'x'));
  const Actor self{{1, 2}, 3};
  CHECK(check_request(request, config) == Reason::kNone);
  CHECK(check_write(request, {}, self, 0, config) == Reason::kNone);
  Sibling sibling{.dot = {self, 1}, .value = request.value};
  const ObjectPtr object = Object::make(VersionVector().with(sibling.dot), {&sibling, 1});
  CHECK(check_write(request, object, self, 0, config) == Reason::kTooManySiblings);
  request.context = object->context();
  CHECK(check_write(request, object, self, 0, config) == Reason::kNone);
  CHECK(3 * object_bytes_max(3) < kFrameBytesMax);
}

}  // namespace
}  // namespace dkv::testing
