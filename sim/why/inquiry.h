#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/why/explain.h"
#include "sim/why/recorder.h"

namespace dkv::why {

// The explanation of a whole run, in slices: for a program that must answer a person meanwhile. It plays the run once
// for its result and, if there is something to explain, once more for the record. Not thread-safe.
class Inquiry {
 public:
  Inquiry(std::shared_ptr<const sim::Scenario> scenario, std::uint64_t seed,
          std::shared_ptr<const sim::Schedule> schedule, const sim::WorldOptions& options, const Question& question);
  ~Inquiry();
  Inquiry(const Inquiry&) = delete;
  Inquiry& operator=(const Inquiry&) = delete;

  // Plays at most this many further events. True when it is finished.
  bool advance(std::uint64_t events_max);
  bool finished() const noexcept { return phase_ == Phase::kFinished; }
  double progress() const noexcept;  // 0 to 1; an estimate
  // Valid once it is finished, as chains().
  const sim::RunResult& result() const noexcept { return result_; }
  const std::vector<Chain>& chains() const noexcept { return chains_; }

 private:
  enum class Phase : std::uint8_t { kResult, kRecord, kFinished };
  void begin_record();

  std::shared_ptr<const sim::Scenario> scenario_;
  std::uint64_t seed_;
  std::shared_ptr<const sim::Schedule> schedule_;
  sim::WorldOptions options_;
  Question question_;
  Phase phase_ = Phase::kResult;
  std::unique_ptr<sim::World> world_;
  std::unique_ptr<Recorder> recorder_;
  sim::RunResult result_;
  std::vector<Chain> chains_;
};

}  // namespace dkv::why
