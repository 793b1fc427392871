#include <array>
#include <map>
#include <string>

#include "engine/core/key.h"
#include "engine/input/units.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::size_t kStepsMax = 10'000;
constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kStepValueMax = 64 * 1024;
constexpr std::uint64_t kFilledValueMax = 1 << 20;

struct Verb {
  std::string_view key;
  StepKind kind;
};
constexpr std::array<Verb, 4> kVerbs{
    {{"get", StepKind::kGet}, {"put", StepKind::kPut}, {"add", StepKind::kAdd}, {"delete", StepKind::kDelete}}};

// Reads the verb and its key. False after a complaint.
bool read_verb(const Yaml& item, const Fields& fields, Step& step, std::string_view& verb, Complaints& complaints) {
  const Yaml* key = nullptr;
  for (const Verb& candidate : kVerbs) {
    const Yaml* found = fields.find(candidate.key);
    if (found == nullptr) continue;
    if (key != nullptr) {
      complaints.add(found->place,
                     "a step with both '" + std::string(verb) + "' and '" + std::string(candidate.key) + "'",
                     "write a step for each action");
      return false;
    }
    key = found;
    verb = candidate.key;
    step.kind = candidate.kind;
  }
  if (key == nullptr) {
    complaints.add(item.place, "a step that does nothing", "one of get, put, add or delete, with a key: get: cart");
    return false;
  }
  if (!read_text(*key, verb, kKeyBytesMax, step.key, complaints)) return false;
  if (step.key.empty()) {
    complaints.add(key->place, "'" + std::string(verb) + "' has an empty key", "such as cart");
    return false;
  }
  return true;
}

void refuse_field(const Fields& fields, std::string_view key, std::string_view verb, std::string_view belongs_to,
                  Complaints& complaints) {
  if (fields.find(key) == nullptr) return;
  complaints.add(fields.place_of(key), "'" + std::string(key) + "' in a step with '" + std::string(verb) + "'",
                 "it belongs to " + std::string(belongs_to));
}

void read_step_expect(const Yaml& value, std::string_view verb, StepExpect& expect, Complaints& complaints) {
  const Fields fields(value, "expect", kStepExpectKeys, complaints);
  if (!fields.is_map()) return;
  expect.line = value.place.line;
  Outcome outcome = Outcome::kDone;
  if (fields.word("outcome", outcome_words(), outcome)) expect.outcome = outcome;
  if (verb != "get") {
    for (const std::string_view key : {"value", "siblings", "found"}) {
      refuse_field(fields, key, verb, "the expectation of a get", complaints);
    }
    return;
  }
  std::string text;
  if (fields.text("value", kStepValueMax, text)) expect.value = text;
  std::uint32_t siblings = 0;
  if (fields.whole("siblings", {0, kSiblingsDecodedMax}, siblings)) expect.siblings = siblings;
  bool found = false;
  if (fields.word("found", yes_no_words(), found)) expect.found = found;
  const bool says_some = expect.value || (expect.siblings && *expect.siblings > 0);
  if (expect.found == false && says_some) {
    complaints.add(fields.place_of("found"), "'found' is false, yet a value is expected", "keep one of the two");
  }
  if (expect.value && expect.siblings && *expect.siblings != 1) {
    complaints.add(fields.place_of("siblings"), "'value' with " + std::to_string(*expect.siblings) + " siblings",
                   "'value' is that of the only sibling: remove one of the two");
  }
}

void read_need(const Fields& fields, std::string_view key, const Scenario& scenario, Step& step,
               Complaints& complaints) {
  std::uint32_t need = 0;
  if (!fields.whole(key, {1, kReplicasMax}, need)) return;
  if (need > scenario.cluster.replicas) {
    complaints.add(fields.place_of(key),
                   "'" + std::string(key) + "' is " + std::to_string(need) + ", but n is " +
                       std::to_string(scenario.cluster.replicas),
                   "at most " + std::to_string(scenario.cluster.replicas));
    return;
  }
  step.need = static_cast<std::uint8_t>(need);
}

