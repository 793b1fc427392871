// The explanations of a branch, in the debugger.
#include "viz/model/inquiry.h"

#include <algorithm>

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

constexpr const char* kMissed = R"(run: 15s
cluster: {nodes: 3, n: 3, r: 2, w: 2, anti_entropy: off, hints: {ttl: 1ms}}
workload:
  steps:
    - {at: 1s, as: alice, via: n1, put: page, value: old}
    - {at: 4s, as: alice, via: n1, put: page, value: new}
    - {at: 12s, as: bob, via: n3, get: page, r: 1, expect: {value: new}}
faults: [{at: 2s, for: 8s, partition: [[n1, n2], [n3]]}]
)";

void finish(BranchInquiry& inquiry) {
  while (!inquiry.advance(std::chrono::milliseconds(1))) {
  }
}

}  // namespace

TEST_CASE("the chains of the debugger lead to events of its session") {
  Session session(kit::source_of(kMissed), kit::counted());
  BranchInquiry inquiry;
  CHECK_FALSE(inquiry.is_about(session.branch()));
  inquiry.begin(session);
  CHECK(inquiry.is_about(session.branch()));
  CHECK(inquiry.chains().empty());
  finish(inquiry);
  REQUIRE(inquiry.chains().size() == 1);
  const why::Chain& chain = inquiry.chains()[0];
  REQUIRE_FALSE(chain.steps.empty());
  for (const why::Step& step : chain.steps) {
    kit::go(session, step.when.event);
    CHECK(session.at() == step.when.event);
    CHECK(session.now_ns() == step.when.at_ns);
  }
}

TEST_CASE("a branch has chains of its own") {
  Session session(kit::source_of(kMissed), kit::counted());
  BranchInquiry inquiry;
  inquiry.begin(session);
  finish(inquiry);
  CHECK(inquiry.chains().size() == 1);
  // Healed before the second put, n3 gets its copy.
  session.seek_time(3 * kSecond);
  session.finish();
  sim::Command heal;
  heal.kind = sim::CommandKind::kHeal;
  REQUIRE(session.apply(heal));
  CHECK_FALSE(inquiry.is_about(session.branch()));
  inquiry.begin(session);
  finish(inquiry);
  CHECK(inquiry.chains().empty());
}
