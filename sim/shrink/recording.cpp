#include "sim/shrink/recording.h"

#include <algorithm>
#include <map>
#include <memory>

#include "sim/draw/fault_schedule.h"
#include "sim/world/runner.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

// Remembers what clients did, and the commands.
class Recorder final : public Observer {
 public:
  Recorder(const Target& target, Recording& recording) : target_(target), recording_(recording) {}

  void on_operation(const OperationView& view) override {
    // A scripted session's own steps stand in the scenario already.
    if (view.step) return;
    Recording::Operation operation;
    Step& step = operation.step;
    step.at_ns = view.started_ns;
    step.kind = view.kind == OperationKind::kGet   ? StepKind::kGet
                : view.kind == OperationKind::kPut ? StepKind::kPut
                                                   : StepKind::kDelete;
    step.bucket = std::string(view.key->bucket());
    step.key = std::string(view.key->key());
    step.via = view.via;
    operation.tag = view.tag;
    operation.session = view.session;
    recording_.operations.push_back(std::move(operation));
  }
  void on_command(const Command& command, std::uint64_t, TimeNs at_ns) override {
    recording_.commands.emplace_back(command, at_ns);
  }
  void on_heal(TimeNs) override { healed_ = true; }
  void on_violation(const Violation& violation) override {
    const bool wanted = target_.kind == Target::Kind::kBreach && target_.breach == violation.breach;
    if (wanted && !healed_ && recording_.failed_at_ns < 0) recording_.failed_at_ns = violation.at_ns;
  }

 private:
  const Target& target_;
  Recording& recording_;
  bool healed_ = false;
};

// Writes that went without a context, although their session had written or read the key before.
void find_blind(const World& world, Recording& recording) {
  if (!world.judge()) return;
  std::map<std::pair<std::string, std::string>, std::map<WriteTag, bool>> saw;
  for (Recording::Operation& operation : recording.operations) {
    if (operation.tag == 0) continue;
    const auto [found, added] = saw.try_emplace({operation.step.bucket, operation.step.key});
    if (added) {
      const auto key = Key::make(operation.step.bucket, operation.step.key);
      for (const Oracle::WriteView& write : world.judge()->history_of(*key))
        found->second[write.tag] = !write.seen.empty();
    }
    const auto write = found->second.find(operation.tag);
    operation.blind = write != found->second.end() && !write->second;
  }
}

}  // namespace

Recording record_run(const Scenario& scenario, const Target& target) {
  Recording recording;
  Recorder recorder(target, recording);
  World world(std::make_shared<const Scenario>(scenario), scenario.seed,
              std::make_shared<const Schedule>(draw_schedule(scenario, scenario.seed)));
  while (world.step(&recorder)) {
  }
  recording.failures = failures_of(world, summarize(world));
  std::ranges::stable_sort(recording.operations, {}, [](const auto& operation) { return operation.step.at_ns; });
  find_blind(world, recording);
  return recording;
}

}  // namespace dkv::sim
