#pragma once

#include <optional>

#include "cli/run/play.h"
#include "cli/terminal/json.h"
#include "sim/watch/witness.h"

namespace dkv::cli {

// A setback of an acknowledged write, with its cause.
Json setback_json(const sim::Setback& setback, const sim::StaleCause& cause, const sim::Scenario& scenario);

// Collects the setbacks of a run. The first kMost are kept.
class SetbackList final : public sim::Forwarding<Spectator> {
 public:
  static constexpr std::size_t kMost = 200;

  void before(const sim::World& world) override;
  bool wants_events() const override { return true; }
  void on_setback(const sim::Setback& setback) override;
  const Json& list() const noexcept { return list_; }

 private:
  const sim::Scenario* scenario_ = nullptr;
  std::optional<sim::Witness> witness_;  // set by before()
  Json list_ = Json::array();
};

}  // namespace dkv::cli
