#include "sim/why/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "engine/core/assert.h"
#include "sim/oracle/findings.h"
#include "sim/story/text.h"
#include "sim/why/copies.h"
#include "sim/why/questions.h"

namespace dkv::why {
namespace {

using sim::RunResult;
using sim::Scenario;

// The key with this text. A slash may be a part of the key, or end the bucket: all readings are candidates.
void follow_text(std::string_view text, Follow& follow) {
  const auto add = [&](std::string_view bucket, std::string_view key) {
    const Result<Key> made = Key::make(bucket, key);
    if (!made || follow.keys.size() >= kKeysFollowedMax) return;
    if (std::ranges::find(follow.keys, *made) == follow.keys.end()) follow.keys.push_back(*made);
  };
  if (text.empty()) return;
  add(kDefaultBucket, text);
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    add(text.substr(0, slash), text.substr(slash + 1));
  }
}

template <class List, class Use>
void first_of(const List& list, Use&& use) {
  for (std::size_t i = 0; i < std::min(list.size(), kChainsOfAKindMax); ++i) use(list[i]);
}

const sim::Step* step_at(const Scenario& scenario, int line) {
  for (const sim::Step& step : scenario.workload.steps) {
    if (step.expect.line == line && line > 0) return &step;
  }
  return nullptr;
}

// "... (line 41)": 41; 0 when the text names none.
int line_of(const std::string& text) {
  const std::size_t at = text.rfind("(line ");
  int line = 0;
  for (std::size_t i = at + 6; at != std::string::npos && i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    line = line * 10 + (text[i] - '0');
    if (line > 10'000'000) return 0;
  }
  return line;
}

const sim::Expectation* expectation_of(const Scenario& scenario, const std::string& failed) {
  for (const sim::Expectation& expect : scenario.expect) {
    if (failed.starts_with(expect.text + ":") && line_of(failed) == expect.line) return &expect;
  }
  return nullptr;
}

void follow_number(const sim::Expectation& expect, const RunResult& result, Follow& follow) {
  const std::string_view metric = expect.metric;
  if (metric.starts_with("get_p")) follow.gets_slower_ns = static_cast<TimeNs>(expect.number * 1e6);
  if (metric.starts_with("put_p")) follow.puts_slower_ns = static_cast<TimeNs>(expect.number * 1e6);
  if (metric.starts_with("stale_read")) {
    first_of(result.stale_reads, [&](const sim::StaleRead& read) { follow_text(read.key, follow); });
  }
  if (metric == "excused_losses") {
    first_of(result.excused, [&](const sim::Excused& one) { follow_text(one.key, follow); });
  }
  if (metric == "discarded_by_lww") {
    first_of(result.discarded, [&](const sim::Excused& one) { follow_text(one.key, follow); });
  }
  if (metric == "siblings_read_max") follow.siblings_most = 1;
  if (metric == "hints_expired") follow.observed = Observed::kHintExpired;
  for (const ObservedInfo& info : all_observed()) {
    if (info.run_metric && metric == info.run_metric) follow.observed = info.value;
  }
}

const Operation* get_of(const Record& record, const Stale& stale) {
  for (const Operation& one : record.operations) {
    if (!one.write() && one.finished.event == stale.when.event && one.session == stale.read.session) return &one;
  }
  return nullptr;
}

class Explainer {
 public:
  Explainer(const Case& about, const RunResult& result) : about_(about), result_(result) {}

  void violation(const sim::Violation& one) {
    const auto found = std::ranges::find_if(about_.record.violations, [&](const Found& other) {
      return other.violation.invariant == one.invariant && other.violation.at_ns == one.at_ns &&
             other.violation.detail == one.detail;
    });
    DKV_ASSERT(found != about_.record.violations.end());  // a run is a function of its arguments
    Steps steps(about_);
    explain_violation(about_, *found, steps);
    finish(
        {.about = About::kViolation, .code = sim::invariant_code(one.invariant), .title = one.detail, .key = one.key},
        steps);
  }

  void expectation(const std::string& failed) {
    Steps steps(about_);
    Chain chain{.about = About::kExpectation, .title = failed};
    if (const sim::Expectation* expect = expectation_of(about_.scenario, failed)) {
      if (expect->metric == "steps_failed") return;  // each step has its own chain
      explain_number(about_, *expect, result_, steps);
    } else if (const sim::Step* step = step_at(about_.scenario, line_of(failed))) {
      chain.key = step->key;
      scripted(line_of(failed), steps);
    } else {
      steps.add_unproven(about_.record.end, kNoNode, failed);
    }
    finish(std::move(chain), steps);
  }

  void stale_read(const Stale& stale) {
    const Operation* get = get_of(about_.record, stale);
    if (!get || !explained_.insert(get).second) return;
    Steps steps(about_);
    explain_missed(about_, *get, stale.read.missed, steps);
    finish({.about = About::kStaleRead,
            .title = fmt::format("{}'s get of {} at {} does not show {}", get->who, story::shown(stale.read.key, 24),
                                 story::clock_time(stale.when.at_ns), about_.called(stale.read.missed)),
            .key = stale.read.key},
           steps);
  }

  void refusal(const Operation& operation) {
    if (!explained_.insert(&operation).second) return;
    Steps steps(about_);
    explain_refusal(about_, operation, steps);
    finish({.about = About::kRefusal,
            .title = fmt::format("{}'s {} of {} at {} is not done", operation.who, sim::operation_name(operation.kind),
                                 story::shown(operation.key.key(), 24), story::clock_time(operation.finished.at_ns)),
            .key = sim::key_text(operation.key)},
           steps);
  }

