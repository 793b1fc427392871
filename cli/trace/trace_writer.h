#pragma once

#include <memory>
#include <string>

#include "cli/run/play.h"
#include "cli/run/source.h"
#include "sim/watch/witness.h"

namespace dkv::cli {

class ZstdWriter;

// Writes every event of a run as one line of JSON, compressed with zstd on the way. The first line is a header with
// the data that a replay needs; the last one is the result. Times ("t") are nanoseconds of the run, and "n" numbers
// the event. `distri-kv run --trace` writes such a file.
class TraceWriter final : public Spectator {
 public:
  static Found<std::unique_ptr<TraceWriter>> open(const std::string& path, const Source& source);
  ~TraceWriter() override;

  // Writes the rest. Call it once, after the run.
  Found<void> finish();

  void after(const sim::World& world, const sim::RunResult& result) override;
  void on_event(const sim::EventView& view) override;
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_operation(const sim::OperationView& view) override;
  void on_heal(TimeNs now_ns) override;
  void on_converged(TimeNs now_ns) override;
  void on_violation(const sim::Violation& violation) override;
  void on_setback(const sim::Setback& setback) override;
  void on_fault_number(std::uint32_t number) override { witness_.on_fault_number(number); }
  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs now_ns) override {
    witness_.on_turn(node, effects, now_ns);
  }
  void on_lost(const sim::Flight& flight, TimeNs now_ns) override { witness_.on_lost(flight, now_ns); }
  bool wants_events() const override { return true; }

 private:
  TraceWriter(std::unique_ptr<ZstdWriter> file, std::shared_ptr<const sim::Scenario> scenario);

  std::unique_ptr<ZstdWriter> file_;
  std::shared_ptr<const sim::Scenario> scenario_;
  sim::Witness witness_;
};

}  // namespace dkv::cli