// Reads the parts without which there is no step. False after a complaint about one of them.
bool read_step(const Yaml& item, const NodeNames& names, const Scenario& scenario, Step& step, Complaints& complaints) {
  const Fields fields(item, "steps", kStepKeys, complaints);
  if (!fields.is_map()) return false;
  fields.need("at", "1s");
  fields.need("as", "alice");
  if (fields.duration("at", {0, kRunMax}, step.at_ns) && step.at_ns >= scenario.run_ns) {
    complaints.add(fields.place_of("at"), "this step comes after the end of the run",
                   "the run ends after " + duration_text(scenario.run_ns) + ": move the step, or make 'run' longer");
  }
  if (fields.text("as", kNameBytesMax, step.session) && step.session.empty()) {
    complaints.add(fields.place_of("as"), "'as' is empty", "name the session, such as alice");
  }
  std::string_view verb;
  if (!read_verb(item, fields, step, verb, complaints)) return false;
  const bool writes_value = step.kind == StepKind::kPut || step.kind == StepKind::kAdd;
  if (writes_value) {
    fields.need("value", "milk");
    fields.text("value", kStepValueMax, step.value);
    fields.duration_or("ttl", kForever, kTtlForever, {kMillisecond, kTtlMaxNs}, step.ttl_ns);
    if (step.kind == StepKind::kAdd) refuse_field(fields, "size", verb, "put", complaints);
    std::uint64_t bytes = 0;
    if (step.kind == StepKind::kPut && fields.size("size", {1, kFilledValueMax}, bytes)) {
      step.value_bytes = static_cast<std::uint32_t>(bytes);
    }
  } else {
    refuse_field(fields, "size", verb, "put", complaints);
    refuse_field(fields, "value", verb, "put and add", complaints);
    refuse_field(fields, "ttl", verb, "put and add", complaints);
  }
  if (fields.text("bucket", kBucketBytesMax, step.bucket) && step.bucket.empty()) {
    complaints.add(fields.place_of("bucket"), "'bucket' is empty", "such as sessions");
  }
  const bool may_be_blind = step.kind == StepKind::kPut || step.kind == StepKind::kDelete;
  if (may_be_blind) {
    fields.word("blind", yes_no_words(), step.blind);
  } else {
    refuse_field(fields, "blind", verb, "put and delete", complaints);
  }
  const bool reads = step.kind == StepKind::kGet;
  refuse_field(fields, reads ? "w" : "r", verb, reads ? "put, add and delete" : "get", complaints);
  read_need(fields, reads ? "r" : "w", scenario, step, complaints);
  NodeId via = kNoNode;
  const Yaml* via_value = fields.find("via");
  if (via_value != nullptr && read_node(*via_value, "via", names, via, complaints)) step.via = via;
  QuorumMode mode = QuorumMode::kSloppy;
  if (fields.word("quorum", quorum_words(), mode)) step.mode = mode;
  if (const Yaml* expect = fields.find("expect")) read_step_expect(*expect, verb, step.expect, complaints);
  return true;
}

}  // namespace

void read_steps(const Yaml& value, const NodeNames& names, const Scenario& scenario, std::vector<Step>& steps,
                Complaints& complaints) {
  std::map<std::string, TimeNs> last_of_session;
  for (const Yaml& item : read_list(value, "steps", "[{at: 1s, as: alice, get: cart}]", kStepsMax, complaints)) {
    Step step;
    if (!read_step(item, names, scenario, step, complaints)) continue;
    const auto [last, is_first] = last_of_session.emplace(step.session, step.at_ns);
    if (!is_first && step.at_ns < last->second) {
      complaints.add(item.place,
                     quoted(step.session) + " does this at " + duration_text(step.at_ns) +
                         ", before the step above it (" + duration_text(last->second) + ")",
                     "write the steps of a session in the order of time");
    }
    last->second = step.at_ns;
    steps.push_back(std::move(step));
  }
}

}  // namespace dkv::sim
