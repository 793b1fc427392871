#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/cluster.h"
#include "tests/integration/history.h"

namespace dkv::integration {

struct LoadPlan {
  std::uint32_t sessions = 6;
  std::uint32_t keys = 24;
  std::uint8_t pr = 0, pw = 0;
};

// Clients on threads of their own, each with a home node, that read, write with what they have seen, write blindly and
// delete, until they are stopped; all of it is in the history.
class Load {
 public:
  Load(const Cluster& cluster, const LoadPlan& plan);
  ~Load();

  // Waits until so many more operations have been done, by every session at least one; fails the test when that takes
  // too long.
  void go_on_for(std::size_t operations);
  void stop();
  const History& history() const noexcept { return history_; }

  // After stop(): waits until the replicas agree and no hint waits, reads every key from every node, and looks into the
  // replicas. What is not in agreement by then is not for the caller but for the judge.
  Finals look_at_the_end();

 private:
  class Session;

  const Cluster& cluster_;
  LoadPlan plan_;
  History history_;
  std::atomic<bool> stopped_{false};
  std::vector<std::atomic<std::size_t>> done_;  // by session
  std::vector<std::thread> threads_;
};

}  // namespace dkv::integration
