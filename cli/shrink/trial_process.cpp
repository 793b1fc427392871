#include <sys/mman.h>

#include <cerrno>
#include <memory>
#include <new>
#include <system_error>

#include "cli/shrink/shrink_work.h"
#include "cli/terminal/json.h"
#include "sim/draw/fault_schedule.h"
#include "sim/why/explain.h"
#include "sim/world/runner.h"

namespace dkv::cli {
namespace {

std::string verdict_text(const sim::Verdict& verdict) {
  Json others = Json::array();
  for (const sim::Failure& failure : verdict.others) {
    if (failure.target.kind != sim::Target::Kind::kBreach) continue;
    others.push_back({static_cast<int>(failure.target.breach), failure.at_ns, failure.key, failure.detail});
  }
  return json_line({{"fails", verdict.fails},
                    {"too_long", verdict.too_long},
                    {"events", verdict.events},
                    {"others", std::move(others)}});
}

std::optional<sim::Verdict> parse_verdict(const std::string& text) {
  const Json json = parse_json(text);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  sim::Verdict verdict{.fails = json["fails"], .too_long = json["too_long"], .events = json["events"], .others = {}};
  for (const Json& other : json["others"]) {
    verdict.others.push_back(
        {.target = {.kind = sim::Target::Kind::kBreach, .breach = static_cast<sim::Breach>(other[0].get<int>())},
         .at_ns = other[1],
         .key = other[2],
         .detail = other[3]});
  }
  return verdict;
}

// Whether the events of the candidate give its failure this cause.
bool has_cause(const sim::Scenario& candidate, const std::string& cause) {
  auto scenario = std::make_shared<const sim::Scenario>(candidate);
  auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(candidate, candidate.seed));
  const sim::RunResult result = sim::run(scenario, candidate.seed, schedule);
  const auto chains = why::explain(scenario, candidate.seed, schedule, {}, result, {.first_only = true});
  return !chains.empty() && chains.front().cause == cause;
}

// In the child.
void play_and_answer(const sim::Scenario& candidate, const sim::Target& target, const TrialWish& wish,
                     std::uint64_t* played, int answer) {
  sim::Trial trial(candidate, target, wish.events_max);
  while (trial.advance(1)) *played = trial.events();
  sim::Verdict verdict = trial.verdict();
  if (verdict.fails && !wish.cause.empty()) verdict.fails = has_cause(candidate, wish.cause);
  write_all(answer, verdict_text(verdict));
}

std::uint64_t* shared_number() {
  void* const page = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return new (page) std::uint64_t(0);
}

}  // namespace

TrialProcess::TrialProcess(const sim::Scenario& candidate, const sim::Target& target, const TrialWish& wish)
    : played_(shared_number()),
      child_([&](int answer) { play_and_answer(candidate, target, wish, played_, answer); }) {}

TrialProcess::~TrialProcess() {
  ::munmap(played_, sizeof(std::uint64_t));
}

bool TrialProcess::read() {
  if (child_.read(answer_text_)) return false;
  finish();
  return true;
}

void TrialProcess::finish() {
  if (child_.exited_well()) verdict_ = parse_verdict(answer_text_);
  if (verdict_) return;
  aborted_ = sim::Failure{
      .target = {.kind = sim::Target::Kind::kAborted, .why = child_.last_words(), .events_before = *played_},
      .detail = "after " + std::to_string(*played_) + " events"};
  verdict_ = sim::Verdict{.events = *played_, .others = {*aborted_}};
}

}  // namespace dkv::cli
