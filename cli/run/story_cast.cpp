#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/run/story.h"
#include "cli/terminal/text.h"
#include "engine/core/placement.h"
#include "sim/oracle/findings.h"

namespace dkv::cli {
namespace {

using sim::ClusterSpec;
using sim::Scenario;
using sim::WorkloadSpec;

std::string places(const ClusterSpec& cluster) {
  std::map<std::string, std::vector<std::string>> by_place;
  for (const Member& member : cluster.members) by_place[member.datacenter].push_back(member.name);
  if (by_place.size() < 2) return "";
  std::string text;
  for (const auto& [place, names] : by_place) {
    text += fmt::format("; in {}: {}", place.empty() ? "no data centre" : place, listed(names, 6));
  }
  return text;
}

std::string quorum_text(const ClusterSpec& cluster) {
  const std::uint32_t n = cluster.replicas, r = cluster.read_need, w = cluster.write_need;
  std::string text = fmt::format("n={} r={} w={}: a read waits for {}, a write for {}. ", n, r, w, counted(r, "answer"),
                                 counted(w, "durable copy", "durable copies"));
  text += r + w > n ? "r + w > n: each read and each write share a node"
                    : "r + w <= n: a read may ask only nodes that a write has not reached";
  if (cluster.read_primary > 0) text += fmt::format("; pr={}", cluster.read_primary);
  if (cluster.write_primary > 0) text += fmt::format("; pw={}", cluster.write_primary);
  if (cluster.mode == QuorumMode::kStrict) {
    return text + fmt::format(
                      ". Strict: only a key's {} primaries count; when too few of them can be reached, an "
                      "operation is refused.",
                      n);
  }
  return text + (r + w > n ? ", as long as those nodes can be reached" : "") +
         ". Sloppy: the next node stands in for an unreachable primary, keeps the copy as a hint, and delivers it "
         "later.";
}

std::string mix_text(const sim::Mix& mix) {
  const std::uint64_t all = std::uint64_t{mix.get} + mix.put + mix.blind_put + mix.update + mix.remove;
  std::vector<std::string> parts;
  const auto part = [&](std::uint32_t weight, const char* name) {
    if (weight > 0) parts.push_back(fmt::format("{}% {}", (200 * weight + all) / (2 * all), name));
  };
  if (all == 0) return "";
  part(mix.get, "gets");
  part(mix.put, "puts");
  part(mix.blind_put, "blind puts");
  part(mix.update, "updates (a get, then a put, counted as both)");
  part(mix.remove, "deletes");
  return listed(parts);
}

std::string load_text(const WorkloadSpec& load) {
  const char* choice = load.choice == sim::KeyChoice::kUniform   ? ""
                       : load.choice == sim::KeyChoice::kZipfian ? ", some keys far more often than others"
                                                                 : ", the latest written first";
  std::string pace = "each with a pause between its operations";
  if (load.shape == sim::LoadShape::kOpen)
    pace = fmt::format("{} operations a second in all", grouped(load.rate_per_s));
  return fmt::format("{}, {}: {}, on {}{}.", counted(load.clients, "client"), pace, mix_text(load.mix),
                     counted(load.keys, "key"), choice);
}

// The primaries of each key of the script.
std::string homes_text(const Scenario& scenario) {
  constexpr std::size_t kKeysMost = 6;
  const ClusterSpec& cluster = scenario.cluster;
  const auto placement = Placement::make(cluster.members, cluster.partitions, cluster.replicas);
  if (!placement || cluster.members.size() <= cluster.replicas) return "";
  std::vector<std::string> texts;
  std::vector<Key> told;
  for (const sim::Step& step : scenario.workload.steps) {
    const auto key = Key::make(step.bucket, step.key);
    if (!key || std::find(told.begin(), told.end(), *key) != told.end()) continue;
    told.push_back(*key);
    const auto nodes = (*placement)->primaries((*placement)->partition(key->hash()));
    texts.push_back(fmt::format("{} on {}", shown(sim::key_text(*key), 24), listed(node_names(scenario, nodes))));
  }
  const std::size_t all = texts.size();
  texts.resize(std::min(all, kKeysMost));
  std::string text;
  for (const std::string& one : texts) text += (text.empty() ? " " : "; ") + one;
  if (all > kKeysMost) text += fmt::format("; and {} more keys", all - kKeysMost);
  return all == 0 ? "" : text + ".";
}

std::string script_text(const WorkloadSpec& load) {
  std::vector<std::string> names;
  for (const sim::Step& step : load.steps) {
    if (std::find(names.begin(), names.end(), step.session) == names.end()) names.push_back(step.session);
  }
  return fmt::format("{} follow{} a script of {}.", listed(names), names.size() == 1 ? "s" : "",
                     counted(load.steps.size(), "step"));
}

std::string faults_text(const sim::Schedule& schedule) {
  const auto random = static_cast<std::uint64_t>(
      std::count_if(schedule.begin(), schedule.end(), [](const sim::Fault& fault) { return fault.random; }));
  if (schedule.empty()) return "none.";
  if (random == 0) return fmt::format("{}, as planned.", schedule.size());
  return fmt::format("{}: {} as planned, {} drawn by the seed.", schedule.size(), schedule.size() - random, random);
}

}  // namespace

void introduce(Page& page, const Scenario& scenario, const sim::Schedule& schedule, std::uint64_t seed) {
  page.line(scenario.name, Tone::kStrong);
  if (!scenario.about.empty()) page.paragraph(scenario.about, 2);
  page.blank();
  std::vector<std::string> names;
  for (const Member& member : scenario.cluster.members) names.push_back(member.name);
  page.item("cast", fmt::format("{}: {}; every key lives on {} of them{}.{}", counted(names.size(), "node"),
                                listed(names), std::min<std::size_t>(scenario.cluster.replicas, names.size()),
                                places(scenario.cluster), homes_text(scenario)));
  page.item("quorum", quorum_text(scenario.cluster));
  page.item("conflict",
            scenario.cluster.node.policy == ConflictPolicy::kSiblings
                ? "concurrent writes are all kept as siblings, until a client that has seen them "
                  "replaces them."
                : "last write wins: of concurrent writes the one with the latest timestamp stays, and the others are "
                  "discarded, although they were acknowledged.");
  if (scenario.workload.clients > 0) page.item("load", load_text(scenario.workload));
  if (!scenario.workload.steps.empty()) page.item("script", script_text(scenario.workload));
  page.item("faults", faults_text(schedule));
  page.item("play", fmt::format("seed {}; {} of load and faults, then everything heals and must converge within {}.",
                                seed, duration(scenario.run_ns), duration(scenario.heal_within_ns)));
  page.blank();
}

}  // namespace dkv::cli
