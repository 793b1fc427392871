#include "cli/run/setback_list.h"

#include "cli/terminal/text.h"
#include "sim/faults/catalogue.h"
#include "sim/story/setbacks.h"

namespace dkv::cli {

Json setback_json(const sim::Setback& setback, const sim::StaleCause& cause, const sim::Scenario& scenario) {
  const auto seconds = [](TimeNs at_ns) { return static_cast<double>(at_ns) / 1e9; };
  const auto node_json = [&](NodeId node) { return node == kNoNode ? Json(nullptr) : Json(node_name(scenario, node)); };
  Json json = {{"kind", sim::setback_name(setback.kind)},
               {"at", seconds(setback.at_ns)},
               {"key", setback.key},
               {"write", setback.write},
               {"acknowledged_at", seconds(setback.acknowledged_ns)},
               {"by", setback.by == 0 ? Json(nullptr) : Json(setback.by)},
               {"node", node_json(setback.node)},
               {"words", harmless(story::setback_words(setback, cause, scenario))}};
  if (setback.kind == sim::SetbackKind::kStaleRead || setback.kind == sim::SetbackKind::kReturned) {
    json["session"] = setback.session;
    json["started"] = seconds(setback.started_ns);
  }
  if (setback.kind != sim::SetbackKind::kStaleRead) return json;
  json["known"] = cause.known;
  json["coordinator"] = node_json(cause.coordinator);
  json["answered"] = Json::array();
  for (const sim::Answered& answered : cause.answered) {
    json["answered"].push_back({{"node", node_json(answered.node)},
                                {"own", answered.own},
                                {"why", story::absence_name(answered.why)},
                                {"at", answered.at_ns < 0 ? Json(nullptr) : Json(seconds(answered.at_ns))},
                                {"fault", answered.fault ? Json(sim::fault_name(*answered.fault)) : Json(nullptr)}});
  }
  json["holders"] = Json::array();
  for (const sim::Holder& holder : setback.holders) {
    json["holders"].push_back({{"node", node_json(holder.node)}, {"hint_for", node_json(holder.owner)}});
  }
  return json;
}

void SetbackList::before(const sim::World& world) {
  scenario_ = &world.scenario();
  witness_.emplace(world.scenario());
  clear_forwards();
  forward_to(*witness_);
}

void SetbackList::on_setback(const sim::Setback& setback) {
  if (list_.size() >= kMost) return;
  const bool stale = setback.kind == sim::SetbackKind::kStaleRead;
  list_.push_back(setback_json(setback, stale ? witness_->cause_of(setback) : sim::StaleCause(), *scenario_));
}

}  // namespace dkv::cli
