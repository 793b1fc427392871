#include <string>
#include <vector>

#include "engine/core/assert.h"
#include "engine/input/units.h"
#include "sim/scenario/load.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

std::string set_text(const std::vector<NodeId>& nodes, const Scenario& scenario) {
  std::string text;
  for (const NodeId node : nodes) {
    DKV_ASSERT(node < scenario.cluster.members.size());
    text += (text.empty() ? "" : ", ") + flow_word(scenario.cluster.members[node].name);
  }
  return "[" + text + "]";
}

std::string sets_text(const Fault& fault, const Scenario& scenario) {
  std::string text;
  for (const std::vector<NodeId>& group : fault.groups) {
    text += (text.empty() ? "" : ", ") + set_text(group, scenario);
  }
  return "[" + text + "]";
}

std::string delay_text(const Fault& fault) {
  if (!fault.delay_text.empty()) return fault.delay_text;
  DKV_ASSERT(fault.delay.least() == fault.delay.greatest());
  return duration_text(fault.delay.least());
}

std::string links_text(const Fault& fault, const Scenario& scenario) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (fault.groups.size() == 1) add("of: " + set_text(fault.groups[0], scenario));
  if (fault.groups.size() > 1) add("between: " + sets_text(fault, scenario));
  if (fault.kind != FaultKind::kDelay) add("rate: " + percent_text(fault.rate_ppm));
  if (fault.kind == FaultKind::kDelay || fault.kind == FaultKind::kReorder) add("by: " + delay_text(fault));
  return "{" + text + "}";
}

std::string what_text(const Fault& fault, const Scenario& scenario) {
  switch (fault.kind) {
    case FaultKind::kPartition: return sets_text(fault, scenario);
    case FaultKind::kOneWay:
    case FaultKind::kClog: {
      DKV_ASSERT(!fault.groups.empty() && fault.groups.size() <= 2);
      std::string text = "{from: " + set_text(fault.groups[0], scenario);
      if (fault.groups.size() == 2) text += ", to: " + set_text(fault.groups[1], scenario);
      return text + "}";
    }
    case FaultKind::kLoss:
    case FaultKind::kDuplicate:
    case FaultKind::kReorder:
    case FaultKind::kDelay: return links_text(fault, scenario);
    case FaultKind::kLinkDown: return "[" + flow_word(fault.from) + ", " + flow_word(fault.to) + "]";
    case FaultKind::kCrash:
    case FaultKind::kPowerLoss:
    case FaultKind::kPause:
    case FaultKind::kWipe:
    case FaultKind::kFailSync:
    case FaultKind::kBitRot:
    case FaultKind::kMisdirected:
    case FaultKind::kStalledDisk:
    case FaultKind::kDiskFull: DKV_ASSERT(fault.groups.size() == 1); return set_text(fault.groups[0], scenario);
    case FaultKind::kReadErrors:
      DKV_ASSERT(fault.groups.size() == 1);
      return "{nodes: " + set_text(fault.groups[0], scenario) + ", rate: " + percent_text(fault.rate_ppm) + "}";
    case FaultKind::kSlow:
    case FaultKind::kSlowDisk:
    case FaultKind::kClockSkew: {
      DKV_ASSERT(fault.groups.size() == 1);
      const bool skew = fault.kind == FaultKind::kClockSkew;
      return "{nodes: " + set_text(fault.groups[0], scenario) +
             ", by: " + (skew ? duration_text(fault.skew_ns) : delay_text(fault)) + "}";
    }
  }
  return {};  // not reached
}

}  // namespace

std::string write_fault(const Fault& fault, const Scenario& scenario) {
  std::string text = "{at: " + duration_text(fault.at_ns);
  if (fault.for_ns != 0) text += ", for: " + duration_text(fault.for_ns);
  text += std::string(", ") + fault_name(fault.kind) + ": " + what_text(fault, scenario);
  if (fault.random) text += ", drawn: true";
  return text + "}";
}

std::string write_schedule(const Schedule& schedule, const Scenario& scenario) {
  if (schedule.empty()) return "schedule: []\n";
  std::string text = "schedule:\n";
  for (const Fault& fault : schedule) text += "  - " + write_fault(fault, scenario) + "\n";
  return text;
}

}  // namespace dkv::sim
