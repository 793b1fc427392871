#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/story/words.h"

namespace dkv::story {

// Gathers which nodes lose and regain sight of which. A split of five nodes is twelve observations, and one line.
class Reach {
 public:
  // A gathering begins with the first change and lasts for this time.
  static constexpr TimeNs kGatherNs = kSecond;

  void changed(NodeId observer, NodeId peer, bool reachable, TimeNs now_ns);
  // A restarted node begins by trusting all peers.
  void restarted(NodeId node);
  bool gathering() const noexcept { return since_ns_ >= 0; }
  bool due(TimeNs now_ns) const noexcept { return gathering() && now_ns >= since_ns_ + kGatherNs; }
  // Ends the gathering. There is at most one line for losses and one for recoveries.
  std::vector<Row> take(const sim::Scenario& scenario, Why& why);

 private:
  using Pairs = std::set<std::pair<NodeId, NodeId>>;  // observer, peer
  Pairs unreachable_;                                 // as the story has told so far
  Pairs lost_, found_;                                // in this gathering
  TimeNs since_ns_ = -1;
};

}  // namespace dkv::story
