#include "viz/model/faults.h"

#include "sim/draw/fault_draw.h"
#include "tests/viz/run.h"
#include "tests/viz/stage.h"
#include "viz/views/words.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

namespace {

std::string with_fault(const std::string& fault, const std::string& network = "") {
  return "about: one fault\nrun: 4s\ncluster: {nodes: 4, n: 3, r: 2, w: 2}\n" + network +
         "workload:\n  steps:\n    - {at: 100ms, as: alice, via: n1, put: cart, value: milk}\nfaults:\n  - {at: 1s, "
         "for: "
         "2s, " +
         fault + "}\n";
}

}  // namespace

TEST_CASE("each fault that lasts marks nodes, ways or all links, and its words name its amount") {
  struct Case {
    const char* fault;
    const char* words;
  };
  const Case cases[] = {{"partition: [[n1], rest]", "n1"},
                        {"one_way: {from: [n1], to: [n2]}", "from n1 to n2"},
                        {"loss: {rate: 30%}", "30%"},
                        {"delay: {by: 20ms}", "20ms"},
                        {"clog: {from: [n1], to: [n2]}", "from n1 to n2"},
                        {"crash: [n1]", "n1"},
                        {"pause: [n2]", "n2"},
                        {"slow: {nodes: [n2], by: 5ms}", "5ms"},
                        {"slow_disk: {nodes: [n2], by: 7ms}", "7ms"},
                        {"clock_skew: {nodes: [n3], by: 3s}", "3 s"},
                        {"fail_sync: [n2]", "sync"},
                        {"read_errors: {nodes: [n2], rate: 5%}", "5%"}};
  for (const Case& one : cases) {
    INFO(one.fault);
    const auto world = world_at(with_fault(one.fault), 2 * kSecond);
    const auto marks = faults_on(world);
    REQUIRE(marks.size() == 1);
    CHECK((!marks[0].nodes.empty() || !marks[0].ways.empty() || marks[0].everywhere));
    CHECK_THAT(fault_text(world, *marks[0].fault), ContainsSubstring(one.words));
    CHECK(faults_on(world_at(with_fault(one.fault), 3'500 * kMillisecond)).empty());
  }
}

TEST_CASE("a fault that is on stands on the ring in words") {
  Stage stage(source_of(with_fault("fail_sync: [n2]")));
  stage.play(
      "seek 2s\nsettle\nsee \"fault n2: its disk fails every sync, for 2 s\"\nseek 3500ms\nsettle\nabsent \"fault n2 "
      "its disk fails every sync, for 2 s\"\n");
}

TEST_CASE("a link that is down is a way between its two ends") {
  const auto world = world_at(
      with_fault("link_down: [n1, n2]",
                 "network: {topology: {links: [{between: [n1, n2], latency: 1ms}, {between: [n2, n3], latency: 1ms}, "
                 "{between: [n3, n4], latency: 1ms}, {between: [n4, n1], latency: 1ms}]}}\n"),
      2 * kSecond);
  const auto marks = faults_on(world);
  REQUIRE(marks.size() == 1);
  REQUIRE(marks[0].ways.size() == 1);
  CHECK(marks[0].both_ways);
}
