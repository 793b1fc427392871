#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/page.h"
#include "cli/play.h"
#include "cli/story_reach.h"
#include "cli/story_traffic.h"
#include "cli/story_words.h"

namespace dkv::cli {

// Tells a run while it happens, in lines in the order of time. However long the run: what happens all the time is
// summed up, and after the first dozens of each kind the rest is only counted.
class Story final : public Spectator {
 public:
  explicit Story(Page& page) : page_(page) {}

  void before(const sim::World& world) override;
  void after_step(const sim::World& world) override;
  void after(const sim::World& world, const sim::RunResult& result) override;
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_operation(const sim::OperationView& view) override;
  void on_heal(TimeNs now_ns) override;
  void on_converged(TimeNs now_ns) override;
  void on_violation(const sim::Violation& violation) override;

 private:
  // How many lines of a kind are told; the rest is counted.
  struct Budget {
    std::uint64_t left;
    std::uint64_t hidden = 0;
    bool spend() { return left > 0 ? (--left, true) : (++hidden, false); }
  };

  void tell(Row row);
  void print(const Row& row) { page_.moment(row.at_ns, row.who, row.text, row.tone); }
  void close_gathering();
  void tell_returned();
  void close_phase(TimeNs now_ns, bool however_short);
  void hint_observed(NodeId node, const Observation& observation, TimeNs now_ns);
  void disk_observed(NodeId node, const Observation& observation, TimeNs now_ns);  // story_disk.cpp
  bool told_respawn(NodeId node, TimeNs now_ns);
  void stale_read(TimeNs now_ns);
  std::string name(NodeId node) const;

  Page& page_;
  const sim::Scenario* scenario_ = nullptr;
  Why why_;
  Reach reach_;
  Traffic traffic_;
  std::vector<Row> waiting_;  // behind a gathering, which is told at the time of its beginning
  std::map<NodeId, TimeNs> down_since_;
  std::vector<NodeId> returned_;  // at returned_ns_
  TimeNs returned_ns_ = 0;
  struct LastRead {
    std::string who, key;
    NodeId via = kNoNode;
  };
  LastRead last_read_;
  std::uint64_t stale_reads_seen_ = 0;
  std::size_t failed_steps_seen_ = 0;
  Budget faults_{40}, peers_{24}, steps_{300}, stale_{2}, violations_{10}, disks_{24};
  std::map<NodeId, TimeNs> failed_at_;  // nodes that stopped because their disk failed them
  bool converged_ = false;
};

}  // namespace dkv::cli
