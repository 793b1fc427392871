// One mistake in each text: its place, the offending word, and the suggestion. yaml_test.cpp has files that are not
// YAML.
#include <algorithm>

#include "sim/verdict/result.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

TEST_CASE("an unknown key is named, with the nearest one") {
  CHECK(complaint_of("seed: 4\nclutser: {w: 1}\n") ==
        "story.yaml:2:1: unknown key 'clutser' in 'scenario'; did you mean 'cluster'?");
  CHECK(complaint_of("cluster:\n  hints: {tll: 4s}\n") ==
        "story.yaml:2:11: unknown key 'tll' in 'hints'; did you mean 'ttl'?");
  CHECK_THAT(complaint_of("weather: fine\n"), ContainsSubstring("allowed: about, seed, run, heal_within, cluster"));
}

TEST_CASE("a wrong unit is named, with the right ones") {
  CHECK(complaint_of("run: 20sec\n") ==
        "story.yaml:1:6: 'run': 'sec' is not a unit of duration; a duration is a number with a unit "
        "(ns, us, ms, s, m, h, d or y), such as 500us, 5ms or 2s");
  CHECK_THAT(complaint_of("run: 20\n"), ContainsSubstring("1:6: 'run': '20' has no unit"));
  CHECK_THAT(complaint_of("network: {loss: 5}\n"), ContainsSubstring("1:17: 'loss': '5' has no unit; a percentage"));
  CHECK_THAT(complaint_of("network: {loss: 5ms}\n"), ContainsSubstring("'ms' is not a unit of a share"));
  CHECK_THAT(complaint_of("workload: {clients: 1, load: {rate: 200}}\n"), ContainsSubstring("'200' has no unit"));
  CHECK_THAT(complaint_of("workload: {clients: 1, value: 4kb}\n"), ContainsSubstring("'kb' is not a unit of size"));
}

TEST_CASE("an unknown node is named, with the nearest one when there is one") {
  CHECK(complaint_of("cluster: {nodes: [alpha, beta, gamma]}\nfaults: [{at: 1s, crash: gama}]\n") ==
        "story.yaml:2:26: unknown node 'gama' in 'crash'; did you mean 'gamma'?");
  CHECK_THAT(complaint_of("faults: [{at: 1s, crash: [n1, n9]}]\n"),
             ContainsSubstring("1:31: unknown node 'n9' in 'crash'; allowed: n1, n2, n3, n4, n5, all"));
  CHECK_THAT(complaint_of("workload: {steps: [{at: 1s, as: a, get: k, via: nobody}]}\n"),
             ContainsSubstring("unknown node 'nobody' in 'via'"));
  CHECK_THAT(complaint_of("workload: {steps: [{at: 1s, as: a, get: k, via: all}]}\n"),
             ContainsSubstring("means 5 nodes"));
}

TEST_CASE("only a put fills its value up to a size") {
  CHECK_THAT(complaint_of("workload: {steps: [{at: 1s, as: a, get: k, size: 1KiB}]}\n"),
             ContainsSubstring("'size' in a step with 'get'; it belongs to put"));
  CHECK_THAT(complaint_of("workload: {steps: [{at: 1s, as: a, add: k, value: v, size: 1KiB}]}\n"),
             ContainsSubstring("'size' in a step with 'add'; it belongs to put"));
  CHECK_THAT(complaint_of("workload: {steps: [{at: 1s, as: a, put: k, value: v, size: 2MiB}]}\n"),
             ContainsSubstring("out of range"));
}

TEST_CASE("a mistake among the nodes does not make every name in the file a mistake") {
  const std::string text =
      "cluster: {nodes: [n1, n-2!, n3]}\nfaults: [{at: 1s, crash: n3}, {at: 1s, pause: [n1, n2]}]\n";
  CHECK(complaint_of(text).starts_with("story.yaml:1:23: 'n-2!' is not a valid name"));
}

