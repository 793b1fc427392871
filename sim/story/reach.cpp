#include "sim/story/reach.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/story/text.h"

namespace dkv::story {
namespace {

using Pairs = std::set<std::pair<NodeId, NodeId>>;
using Nodes = std::vector<NodeId>;

constexpr std::size_t kClausesMost = 4;

std::string names(const sim::Scenario& scenario, const Nodes& nodes) {
  return joined(node_names(scenario, nodes), 5);
}

// Observers that see the same peers share one clause. Two groups that see each other in the same way share one, too.
std::string clauses(const Pairs& pairs, const sim::Scenario& scenario, const char* mutual, const char* one_way) {
  std::map<NodeId, Nodes> peers_of;
  for (const auto& [observer, peer] : pairs) peers_of[observer].push_back(peer);
  std::map<Nodes, Nodes> observers_of;
  for (const auto& [observer, peers] : peers_of) observers_of[peers].push_back(observer);
  std::vector<std::string> texts;
  for (const auto& [peers, observers] : observers_of) {
    const auto back = observers_of.find(observers);
    const bool both = back != observers_of.end() && back->second == peers;
    if (both && observers < peers) continue;  // the mirror image covers it
    texts.push_back(both ? fmt::format("{} | {} {}", names(scenario, peers), names(scenario, observers), mutual)
                         : fmt::format(fmt::runtime(one_way), names(scenario, observers), names(scenario, peers)));
  }
  const std::size_t all = texts.size();
  texts.resize(std::min(all, kClausesMost));
  std::string text;
  for (const std::string& one : texts) text += (text.empty() ? "" : "; ") + one;
  if (all > kClausesMost) text += fmt::format("; and {} more such groups", all - kClausesMost);
  return text;
}

}  // namespace

void Reach::changed(NodeId observer, NodeId peer, bool reachable, TimeNs now_ns) {
  const std::pair<NodeId, NodeId> pair{observer, peer};
  Pairs& here = reachable ? found_ : lost_;
  Pairs& there = reachable ? lost_ : found_;
  if (there.erase(pair) > 0) return;  // it was undone before the story told it
  if (unreachable_.contains(pair) != reachable) return;
  here.insert(pair);
  if (!gathering()) since_ns_ = now_ns;
}

void Reach::restarted(NodeId node) {
  const auto of_node = [node](const auto& pair) { return pair.first == node; };
  std::erase_if(unreachable_, of_node);
  std::erase_if(lost_, of_node);
  std::erase_if(found_, of_node);
}

std::vector<Row> Reach::take(const sim::Scenario& scenario, Why& why) {
  std::vector<Row> rows;
  if (!lost_.empty()) {
    rows.push_back(
        {since_ns_, "peers",
         clauses(lost_, scenario, "no longer hear each other", "{} can no longer hear or reach {}") +
             why("lost", "until they do, no request is sent there, so no operation waits for a silent peer")});
  }
  if (!found_.empty()) {
    rows.push_back(
        {since_ns_, "peers", clauses(found_, scenario, "hear each other again", "{} can reach {} again"), Tone::kGood});
  }
  unreachable_.insert(lost_.begin(), lost_.end());
  for (const auto& pair : found_) unreachable_.erase(pair);
  lost_.clear();
  found_.clear();
  since_ns_ = -1;
  return rows;
}

}  // namespace dkv::story
