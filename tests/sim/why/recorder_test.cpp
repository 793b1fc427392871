#include "sim/why/recorder.h"

#include "tests/sim/why/rig.h"

namespace dkv::why {
namespace {

// The caches hold a few values only, so a look-up that counts as a use would change what they keep.
constexpr const char* kSmallCaches = R"(run: 4s
cluster: {nodes: 3, n: 3, r: 2, w: 2, storage: {cache: 8KiB}}
workload:
  clients: 6
  load: {rate: 300/s}
  mix: {get: 60, update: 40}
  keys: {count: 120}
  value: 100B
)";

TEST_CASE("a recorder leaves no trace in the run that it follows") {
  const auto scenario = std::make_shared<const sim::Scenario>(sim::load_good(kSmallCaches));
  const auto schedule = std::make_shared<const sim::Schedule>();
  const std::uint64_t plain = sim::run(scenario, 1, schedule).fingerprint;
  Follow follow{.failed = true};
  for (int i = 0; i < 8; ++i) follow.keys.push_back(*Key::make(kDefaultBucket, "k" + std::to_string(i)));
  sim::World world(scenario, 1, schedule);
  Recorder recorder(world, follow);
  while (recorder.step()) {
  }
  CHECK(world.fingerprint() == plain);
  const Record record = recorder.take();
  CHECK(record.operations.size() > 50);
  CHECK(record.changes.size() > 100);
}

}  // namespace
}  // namespace dkv::why