TEST_CASE("overlapping rules are refused, with the line of the other one") {
  const auto rules = [](const std::string& a, const std::string& b) {
    return complaints_of("network:\n  rules:\n    - " + a + "\n    - " + b + "\n");
  };
  CHECK_THAT(rules("{from: n1, to: [n2, n3], latency: 5ms}", "{from: n3, to: n1, loss: 1%}"),
             ContainsSubstring("story.yaml:4:7: this rule overlaps with the one on line 3"));
  CHECK_THAT(rules("{from: all, to: all, legs: [write, hint], loss: 1%}", "{from: n1, to: n2, legs: [hint], loss: 1%}"),
             ContainsSubstring("overlaps"));
  CHECK(rules("{from: n1, to: n2, both_ways: false, loss: 1%}", "{from: n2, to: n1, both_ways: false, loss: 1%}")
            .empty());
  CHECK(rules("{from: n1, to: n2, legs: [write], loss: 1%}", "{from: n1, to: n2, legs: [read], loss: 1%}").empty());
  CHECK(rules("{from: n1, to: n2, loss: 1%}", "{from: n1, to: n3, loss: 1%}").empty());
  CHECK_THAT(rules("{from: n1, to: n1, loss: 1%}", "{from: n1, to: n3, loss: 1%}"),
             ContainsSubstring("from a node to itself"));
  CHECK_THAT(rules("{from: n1, to: n2}", "{from: n1, to: n3, loss: 1%}"),
             ContainsSubstring("a rule that changes nothing"));
}

TEST_CASE("a missing field is named, with how it is written") {
  CHECK(complaint_of("workload: {steps: [{as: alice, get: cart}]}\n") ==
        "story.yaml:1:20: the field 'at' is missing in 'steps'; write at: 1s");
  CHECK_THAT(complaint_of("workload: {steps: [{at: 1s, as: a, put: cart}]}\n"),
             ContainsSubstring("the field 'value' is missing"));
  CHECK_THAT(complaint_of("workload: {load: {rate: 5/s}}\n"),
             ContainsSubstring("the field 'clients' is missing in 'workload'"));
  CHECK_THAT(complaint_of("network: {latency: {lognormal: {median: 1ms}}}\n"), ContainsSubstring("'p99' is missing"));
  CHECK_THAT(complaint_of("cluster: {nodes: [{host: h}]}\n"),
             ContainsSubstring("the field 'name' is missing in 'nodes'"));
  CHECK_THAT(complaint_of("network: {topology: {places: [x]}}\n"), ContainsSubstring("the field 'links' is missing"));
}

TEST_CASE("a value out of range is named, with its range") {
  CHECK(complaint_of("cluster: {n: 3, r: 4}\n") == "story.yaml:1:20: 'r' is 4, but n is 3; at most 3");
  CHECK_THAT(complaint_of("cluster: {n: 3, w: 0}\n"),
             ContainsSubstring("'w' is '0', which is out of range; allowed: 1 to 16"));
  CHECK_THAT(complaint_of("cluster: {nodes: 2, n: 3}\n"),
             ContainsSubstring("'n' is 3, but there are 2 nodes; at most 2"));
  CHECK_THAT(complaint_of("cluster: {pw: 4}\n"), ContainsSubstring("'pw' is 4, but n is 3"));
  CHECK_THAT(complaint_of("cluster: {partitions: 100}\n"), ContainsSubstring("a power of two is needed"));
  CHECK_THAT(complaint_of("run: 10ms\n"),
             ContainsSubstring("'run' is '10ms', which is out of range; allowed: 100ms to 30d"));
  CHECK_THAT(complaint_of("run: -10s\n"), ContainsSubstring("'-10s' is negative"));
  CHECK_THAT(complaint_of("network: {loss: 120%}\n"), ContainsSubstring("'120%' is more than 100%"));
  CHECK_THAT(complaint_of("workload: {clients: 5000}\n"), ContainsSubstring("allowed: 0 to 4096"));
  CHECK_THAT(complaint_of("workload: {clients: 1, keys: {count: 9, pick: zipfian, skew: 9}}\n"),
             ContainsSubstring("allowed: 0.01 to 5"));
  CHECK_THAT(complaint_of("workload: {clients: 1, load: {rate: 0/s}}\n"), ContainsSubstring("allowed: 1/s to"));
  CHECK_THAT(complaint_of("cluster: {timeout: 1500us}\n"), ContainsSubstring("whole milliseconds"));
  CHECK_THAT(complaint_of("cluster: {heartbeat: {every: 3s}}\n"),
             ContainsSubstring("'unreachable_after' (2s) is not longer than 'every' (3s)"));
  CHECK_THAT(complaint_of("workload: {steps: [{at: 1s, as: a, get: k, r: 4}]}\n"),
             ContainsSubstring("'r' is 4, but n is 3"));
  CHECK_THAT(complaint_of("run: 5s\nworkload: {steps: [{at: 5s, as: a, get: k}]}\n"),
             ContainsSubstring("2:25: this step comes after the end of the run"));
  CHECK_THAT(complaint_of("run: 5s\nworkload: {clients: 1, start: 9s}\n"),
             ContainsSubstring("'start' is not before the end of the run"));
}

