#include "cli/fuzz/seed_outcome.h"

#include <fmt/format.h>

#include <vector>

#include "cli/fuzz/fuzz_probes.h"
#include "cli/run/source.h"
#include "cli/terminal/json.h"
#include "sim/why/explain.h"

namespace dkv::cli {
namespace {

// The kind of the failure that comes first in the run.
std::string kind_of(const sim::RunResult& result) {
  if (result.violations.empty()) {
    const std::string& expectation = result.failed_expectations.front();
    return expectation.substr(0, expectation.find(':'));
  }
  const sim::Violation& first = result.violations.front();
  return fmt::format("{}-{}", sim::invariant_code(first.invariant), sim::about(first.breach).word);
}

}  // namespace

SeedOutcome outcome_of(const Source& source, const sim::RunResult& result) {
  SeedOutcome outcome{.seed = source.seed, .pass = result.pass, .events = result.events, .sim_ns = result.sim_ns};
  outcome.hits = Probes::hits_of(result);
  if (result.pass) return outcome;
  outcome.invariant =
      result.violations.empty() ? "expectation" : sim::invariant_code(result.violations.front().invariant);
  outcome.kind = kind_of(result);
  outcome.what = first_failure(result);
  outcome.capsule = sim::write_capsule(make_capsule(source, result));
  const std::vector<why::Chain> chains =
      why::explain(source.scenario, source.seed, source.schedule, {}, result, {.first_only = true});
  if (!chains.empty()) outcome.cause = chains.front().cause;
  return outcome;
}

// There is no fingerprint in its capsule, for the run has no end.
SeedOutcome outcome_of_abort(std::uint64_t seed, const Source* source, const std::string& words) {
  SeedOutcome outcome{.seed = seed, .invariant = "aborted", .kind = "aborted", .cause = words};
  outcome.what = "the program ends: " + words;
  if (!source) return outcome;
  sim::RunResult result;
  result.failed_expectations.push_back("the program to go on");
  outcome.capsule = sim::write_capsule(make_capsule(*source, result));
  return outcome;
}

std::string outcome_line(const SeedOutcome& outcome) {
  Json json = {{"seed", outcome.seed},
               {"pass", outcome.pass},
               {"events", outcome.events},
               {"sim_ns", outcome.sim_ns},
               {"hits", outcome.hits}};
  if (!outcome.pass) {
    json["invariant"] = outcome.invariant;
    json["kind"] = outcome.kind;
    json["cause"] = outcome.cause;
    json["what"] = outcome.what;
    json["capsule"] = outcome.capsule;
  }
  return json_line(json);
}

std::optional<SeedOutcome> parse_outcome(const std::string& line) {
  const Json json = parse_json(line);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  SeedOutcome outcome{.seed = json.at("seed"),
                      .pass = json.at("pass"),
                      .events = json.at("events"),
                      .sim_ns = json.at("sim_ns"),
                      .hits = json.at("hits")};
  if (outcome.pass) return outcome;
  outcome.invariant = json.at("invariant");
  outcome.kind = json.at("kind");
  outcome.cause = json.at("cause");
  outcome.what = json.at("what");
  outcome.capsule = json.at("capsule");
  return outcome;
}

}  // namespace dkv::cli
