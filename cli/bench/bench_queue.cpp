#include <array>
#include <ctime>

#include "cli/bench/bench_sim.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/rng.h"

namespace dkv::cli {
namespace {

// As large as the payload that a world keeps in its queue for a message, and as cheap to move.
struct Payload {
  std::array<std::uint64_t, 16> words{};
};

double processor_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

}  // namespace

double measure_queue_ns(std::uint64_t depth, std::uint64_t pairs) {
  sim::EventQueue<Payload> queue;
  sim::Stream random(1, sim::Purpose::kNetworkLatency);
  // Most events are messages and syncs, less than a millisecond away. Some are think times and time-outs.
  const auto gap = [&]() -> TimeNs {
    const std::uint64_t drawn = random.next();
    const auto near = static_cast<TimeNs>(100'000 + (drawn >> 8) % 700'000);
    return (drawn & 15) == 0 ? near * 20 : near;
  };
  for (std::uint64_t i = 0; i < depth; ++i) queue.push(gap(), Payload());
  std::uint64_t sum = 0;
  const double begin = processor_ns();
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const TimeNs now = queue.next_time();
    Payload payload = queue.pop();
    sum += payload.words[0]++;
    queue.push(now + gap(), std::move(payload));
  }
  const double took = processor_ns() - begin;
  // Uses the sum, so that the compiler cannot remove the payloads.
  return sum == UINT64_MAX ? 0 : took / static_cast<double>(pairs);
}

}  // namespace dkv::cli
