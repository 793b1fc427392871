#include "engine/node/write.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

TEST_CASE("a put is stored by its coordinator, sent to the others at once, and answered at W acknowledgements") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  const ClientReply reply = bench.call(nodes[0], put_of("k", "v"));
  CHECK(bench.take_trace() ==
        "A stores v; A>B write v; A>C write v; B stores v; C stores v; B>A stored; C>A stored; A done 2");
  CHECK(reply.outcome == Outcome::kDone);
  CHECK(bench.node(nodes[0]).operations_in_progress() == 0);
}

}  // namespace
}  // namespace dkv::testing
