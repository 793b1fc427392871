#include "sim/shrink/target.h"

#include <algorithm>

#include "sim/world/populations.h"
#include "sim/world/runner.h"

namespace dkv::sim {
namespace {

// "the value is "milk", not "eggs"" -> "the value is".
std::string class_of(const std::string& why) {
  const std::size_t end = why.find_first_of("\"0123456789");
  return why.substr(0, end);
}

bool same_step(const Step& a, const Step& b) {
  return a.kind == b.kind && a.bucket == b.bucket && a.key == b.key && a.expect.outcome == b.expect.outcome &&
         a.expect.value == b.expect.value && a.expect.siblings == b.expect.siblings && a.expect.found == b.expect.found;
}

void add(std::vector<Failure>& failures, Failure failure) {
  const auto known = [&](const Failure& other) { return same(other.target, failure.target); };
  if (std::ranges::none_of(failures, known)) failures.push_back(std::move(failure));
}

}  // namespace

bool same(const Target& a, const Target& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Target::Kind::kBreach: return a.breach == b.breach;
    case Target::Kind::kExpectation: return a.why == b.why && a.expect.text == b.expect.text;
    case Target::Kind::kStep: return a.why == b.why && same_step(a.step, b.step);
    case Target::Kind::kAborted: return a.why == b.why;
  }
  return false;
}

std::vector<Failure> failures_of(const World& world, const RunResult& result) {
  std::vector<Failure> failures;
  for (const Violation& violation : result.violations) {
    add(failures, {.target = {.kind = Target::Kind::kBreach, .breach = violation.breach},
                   .at_ns = violation.at_ns,
                   .key = violation.key,
                   .detail = violation.detail});
  }
  for (const Expectation& expect : world.scenario().expect) {
    if (holds(expect, result)) continue;
    const char* nothing = nothing_behind(expect.metric, result);
    add(failures,
        {.target = {.kind = Target::Kind::kExpectation, .expect = expect, .why = nothing != nullptr ? nothing : ""},
         .detail = why_failed(expect, result)});
  }
  for (const Clients::FailedStep& failed : world.clients().failed_steps()) {
    add(failures, {.target = {.kind = Target::Kind::kStep, .step = *failed.step, .why = class_of(failed.why)},
                   .key = failed.step->key,
                   .detail = failed.why});
  }
  return failures;
}

std::string target_text(const Target& target) {
  switch (target.kind) {
    case Target::Kind::kBreach: {
      const BreachInfo& info = about(target.breach);
      return std::string(invariant_code(info.invariant)) + " " + invariant_name(info.invariant) + ": " + info.meaning;
    }
    case Target::Kind::kExpectation: return "the expectation " + target.expect.text;
    case Target::Kind::kStep: return "a step on " + target.step.key + " that does not come to what it expects";
    case Target::Kind::kAborted: return "the program ends: " + target.why;
  }
  return {};
}

std::string target_word(const Target& target) {
  switch (target.kind) {
    case Target::Kind::kBreach: {
      const BreachInfo& info = about(target.breach);
      return std::string(invariant_code(info.invariant)) + "-" + info.word;
    }
    case Target::Kind::kExpectation: return target.expect.metric;
    case Target::Kind::kStep: return "step";
    case Target::Kind::kAborted: return "aborted";
  }
  return {};
}

}  // namespace dkv::sim
