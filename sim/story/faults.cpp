#include <fmt/format.h>

#include <algorithm>

#include "engine/core/assert.h"
#include "sim/faults/catalogue.h"
#include "sim/story/text.h"
#include "sim/story/words.h"

namespace dkv::story {
namespace {

using sim::Fault;
using sim::Scenario;

std::string group(const Fault& fault, std::size_t index, const Scenario& scenario) {
  return index < fault.groups.size() ? joined(node_names(scenario, fault.groups[index]), 6) : "all other nodes";
}

std::string how_long(const Fault& fault) {
  return fault.for_ns == 0 ? ", until the heal" : ", for " + duration(fault.for_ns);
}

std::string ppm(std::uint32_t parts) {
  return fmt::format("{:.4g}%", static_cast<double>(parts) / 1e4);
}

// The links of the fault: "between n1 and n2" or "among n1 and n2".
std::string links(const Fault& fault, const Scenario& scenario) {
  if (fault.groups.size() >= 2) {
    return fmt::format("between {} and {}", group(fault, 0, scenario), group(fault, 1, scenario));
  }
  if (fault.groups.size() == 1 && fault.groups[0].size() < scenario.cluster.members.size()) {
    return "among " + group(fault, 0, scenario);
  }
  return "on all links";
}

std::string sides(const Fault& fault, const Scenario& scenario) {
  std::string text;
  for (std::size_t i = 0; i < fault.groups.size(); ++i) text += (i == 0 ? "" : " | ") + group(fault, i, scenario);
  return text;
}

// The nodes that are in no set; empty when there are none.
std::string bridge(const Fault& fault, const Scenario& scenario) {
  std::size_t inside = 0;
  for (const std::vector<NodeId>& nodes : fault.groups) inside += nodes.size();
  const std::size_t outside = scenario.cluster.members.size() - std::min(inside, scenario.cluster.members.size());
  if (outside == 0) return {};
  return fmt::format(" ({} still {} all sides)", counted(outside, "node"), outside == 1 ? "reaches" : "reach");
}

std::string skew(TimeNs by_ns) {
  return fmt::format("{} {}", duration(by_ns < 0 ? -by_ns : by_ns), by_ns < 0 ? "behind" : "ahead");
}

// The text that replaces a word in braces (FaultStory).
std::string meaning(std::string_view word, const Fault& fault, const Scenario& scenario, bool many) {
  if (word == "disk") return many ? "their disks" : "its disk";
  if (word == "rate") return ppm(fault.rate_ppm);
  if (word == "by") return fault.delay_text;
  if (word == "skew") return skew(fault.skew_ns);
  if (word == "links") return links(fault, scenario);
  if (word == "sides") return sides(fault, scenario);
  if (word == "bridge") return bridge(fault, scenario);
  if (word == "source") return group(fault, 1, scenario);
  if (word == "moment") return duration(fault.to_ns);
  if (word == "ends") return fault.from + " - " + fault.to;
  if (word == "way") return fmt::format("from {} to {}", group(fault, 0, scenario), group(fault, 1, scenario));
  DKV_ASSERT(!"a word in braces that no story knows");
  return {};
}

// The words of the catalogue, filled in for this fault.
std::string told(std::string_view words, const Fault& fault, const Scenario& scenario, bool many) {
  std::string text;
  for (std::size_t at = 0; at < words.size();) {
    const char open = words[at];
    if (open != '{' && open != '[') {
      text += words[at++];
      continue;
    }
    const std::size_t end = words.find(open == '{' ? '}' : ']', at);
    DKV_ASSERT(end != std::string_view::npos);
    const std::string_view inside = words.substr(at + 1, end - at - 1);
    if (open == '{') {
      text += meaning(inside, fault, scenario, many);
    } else {
      const std::size_t bar = inside.find('|');
      DKV_ASSERT(bar != std::string_view::npos);
      text += many ? inside.substr(bar + 1) : inside.substr(0, bar);
    }
    at = end + 1;
  }
  return text;
}

// Few names fit into the column. More are moved into the text.
std::string hit_column(const Fault& fault, const Scenario& scenario, std::string& prefix) {
  const std::string names = group(fault, 0, scenario);
  if (columns_of(names) <= 9) return names;
  prefix = names + ": ";
  return "nodes";
}

}  // namespace

FaultWords words_of(const Fault& fault, const Scenario& scenario) {
  const sim::FaultTraits& traits = sim::traits_of(fault.kind);
  std::string prefix;
  const bool network = traits.layer == sim::FaultLayer::kNetwork;
  const std::string who = network ? "network" : hit_column(fault, scenario, prefix);
  const bool many = !network && !fault.groups.empty() && fault.groups[0].size() > 1;
  const std::string ends = told(traits.story.ends, fault, scenario, many);
  const bool lww = scenario.cluster.node.policy == ConflictPolicy::kLastWriteWins;
  return {.who = who,
          .begins =
              prefix + told(traits.story.begins, fault, scenario, many) + (traits.strikes_once ? "" : how_long(fault)),
          .ends = ends.empty() ? ends : prefix + ends,
          .why = lww && !traits.story.why_under_lww.empty() ? traits.story.why_under_lww : traits.story.why};
}

}  // namespace dkv::story
