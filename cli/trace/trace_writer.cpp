#include "cli/trace/trace_writer.h"

#include "cli/run/result_json.h"
#include "cli/run/setback_list.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/text.h"
#include "cli/trace/trace_format.h"
#include "cli/trace/trace_message.h"
#include "cli/trace/zstd_file.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/load.h"

namespace dkv::cli {
namespace {

constexpr Word<TimerKind> kTimers[] = {{"heartbeat", TimerKind::kHeartbeat},
                                       {"hints", TimerKind::kHints},
                                       {"anti_entropy", TimerKind::kAntiEntropy},
                                       {"operations", TimerKind::kOperations},
                                       {"storage", TimerKind::kStorage}};
static_assert(names_each(kTimers));

constexpr Word<sim::NodeChange> kChanges[] = {
    {"started", sim::NodeChange::kStarted},      {"crashed", sim::NodeChange::kCrashed},
    {"lost_power", sim::NodeChange::kLostPower}, {"wiped", sim::NodeChange::kWiped},
    {"paused", sim::NodeChange::kPaused},        {"resumed", sim::NodeChange::kResumed}};
static_assert(names_each(kChanges));

// Whether the number of this observation identifies a node.
bool numbers_a_node(Observed what) {
  return what == Observed::kFallbackUsed;
}

void put(ZstdWriter& file, const Json& json) {
  file.write(json_line(json));
  file.write("\n");
}

}  // namespace

TraceWriter::TraceWriter(std::unique_ptr<ZstdWriter> file, std::shared_ptr<const sim::Scenario> scenario)
    : file_(std::move(file)), scenario_(std::move(scenario)), witness_(*scenario_) {}

TraceWriter::~TraceWriter() = default;

Found<std::unique_ptr<TraceWriter>> TraceWriter::open(const std::string& path, const Source& source) {
  auto file = ZstdWriter::open(path);
  if (!file) return tl::unexpected(std::move(file.error()));
  Json header = {{"kind", "header"},
                 {"format", kTraceFormat},
                 {"build", build_text()},
                 {"scenario", source.scenario->name},
                 {"seed", source.seed}};
  Json nodes = Json::array();
  for (const Member& member : source.scenario->cluster.members) nodes.push_back(member.name);
  header["nodes"] = std::move(nodes);
  header["replicas"] = source.scenario->cluster.replicas;
  if (source.swarm_seed) {
    header["swarm_seed"] = *source.swarm_seed;
  } else {
    header["scenario_text"] = source.scenario_text;
    header["set"] = source.overrides;
  }
  header["schedule"] = sim::write_schedule(*source.schedule, *source.scenario);
  put(**file, header);
  return std::unique_ptr<TraceWriter>(new TraceWriter(std::move(*file), source.scenario));
}

Found<void> TraceWriter::finish() {
  return file_->finish();
}

void TraceWriter::on_setback(const sim::Setback& setback) {
  const bool stale = setback.kind == sim::SetbackKind::kStaleRead;
  Json line = {{"kind", "setback"}, {"t", setback.at_ns}};
  Json about = setback_json(setback, stale ? witness_.cause_of(setback) : sim::StaleCause(), *scenario_);
  about["setback"] = about["kind"];
  about.erase("kind");
  about.erase("at");
  line.update(about);
  put(*file_, line);
}

void TraceWriter::on_event(const sim::EventView& view) {
  witness_.on_event(view);
  Json line = {{"kind", sim::event_word(view.kind)}, {"t", view.at_ns}, {"n", view.number}};
  if (view.node != kNoNode) line["node"] = node_name(*scenario_, view.node);
  if (view.from != kNoNode) line["from"] = node_name(*scenario_, view.from);
  if (view.message) {
    add_message(line, *view.message, *scenario_);
  } else if (view.request) {
    line["token"] = view.detail;
    add_request(line, *view.request);
  } else if (view.reply) {
    line["token"] = view.detail;
    add_reply(line, *view.reply, *scenario_);
  } else if (view.kind == sim::EventKind::kTimer) {
    line["timer"] = name_of(kTimers, static_cast<TimerKind>(view.detail));
  } else if (view.kind != sim::EventKind::kPoll) {
    line["detail"] = view.detail;
  }
  put(*file_, line);
}

void TraceWriter::on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) {
  witness_.on_fault(fault, begins, now_ns);
  put(*file_, {{"kind", "fault"},
               {"t", now_ns},
               {"begins", begins},
               {"fault_kind", sim::fault_name(fault.kind)},
               {"fault", sim::write_fault(fault, *scenario_)}});
}

void TraceWriter::on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) {
  witness_.on_node(node, change, now_ns);
  put(*file_,
      {{"kind", "node"}, {"t", now_ns}, {"node", node_name(*scenario_, node)}, {"change", name_of(kChanges, change)}});
}

void TraceWriter::on_observation(NodeId node, const Observation& observation, TimeNs now_ns) {
  witness_.on_observation(node, observation, now_ns);
  Json line = {{"kind", "observed"},
               {"t", now_ns},
               {"node", node_name(*scenario_, node)},
               {"what", observed_name(observation.what)}};
  if (observation.peer != kNoNode) line["peer"] = node_name(*scenario_, observation.peer);
  if (numbers_a_node(observation.what)) {
    line["for"] = node_name(*scenario_, static_cast<NodeId>(observation.number));
  } else if (observation.number != 0) {
    line["number"] = observation.number;
  }
  if (!observation.key.empty()) line["key"] = key_text(observation.key);
  put(*file_, line);
}

void TraceWriter::on_operation(const sim::OperationView& view) {
  Json line = {{"kind", "operation"},
               {"t", view.finished_ns},
               {"started", view.started_ns},
               {"operation", sim::operation_name(view.kind)},
               {"session", view.session}};
  if (view.session_name) line["name"] = view.session_name;
  line["via"] = node_name(*scenario_, view.via);
  line["key"] = key_text(*view.key);
  if (view.kind != sim::OperationKind::kGet) line["tag"] = view.tag;
  if (view.step && view.value) line["value"] = view.value->view();
  if (view.reply) {
    add_reply(line, *view.reply, *scenario_);
  } else {
    line["outcome"] = "unknown";
    line["why"] = "client_gave_up";
  }
  put(*file_, line);
}

void TraceWriter::on_heal(TimeNs now_ns) {
  put(*file_, {{"kind", "healed"}, {"t", now_ns}});
}
void TraceWriter::on_converged(TimeNs now_ns) {
  put(*file_, {{"kind", "converged"}, {"t", now_ns}});
}

void TraceWriter::on_violation(const sim::Violation& violation) {
  put(*file_, {{"kind", "violation"},
               {"t", violation.at_ns},
               {"invariant", sim::invariant_code(violation.invariant)},
               {"node", violation.node == kNoNode ? Json(nullptr) : Json(node_name(*scenario_, violation.node))},
               {"key", violation.key},
               {"detail", violation.detail}});
}

void TraceWriter::after(const sim::World&, const sim::RunResult& result) {
  Json line = result_json(result, *scenario_);
  line.erase("wall_seconds");  // so that the same run writes the same trace
  Json last = {{"kind", "result"}};
  last.update(line);
  put(*file_, last);
}

}  // namespace dkv::cli