TEST_CASE("too many nodes are refused, by number and by name") {
  CHECK_THAT(complaint_of("cluster: {nodes: 129}\n"),
             ContainsSubstring("'nodes' is '129', which is out of range; allowed: 1 to 128"));
  std::string names;
  for (int i = 0; i < 129; ++i) names += (i == 0 ? "m" : ", m") + std::to_string(i);
  CHECK_THAT(complaint_of("cluster: {nodes: [" + names + "]}\n"),
             ContainsSubstring("'nodes' has 129 items; at most 128 are allowed"));
  CHECK(load_good("cluster: {nodes: 128}").cluster.members.size() == 128);
  CHECK_THAT(complaint_of("cluster: {nodes: []}\n"), ContainsSubstring("'nodes' is an empty list"));
}

TEST_CASE("names of nodes are plain, different, and not those of data centres") {
  CHECK_THAT(complaint_of("cluster: {nodes: [a, b, a]}\n"), ContainsSubstring("1:25: node 'a' occurs twice"));
  CHECK_THAT(complaint_of("cluster: {nodes: [a, rest]}\n"), ContainsSubstring("'rest' is not a valid name"));
  CHECK_THAT(complaint_of("cluster: {nodes: [a, \"b c\"]}\n"), ContainsSubstring("'b c' is not a valid name"));
  CHECK_THAT(complaint_of("cluster: {nodes: [{name: a, datacenter: b}, b]}\n"),
             ContainsSubstring("'b' has the name of a data centre"));
}

TEST_CASE("a wrong type is named, with the one that is wanted") {
  CHECK(complaint_of("cluster: 5\n")
            .starts_with("story.yaml:1:10: 'cluster' is a word; a mapping is needed, with any of: nodes, n, "));
  CHECK_THAT(complaint_of("seed: [1]\n"), ContainsSubstring("1:7: 'seed' is a list; a single value is needed"));
  CHECK_THAT(complaint_of("run: {a: b}\n"), ContainsSubstring("'run' is a mapping"));
  CHECK_THAT(complaint_of("faults: {at: 1s, crash: n1}\n"),
             ContainsSubstring("'faults' is a mapping; a list is needed"));
  CHECK_THAT(complaint_of("cluster:\nseed: 4\n"), ContainsSubstring("story.yaml:1:1: 'cluster' has no value"));
  CHECK_THAT(complaint_of("seed:\nrun: 5s\n"), ContainsSubstring("story.yaml:1:1: 'seed' has no value"));
  CHECK_THAT(complaint_of("seed: soon\n"), ContainsSubstring("'soon' is not a number"));
  CHECK_THAT(complaint_of("cluster: {read_repair: yes}\n"),
             ContainsSubstring("'yes' is not a value of 'read_repair'; allowed: true, false"));
  CHECK_THAT(complaint_of("cluster: {quorum: strikt}\n"),
             ContainsSubstring("'strikt' is not a value of 'quorum'; did you mean 'strict'?"));
  CHECK_THAT(complaint_of("cluster: {hints: {ttl: forver}}\n"), ContainsSubstring("did you mean 'forever'?"));
  CHECK_THAT(complaint_of("cluster: {anti_entropy: no}\n"), ContainsSubstring("write {every: 2s}, or off"));
}

TEST_CASE("numbers that look octal, hexadecimal or like floating point are refused") {
  CHECK(complaint_of("seed: 010\n") ==
        "story.yaml:1:7: 'seed': '010' begins with a zero, which YAML tools read as octal; write it without the zero");
  CHECK_THAT(complaint_of("seed: 0x10\n"), ContainsSubstring("'0x10' is not a whole number"));
  CHECK_THAT(complaint_of("seed: 0o10\n"), ContainsSubstring("'0o10' is not a whole number"));
  CHECK_THAT(complaint_of("seed: 1e3\n"), ContainsSubstring("'1e3' is not a whole number"));
  CHECK_THAT(complaint_of("run: 020s\n"), ContainsSubstring("'020s' begins with a zero"));
}

