// Shared by the tests of explanations: plays a scenario, and explains its findings.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/draw/fault_schedule.h"
#include "sim/why/explain.h"
#include "sim/world/runner.h"
#include "tests/sim/scenario/text.h"

namespace dkv::why::rig {

struct Explained {
  std::shared_ptr<const sim::Scenario> scenario;
  sim::RunResult result;
  std::vector<Chain> chains;

  // The first chain of this kind; the test fails when there is none.
  const Chain& first(About about) const {
    for (const Chain& chain : chains) {
      if (chain.about == about) return chain;
    }
    FAIL("no chain about " << about_name(about));
    return chains.front();
  }
};

inline Explained explained(const std::string& text, bool all = false) {
  Explained made;
  made.scenario = std::make_shared<const sim::Scenario>(sim::load_good(text));
  const std::uint64_t seed = made.scenario->seed;
  const auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*made.scenario, seed));
  made.result = sim::run(made.scenario, seed, schedule);
  made.chains = explain(made.scenario, seed, schedule, {}, made.result, {.all = all});
  return made;
}

inline std::string text_of(const Chain& chain) {
  std::string text = chain.title + "\n";
  for (const Step& step : chain.steps) {
    text += std::to_string(step.when.event) + (step.proven ? " " : " NOT PROVED: ") + step.text + "\n";
  }
  return text;
}

// Each phrase is in a step, in this order; several may be in one step.
inline void check_tells(const Chain& chain, const std::vector<std::string>& phrases) {
  std::size_t at = 0;
  for (const std::string& phrase : phrases) {
    while (at < chain.steps.size() && chain.steps[at].text.find(phrase) == std::string::npos) ++at;
    INFO(text_of(chain));
    INFO("missing, or not in this place: " << phrase);
    REQUIRE(at < chain.steps.size());
  }
}

inline bool mentions(const Chain& chain, const std::string& phrase) {
  return text_of(chain).find(phrase) != std::string::npos;
}

// The steps are in the order of their events, and each event is one of the run.
inline void check_events(const Chain& chain, const sim::RunResult& result) {
  INFO(text_of(chain));
  REQUIRE_FALSE(chain.steps.empty());
  EventNumber last = 0;
  for (const Step& step : chain.steps) {
    CHECK(step.when.event >= last);
    CHECK(step.when.event <= result.events);
    if (step.proven) CHECK(step.when.event > 0);
    last = step.when.event;
  }
}

}  // namespace dkv::why::rig
