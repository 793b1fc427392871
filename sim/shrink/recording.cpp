#include "sim/shrink/recording.h"

#include <algorithm>
#include <map>
#include <memory>

#include "sim/draw/fault_schedule.h"
#include "sim/watch/moment.h"
#include "sim/world/runner.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

StepKind step_kind(OperationKind kind) {
  switch (kind) {
    case OperationKind::kGet: return StepKind::kGet;
    case OperationKind::kPut: return StepKind::kPut;
    case OperationKind::kDelete: return StepKind::kDelete;
  }
  return StepKind::kGet;
}

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
    step.kind = step_kind(view.kind);
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
    if (target_.kind != Target::Kind::kBreach || target_.breach != violation.breach || found_) return;
    found_ = true;
    if (!healed_) recording_.failed_at_ns = violation.at_ns;
    recording_.failures.push_back(
        {.target = target_, .at_ns = violation.at_ns, .key = violation.key, .detail = violation.detail});
  }
  bool found() const noexcept { return found_; }
  bool healed() const noexcept { return healed_; }

 private:
  const Target& target_;
  Recording& recording_;
  bool healed_ = false;
  bool found_ = false;
};

// Operations that have begun and not ended; scripted ones stand in the scenario already.
void add_running(const World& world, Recording& recording) {
  for (const RunningOperation& running : world.clients().running()) {
    if (running.session_name) continue;
    Recording::Operation operation;
    operation.step = {.at_ns = running.started_ns,
                      .kind = step_kind(running.kind),
                      .bucket = std::string(running.key->bucket()),
                      .key = std::string(running.key->key()),
                      .via = running.via};
    operation.session = running.session;
    recording.operations.push_back(std::move(operation));
  }
}

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
  const bool aborts = target.kind == Target::Kind::kAborted;
  while (!recorder.found() && !(aborts && world.events() >= target.events_before) && world.step(&recorder)) {
  }
  if (world.ended()) {
    recording.failures = failures_of(world, summarize(world));
  } else {
    add_running(world, recording);
  }
  if (aborts && !recorder.healed()) recording.failed_at_ns = world.now();
  std::ranges::stable_sort(recording.operations, {}, [](const auto& operation) { return operation.step.at_ns; });
  find_blind(world, recording);
  return recording;
}

}  // namespace dkv::sim