  void loss(const sim::Excused& one, About about) {
    Steps steps(about_);
    tell_write(about_, one.write, about_.record.end.event, steps);
    if (const Operation* write = about_.record.write(one.write)) {
      tell_never_held(about_, *write, steps);
      tell_end(about_, write->key, steps);
    }
    finish({.about = about, .title = one.detail, .key = one.key}, steps);
  }

  std::vector<Chain> take() { return std::move(chains_); }

 private:
  // The scripted operation whose answer was not as expected.
  void scripted(int line, Steps& steps) {
    const auto found = std::ranges::find_if(about_.record.operations, [line](const Operation& one) {
      return one.step_line == line && one.finished.happened();
    });
    if (found == about_.record.operations.end()) {
      return steps.add_unproven(about_.record.end, kNoNode, "the operation is not in the record: it never began");
    }
    explained_.insert(&*found);
    const auto stale = std::ranges::find_if(about_.record.stale, [&](const Stale& one) {
      return one.when.event == found->finished.event && one.read.session == found->session;
    });
    if (!found->done()) return explain_refusal(about_, *found, steps);
    if (stale != about_.record.stale.end()) return explain_missed(about_, *found, stale->read.missed, steps);
    if (!found->write()) return explain_siblings(about_, *found, steps);
    tell_write(about_, found->tag, found->finished.event, steps);
  }

  void finish(Chain chain, Steps& steps) { finish(std::move(chain), steps, about_.record.end.event); }
  void finish(Chain chain, Steps& steps, EventNumber upto) {
    steps.finish(chain, upto);
    chains_.push_back(std::move(chain));
  }

  const Case& about_;
  const RunResult& result_;
  std::set<const Operation*> explained_;  // only for look-ups
  std::vector<Chain> chains_;
};

}  // namespace

Follow follow_of(const Scenario& scenario, const RunResult& result, const Question& question) {
  Follow follow{.failed = true};
  const auto of_violation = [&](const sim::Violation& one) { follow_text(one.key, follow); };
  first_of(result.violations, of_violation);
  for (const std::string& failed : result.failed_expectations) {
    if (const sim::Expectation* expect = expectation_of(scenario, failed)) {
      follow_number(*expect, result, follow);
    } else if (const sim::Step* step = step_at(scenario, line_of(failed))) {
      if (const Result<Key> key = Key::make(step->bucket, step->key)) follow_text(sim::key_text(*key), follow);
    }
  }
  if (!question.all) return follow;
  first_of(result.expected_violations, of_violation);
  first_of(result.stale_reads, [&](const sim::StaleRead& read) { follow_text(read.key, follow); });
  first_of(result.excused, [&](const sim::Excused& one) { follow_text(one.key, follow); });
  first_of(result.discarded, [&](const sim::Excused& one) { follow_text(one.key, follow); });
  return follow;
}

bool has_questions(const RunResult& result, const Question& question) {
  if (!result.violations.empty() || !result.failed_expectations.empty()) return true;
  if (!question.all) return false;
  std::uint64_t failed = 0;
  for (const sim::OperationCount& count : result.operations) failed += count.refused + count.unknown;
  return failed > 0 || !result.expected_violations.empty() || !result.stale_reads.empty() || !result.excused.empty() ||
         !result.discarded.empty();
}

namespace {

RunResult with_first_failure(RunResult result) {
  if (!result.violations.empty()) {
    result.violations.resize(1);
    result.failed_expectations.clear();
  } else if (!result.failed_expectations.empty()) {
    result.failed_expectations.resize(1);
  }
  return result;
}

}  // namespace

std::vector<Chain> explain(std::shared_ptr<const Scenario> scenario, std::uint64_t seed,
                           std::shared_ptr<const sim::Schedule> schedule, const sim::WorldOptions& options,
                           const RunResult& result, const Question& question) {
  if (!has_questions(result, question)) return {};
  if (question.first_only) {
    return explain(std::move(scenario), seed, std::move(schedule), options, with_first_failure(result), {});
  }
  Follow follow = follow_of(*scenario, result, question);
  sim::World world(std::move(scenario), seed, std::move(schedule), options);
  Recorder recorder(world, std::move(follow));
  while (recorder.step()) {
  }
  return explain_record(world, recorder.take(), result, question);
}

std::vector<Chain> explain_record(const sim::World& world, const Record& record, const RunResult& result,
                                  const Question& question) {
  DKV_ASSERT(world.ended() && world.fingerprint() == result.fingerprint);
  const Case about(world, record);
  Explainer explainer(about, result);
  first_of(result.violations, [&](const sim::Violation& one) { explainer.violation(one); });
  first_of(result.failed_expectations, [&](const std::string& failed) { explainer.expectation(failed); });
  if (!question.all) return explainer.take();
  first_of(result.expected_violations, [&](const sim::Violation& one) { explainer.violation(one); });
  constexpr std::size_t kOthersMax = 3;
  for (std::size_t i = 0; i < std::min(record.stale.size(), kOthersMax); ++i) explainer.stale_read(record.stale[i]);
  std::size_t refusals = 0;
  for (const Operation& operation : record.operations) {
    if (!operation.finished.happened() || operation.done() || ++refusals > kOthersMax) continue;
    explainer.refusal(operation);
  }
  first_of(result.excused, [&](const sim::Excused& one) { explainer.loss(one, About::kExcused); });
  first_of(result.discarded, [&](const sim::Excused& one) { explainer.loss(one, About::kDiscarded); });
  return explainer.take();
}

}  // namespace dkv::why