TEST_CASE("a distribution has one shape with fields that fit together") {
  const auto of = [](const std::string& shape) { return complaint_of("network: {latency: " + shape + "}\n"); };
  CHECK_THAT(of("{unifrom: [1ms, 2ms]}"),
             ContainsSubstring("unknown key 'unifrom' in 'latency'; did you mean 'uniform'?"));
  CHECK_THAT(of("{}"), ContainsSubstring("'latency' has 0 shapes; exactly one of: uniform"));
  CHECK_THAT(of("{uniform: [1ms, 2ms], table: []}"), ContainsSubstring("'latency' has 2 shapes"));
  CHECK_THAT(of("[1ms, 2ms]"), ContainsSubstring("'latency' is a list"));
  CHECK_THAT(of("{uniform: [2ms, 1ms]}"), ContainsSubstring("'uniform' begins at '2ms', after its end"));
  CHECK_THAT(of("{uniform: [2ms]}"), ContainsSubstring("'uniform' has 1 items"));
  CHECK_THAT(of("{lognormal: {median: 2ms, p99: 1ms}}"), ContainsSubstring("'p99' is not above 'median'"));
  CHECK_THAT(of("{exponential: {mean: 0s}}"), ContainsSubstring("out of range"));
  CHECK_THAT(of("{pareto: {least: 1ms, alpha: 0.01, cap: 2s}}"),
             ContainsSubstring("'alpha' is '0.01', which is out of range"));
  CHECK_THAT(of("{pareto: {least: 3s, alpha: 1, cap: 2s}}"), ContainsSubstring("'cap' is not above 'least'"));
  CHECK_THAT(of("{mixture: []}"), ContainsSubstring("'mixture' has no parts"));
  CHECK_THAT(of("{mixture: [{weight: 0, latency: 1ms}]}"), ContainsSubstring("'weight' is '0'"));
  CHECK_THAT(of("{table: [[0%, 1ms], [50%, 2ms]]}"), ContainsSubstring("does not reach from 0% to 100%"));
  CHECK_THAT(of("{table: [[0%, 2ms], [100%, 1ms]]}"), ContainsSubstring("a row of 'table' does not grow"));
  CHECK_THAT(of("{table: [[0%, 2ms], [99.999%, 3ms]]}"), ContainsSubstring("finer than a table can hold"));
  std::string nested = "1ms";
  for (int i = 0; i < 6; ++i) nested = "{mixture: [{latency: " + nested + "}]}";
  CHECK_THAT(of(nested), ContainsSubstring("mixtures are nested too deep"));
}

TEST_CASE("a topology knows its places and leaves no node out") {
  const auto of = [](const std::string& topology) {
    return complaint_of("cluster: {nodes: 2}\nnetwork: {topology: {" + topology + "}}\n");
  };
  CHECK_THAT(of("places: [hub], links: [{between: [hub, n3], latency: 1ms}]"), ContainsSubstring("unknown place 'n3'"));
  CHECK_THAT(of("places: [hub], links: [{between: [hub, n1], latency: 1ms}]"),
             ContainsSubstring("there is no path from node 'n1' to node 'n2'"));
  CHECK_THAT(of("places: [hub, n1], links: [{between: [n1, n2], latency: 1ms}]"),
             ContainsSubstring("the place 'n1' occurs twice"));
  CHECK_THAT(of("links: [{between: [n1, n1], latency: 1ms}]"), ContainsSubstring("a link from 'n1' to itself"));
  CHECK_THAT(of("links: [{between: [n1, n2], latency: 1ms}, {between: [n2, n1], latency: 1ms}]"),
             ContainsSubstring("a second link between 'n2' and 'n1'; the first is on line 2"));
  CHECK_THAT(of("links: [{between: [n1], latency: 1ms}]"), ContainsSubstring("'between' has 1 items"));
}

