#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/histogram.h"
#include "sim/story/words.h"

namespace dkv::story {

// Sums up the frequent events between two lines of their own: the random load, hints, repairs.
class Traffic {
 public:
  void operation(const sim::OperationView& view);
  void stale_read() { ++stale_reads_; }
  void hint_stored(NodeId keeper, NodeId target) { ++stored_[{keeper, target}]; }
  void hint_delivered(NodeId keeper, NodeId target) { ++delivered_[{keeper, target}]; }
  void hint_expired() { ++expired_; }
  void hint_refused() { ++refused_hints_; }
  void read_repair() { ++read_repairs_; }
  void reaped() { ++reaped_; }
  void shortened() { ++shortened_; }
  void anti_entropy_sent() { ++anti_entropy_sents_; }
  void peers_changed() { ++peer_changes_; }  // changes without a line of their own

  // Returns the lines for the time since the last call, and begins again.
  std::vector<Row> take(const sim::Scenario& scenario, TimeNs now_ns, Why& why);
  TimeNs since_ns() const noexcept { return since_ns_; }

 private:
  using Pairs = std::map<std::pair<NodeId, NodeId>, std::uint64_t>;
  std::string load_text(TimeNs now_ns) const;
  std::string hint_text(const sim::Scenario& scenario, TimeNs now_ns) const;
  std::string repair_text(TimeNs now_ns, Why& why) const;

  TimeNs since_ns_ = 0;
  std::array<sim::OperationCount, sim::kOperationKinds> counts_{};
  sim::Histogram service_, waiting_;
  std::map<std::string, std::uint64_t> refusals_, doubts_;  // by reason
  std::uint64_t stale_reads_ = 0;
  Pairs stored_, delivered_;
  std::uint64_t expired_ = 0, refused_hints_ = 0, read_repairs_ = 0, reaped_ = 0, shortened_ = 0,
                anti_entropy_sents_ = 0, peer_changes_ = 0;
};

}  // namespace dkv::story
