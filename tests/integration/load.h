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

// Clients in their own threads, each with a home node. They read, write with the context that they have seen, write
// blindly and delete, until they are stopped. The history has all operations.
class Load {
 public:
  Load(const Cluster& cluster, const LoadPlan& plan);
  ~Load();

  // Waits for this many more operations, at least one of each session. Fails the test when that takes too long.
  void go_on_for(std::size_t operations);
  void stop();
  const History& history() const noexcept { return history_; }

  // After stop(): waits until the replicas agree and no hint is pending, reads every key from every node, and reads
  // the replicas. Disagreement after that time is left to the judge.
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