TEST_CASE("a step does one thing, with fields that belong to it") {
  const auto of = [](const std::string& step) {
    return complaint_of("workload:\n  steps:\n    - {at: 1s, as: a, " + step + "}\n");
  };
  CHECK_THAT(of("get: k, put: k, value: v"), ContainsSubstring("a step with both 'get' and 'put'"));
  CHECK_THAT(of("via: n1"), ContainsSubstring("a step that does nothing"));
  CHECK_THAT(of("get: k, value: v"), ContainsSubstring("'value' in a step with 'get'; it belongs to put and add"));
  CHECK_THAT(of("add: k, value: v, blind: true"), ContainsSubstring("'blind' in a step with 'add'"));
  CHECK_THAT(of("get: k, w: 1"), ContainsSubstring("'w' in a step with 'get'"));
  CHECK_THAT(of("delete: k, r: 1"), ContainsSubstring("'r' in a step with 'delete'; it belongs to get"));
  CHECK_THAT(of("get: \"\""), ContainsSubstring("'get' has an empty key"));
  CHECK_THAT(of("delete: k, expect: {found: true}"), ContainsSubstring("'found' in a step with 'delete'"));
  CHECK_THAT(of("get: k, expect: {found: false, value: v}"),
             ContainsSubstring("'found' is false, yet a value is expected"));
  CHECK_THAT(of("get: k, expect: {siblings: 2, value: v}"), ContainsSubstring("'value' with 2 siblings"));
  CHECK_THAT(of("get: k, expect: {outcome: fine}"), ContainsSubstring("allowed: done, refused, unknown"));
  CHECK_THAT(complaint_of("workload: {steps: [{at: 2s, as: a, get: k}, {at: 1s, as: a, get: k}]}"),
             ContainsSubstring("'a' does this at 1s, before the step above it (2s)"));
}

TEST_CASE("a load and a mix must say something, and only one thing") {
  CHECK_THAT(complaint_of("workload: {clients: 1, load: {}}\n"), ContainsSubstring("'load' is empty"));
  CHECK_THAT(complaint_of("workload: {clients: 1, load: {rate: 1/s, think: 1ms}}\n"),
             ContainsSubstring("a rate and a think time"));
  CHECK_THAT(complaint_of("workload: {clients: 1, mix: {get: 0}}\n"), ContainsSubstring("every weight of 'mix' is 0"));
  CHECK_THAT(complaint_of("workload: {clients: 1, keys: {skew: 1}}\n"),
             ContainsSubstring("'skew' without a skewed pick"));
}

TEST_CASE("an unknown metric is named, with the nearest one") {
  CHECK(complaint_of("expect:\n  - stale_read == 0\n") ==
        "story.yaml:2:5: unknown metric 'stale_read'; did you mean 'stale_reads'?");
  CHECK_THAT(
      complaint_of("expect: [happiness > 3]\n"),
      ContainsSubstring("unknown metric 'happiness'; allowed: anti_entropy_repairs, appends_lost, availability, "));
  CHECK_THAT(complaint_of("expect: [stale_reads = 0]\n"),
             ContainsSubstring("1:22: unknown comparison '='; did you mean '=='?"));
  CHECK_THAT(complaint_of("expect: [stale_reads]\n"),
             ContainsSubstring("'stale_reads' is not an expectation; a metric, a comparison"));
  CHECK_THAT(complaint_of("expect: [get_p99_ms < 2s]\n"),
             ContainsSubstring("1:23: '2s' is not a number; a plain number is needed"));
  CHECK_THAT(complaint_of("expect: [violations: [I9]]\n"), ContainsSubstring("unknown invariant 'I9'"));
  CHECK_THAT(complaint_of("expect: [violations: [I1, I1]]\n"), ContainsSubstring("'I1' occurs twice"));
}

TEST_CASE("metrics are listed in the order of their names, each once, with a meaning") {
  const auto& metrics = metric_names();
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    CAPTURE(metrics[i].name);
    CHECK(std::string_view(metrics[i].meaning).size() > 5);
    if (i > 0) CHECK(std::string_view(metrics[i - 1].name) < metrics[i].name);
  }
}

TEST_CASE("several mistakes are reported together, ascending by position, at most twenty") {
  const auto loaded = load_scenario_text("expect: [nothing]\nseed: x\ncluster: {w: 9, q: 1}\nrun: 5\n", "story.yaml");
  REQUIRE_FALSE(loaded);
  const auto& complaints = loaded.error();
  REQUIRE(complaints.size() == 5);
  CHECK(std::is_sorted(complaints.begin(), complaints.end(), [](const Complaint& a, const Complaint& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  }));
  CHECK(complaints[0].line == 1);
  CHECK(complaints[4].line == 4);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "wrong" + std::to_string(i) + ": 1\n";
  const auto bounded = load_scenario_text(many, "story.yaml");
  REQUIRE_FALSE(bounded);
  CHECK(bounded.error().size() == kComplaintsMax);
  CHECK(bounded.error()[19].line == 20);
}

}  // namespace dkv::sim
