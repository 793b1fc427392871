#include "cli/run/result_json.h"

#include <algorithm>
#include <cmath>

#include "cli/terminal/text.h"
#include "engine/input/units.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/load.h"
#include "sim/world/populations.h"

namespace dkv::cli {
namespace {

double seconds(TimeNs time_ns) {
  return static_cast<double>(time_ns) / 1e9;
}
double milliseconds(TimeNs time_ns) {
  return static_cast<double>(time_ns) / 1e6;
}

Json node_json(const sim::Scenario& scenario, NodeId node) {
  return node == kNoNode ? Json(nullptr) : Json(node_name(scenario, node));
}

Json losses_json(const std::vector<sim::Excused>& losses, const sim::Scenario& scenario) {
  Json list = Json::array();
  for (const sim::Excused& loss : losses) {
    list.push_back({{"at", seconds(loss.at_ns)},
                    {"node", node_json(scenario, loss.node)},
                    {"key", loss.key},
                    {"write", loss.write},
                    {"detail", loss.detail}});
  }
  return list;
}

Json violations_json(const std::vector<sim::Violation>& violations, const sim::Scenario& scenario) {
  Json list = Json::array();
  for (const sim::Violation& violation : violations) {
    list.push_back({{"invariant", sim::invariant_code(violation.invariant)},
                    {"name", sim::invariant_name(violation.invariant)},
                    {"breach", sim::about(violation.breach).word},
                    {"at", seconds(violation.at_ns)},
                    {"node", node_json(scenario, violation.node)},
                    {"other_node", node_json(scenario, violation.other)},
                    {"key", violation.key},
                    {"writes", violation.writes},
                    {"detail", violation.detail}});
  }
  return list;
}

Json not_judged_json(const std::vector<sim::NotJudged>& not_judged) {
  Json list = Json::array();
  for (const sim::NotJudged& one : not_judged) {
    list.push_back({{"invariant", sim::invariant_code(one.invariant)}, {"why", one.why}});
  }
  return list;
}

Json faults_json(const sim::RunResult& result, const sim::Scenario& scenario) {
  Json list = Json::array();
  for (std::uint32_t i = 0; i < result.faults.size(); ++i) {
    const sim::Fault& fault = result.faults[i];
    list.push_back({{"at", seconds(fault.at_ns)},
                    {"for", fault.for_ns > 0 ? Json(seconds(fault.for_ns)) : Json(nullptr)},
                    {"kind", sim::fault_name(fault.kind)},
                    {"random", fault.random},
                    {"changed_nothing", std::ranges::count(result.world.idle_faults, i) > 0},
                    {"fault", sim::write_fault(fault, scenario)}});
  }
  return list;
}

}  // namespace

Json result_json(const sim::RunResult& result, const sim::Scenario& scenario) {
  Json operations = Json::object();
  Json latency = Json::object();
  Json service = Json::object();
  const auto spread_json = [](const sim::Histogram& spread) {
    return Json{{"p50", milliseconds(spread.quantile(5000))},
                {"p99", milliseconds(spread.quantile(9900))},
                {"p999", milliseconds(spread.quantile(9990))}};
  };
  for (std::size_t kind = 0; kind < sim::kOperationKinds; ++kind) {
    const char* name = sim::operation_name(static_cast<sim::OperationKind>(kind));
    const sim::OperationCount& count = result.operations[kind];
    operations[name] = {{"ok", count.ok}, {"failed", count.refused}, {"unknown", count.unknown}};
    latency[name] = spread_json(result.latency[kind]);
    service[name] = spread_json(result.service[kind]);
  }
  Json stats = Json::object();
  // Null: the value means nothing, because the thing that it counts never happened.
  const auto stat = [&](std::string_view name) {
    return sim::nothing_behind(name, result) != nullptr ? Json() : json_number(result.metrics.at(std::string(name)));
  };
  for (const auto& [name, value] : result.metrics) stats[name] = stat(name);
  return {{"scenario", result.scenario},
          {"seed", result.seed},
          {"verdict", result.pass ? "pass" : "fail"},
          {"fingerprint", hex16(result.fingerprint)},
          {"events", result.events},
          {"sim_seconds", seconds(result.sim_ns)},
          {"wall_seconds", result.wall_seconds},
          {"operations", std::move(operations)},
          {"availability", stat("availability")},
          {"latency", std::move(latency)},
          {"service", std::move(service)},
          {"waiting", spread_json(result.waiting)},
          {"violations", violations_json(result.violations, scenario)},
          {"expected_violations", violations_json(result.expected_violations, scenario)},
          {"not_judged", not_judged_json(result.not_judged)},
          {"excused", losses_json(result.excused, scenario)},
          {"discarded", losses_json(result.discarded, scenario)},
          {"failed_expectations", result.failed_expectations},
          {"faults", faults_json(result, scenario)},
          {"stats", std::move(stats)}};
}

}  // namespace dkv::cli
