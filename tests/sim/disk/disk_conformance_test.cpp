// The simulator's disks must pass the tests for every disk, so that they show no behaviour that real disks do not
// have.
#include "tests/ports/disk_conformance.h"

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "sim/disk/disk_folder.h"
#include "tests/catch.h"
#include "tests/sim/disk/disk_desk.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

// Replaces the world: draws the duration of each request, so that answers of different files overtake each other.
class FolderHost final : public conformance::DiskHost {
 public:
  explicit FolderHost(std::uint64_t seed) : seed_(seed), latencies_(disk_draws(seed)) {}

  void submit(DiskRequest request) override {
    const DiskFolder::Begun begun = folder_.begin(std::move(request));
    const auto latency_ns = static_cast<TimeNs>(1 + latencies_.below(1000));
    ends_.emplace(folder_.end_time(begun.id, now_ns_ + latency_ns), begun.id);
  }
  std::vector<DiskDone> run() override {
    std::vector<DiskDone> answers;
    for (const auto& [at_ns, operation] : std::exchange(ends_, {})) {
      now_ns_ = at_ns;
      answers.push_back(folder_.finish(operation));
    }
    return answers;
  }
  void restart() override { folder_.process_crash(); }
  bool lose_power() override {
    folder_.power_loss(disk_draws(seed_, ++power_losses_));
    return true;
  }

 private:
  std::uint64_t seed_ = 0;
  Stream latencies_;
  DiskFolder folder_;
  TimeNs now_ns_ = 0;
  std::set<std::pair<TimeNs, DiskFolder::OperationId>> ends_;
  std::uint64_t power_losses_ = 0;
};

}  // namespace

TEST_CASE("a simulated folder is a disk, for any durations of requests and any result of a power loss") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 5));
  CAPTURE(seed);
  conformance::check_disk_conformance([seed] { return std::make_unique<FolderHost>(seed); });
}
