#include "sim/world/slowed.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace dkv::sim {
namespace {

constexpr TimeNs kSoonNs = kSecond;

bool may_be_slowed(const Scheduled& event) {
  return event.slowed_in != 0 || std::holds_alternative<DiskEnds>(event.what);
}

}  // namespace

std::optional<TimeNs> end_slowness(EventQueue<Scheduled>& queue, TimeNs now_ns) {
  std::vector<std::pair<TimeNs, std::uint64_t>> slowed;  // by time, then by the order of pushing
  queue.each([&](TimeNs at_ns, std::uint64_t number, const Scheduled& event) {
    if (may_be_slowed(event)) slowed.emplace_back(at_ns, number);
  });
  if (std::ranges::none_of(slowed, [&](const auto& one) { return one.first > now_ns + kSoonNs; })) {
    return std::nullopt;
  }
  std::ranges::sort(slowed);
  std::vector<Scheduled> events;
  for (const auto& [at_ns, number] : slowed) {
    // The place in the queue cannot be freed, so an empty event stays there.
    events.push_back(std::exchange(*queue.find(number), Scheduled{Dropped{}}));
  }
  for (Scheduled& event : events) queue.push(now_ns + 1, std::move(event));
  return now_ns + 1;
}

}  // namespace dkv::sim
