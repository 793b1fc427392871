#include "sim/kernel/event_queue.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/kernel/rng.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

// The simplest correct queue: a list that is stable-sorted by time.
class Reference {
 public:
  void push(TimeNs at, std::uint64_t value) {
    const auto place =
        std::upper_bound(items_.begin(), items_.end(), at, [](TimeNs t, const Item& i) { return t < i.at; });
    items_.insert(place, Item{at, value});
  }
  TimeNs next_time() const { return items_.front().at; }
  std::uint64_t pop() {
    const std::uint64_t value = items_.front().value;
    items_.erase(items_.begin());
    return value;
  }
  std::size_t size() const { return items_.size(); }

 private:
  struct Item {
    TimeNs at;
    std::uint64_t value;
  };
  std::vector<Item> items_;
};

// Times near and far, equal ones, times at the edges of buckets and of the window, and in the past.
TimeNs draw_time(Stream& random, TimeNs now) {
  const std::uint64_t shape = random.below(10);
  switch (shape) {
    case 0: return now;
    case 1: return now + static_cast<TimeNs>(random.below(3));
    case 2: return now + 5 * kMillisecond;
    case 3: return now + static_cast<TimeNs>(random.below(4 * static_cast<std::uint64_t>(kSecond)));
    case 4: return (now / 4096 + static_cast<TimeNs>(random.below(3))) * 4096;
    case 5:
      return (now / 4096 + 4094 + static_cast<TimeNs>(random.below(5))) * 4096 - 1 +
             static_cast<TimeNs>(random.below(2));
    case 6: return now - std::min<TimeNs>(now, static_cast<TimeNs>(random.below(100'000)));
    default: return now + static_cast<TimeNs>(random.below(5'000'000));
  }
}

template <class Queue>
void compare_with_reference(std::uint64_t seed, int steps) {
  Stream random(seed, Purpose::kSwarm);
  Queue queue;
  Reference reference;
  TimeNs now = 0;
  std::uint64_t pushed = 0;
  for (int step = 0; step < steps; ++step) {
    // Phases of growth and decline, so that the queue is sometimes empty.
    const bool grow = random.below(100) < (step / 500 % 2 == 0 ? 60u : 35u);
    if (grow || reference.size() == 0) {
      const TimeNs at = draw_time(random, now);
      queue.push(at, std::uint64_t{pushed});
      reference.push(at, pushed++);
    } else {
      now = reference.next_time();
      REQUIRE(queue.next_time() == now);
      REQUIRE(queue.pop() == reference.pop());
    }
    REQUIRE(queue.size() == reference.size());
  }
  while (reference.size() != 0) REQUIRE(queue.pop() == reference.pop());
  REQUIRE(queue.empty());
  REQUIRE(queue.pushed() == pushed);
}

TEST_CASE("an event queue gives the same order as a sorted list") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) compare_with_reference<EventQueue<std::uint64_t>>(seed, 4000);
}

TEST_CASE("the order does not depend on the shape of the buckets") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    compare_with_reference<EventQueue<std::uint64_t, 4, 12>>(seed, 4000);
    compare_with_reference<EventQueue<std::uint64_t, 20, 13>>(seed, 4000);
  }
}

TEST_CASE("events of one time come out in the order in which they were pushed") {
  EventQueue<std::uint64_t> queue;
  for (const TimeNs at : {TimeNs{0}, TimeNs{1'000'000}, TimeNs{900} * kSecond}) {
    for (std::uint64_t i = 0; i < 1000; ++i) queue.push(at, std::uint64_t{i});
    for (std::uint64_t i = 0; i < 1000; ++i) {
      REQUIRE(queue.next_time() == at);
      REQUIRE(queue.pop() == i);
      // An event that a handler adds for the same time comes after all that wait for it.
      if (i == 0) queue.push(at, 1000);
    }
    REQUIRE(queue.pop() == 1000);
  }
}

TEST_CASE("a far event and a near event of one time keep their order") {
  EventQueue<std::uint64_t> queue;
  queue.push(kSecond, 1);  // beyond the window
  queue.push(kSecond - kMillisecond, 0);
  REQUIRE(queue.pop() == 0);
  queue.push(kSecond, 2);  // within it
  REQUIRE(queue.pop() == 1);
  queue.push(kSecond, 3);  // into the open bucket
  REQUIRE(queue.pop() == 2);
  REQUIRE(queue.pop() == 3);
}

TEST_CASE("a copy of an event queue runs on independently and alike") {
  Stream random(7, Purpose::kSwarm);
  EventQueue<std::string> queue;
  TimeNs now = 0;
  for (int i = 0; i < 500; ++i) queue.push(draw_time(random, now), std::to_string(i));
  for (int i = 0; i < 200; ++i) {
    now = queue.next_time();
    queue.pop();
  }
  EventQueue<std::string> copy = queue;
  const auto run_on = [now](EventQueue<std::string>& from) {
    Stream more(8, Purpose::kSwarm);
    std::string seen;
    for (int i = 0; i < 300; ++i) {
      from.push(draw_time(more, now), "x" + std::to_string(i));
      seen += from.pop() + ",";
    }
    return seen;
  };
  const std::string first = run_on(queue);
  REQUIRE(first == run_on(copy));
  REQUIRE(queue.size() == 300);
  REQUIRE(copy.size() == 300);
}

TEST_CASE("an event queue reuses its slots and keeps nothing of the events that were taken out") {
  EventQueue<std::shared_ptr<int>> queue;
  std::weak_ptr<int> watched;
  for (int i = 0; i < 100; ++i) {
    auto value = std::make_shared<int>(i);
    watched = value;
    queue.push(i * kMillisecond, std::move(value));
    REQUIRE(*queue.pop() == i);
    REQUIRE(watched.expired());
  }
}

}  // namespace
TEST_CASE("every pending event is visited once, wherever it waits, and is found by its number") {
  EventQueue<std::uint64_t> queue;
  Stream random(5, Purpose::kSwarm);
  std::map<std::uint64_t, std::pair<TimeNs, std::uint64_t>> pending;  // by number
  TimeNs now = 0;
  for (int i = 0; i < 3'000; ++i) {
    if (!queue.empty() && random.below(3) == 0) {
      now = std::max(now, queue.next_time());
      const std::uint64_t value = queue.pop();
      const auto gone =
          std::find_if(pending.begin(), pending.end(), [&](const auto& one) { return one.second.second == value; });
      REQUIRE(gone != pending.end());
      pending.erase(gone);
      continue;
    }
    const TimeNs at = draw_time(random, now);
    pending[queue.pushed()] = {at, queue.pushed() * 7};
    queue.push(at, queue.pushed() * 7);
    if (i % 50 != 0) continue;
    std::map<std::uint64_t, std::pair<TimeNs, std::uint64_t>> visited;
    queue.each([&](TimeNs when, std::uint64_t number, std::uint64_t value) {
      REQUIRE(visited.emplace(number, std::pair(when, value)).second);
    });
    REQUIRE(visited == pending);
    for (const auto& [number, event] : pending) REQUIRE(*queue.find(number) == event.second);
    REQUIRE(queue.find(queue.pushed()) == nullptr);
  }
}

}  // namespace dkv::sim
