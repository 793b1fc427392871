#include "sim/world/after_end.h"

#include <memory>
#include <utility>
#include <variant>

#include "sim/world/world.h"

namespace dkv::sim {

// I12 asks, and so it comes after I7 and I13, which want a cluster without load.
void AfterEnd::judge(World& run) {
  if (!run.oracle_.judges()) return;
  // The copy has no oracle: its events are not part of the run.
  Oracle oracle = std::exchange(run.oracle_, Oracle());
  const auto copy = std::make_unique<World>(run);
  run.oracle_ = std::move(oracle);
  AfterEnd after(run, *copy);
  after.judge_idle();
  after.judge_bounds();
  after.judge_progress();
}

bool AfterEnd::play_until(TimeNs end_ns, Observer* observer, std::uint64_t& events_left) {
  copy_.observer_ = observer;
  while (!copy_.queue_.empty() && copy_.queue_.next_time() <= end_ns && events_left > 0) {
    copy_.now_ns_ = copy_.queue_.next_time();
    Scheduled event = copy_.queue_.pop();
    std::visit([&](auto& what) { copy_.on(what, event); }, event.what);
    --events_left;
  }
  copy_.observer_ = nullptr;
  return events_left > 0;
}

}  // namespace dkv::sim
