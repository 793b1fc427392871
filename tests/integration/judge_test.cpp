// Tests of the judge with records made by hand: it must find every planted violation.
#include <algorithm>

#include "engine/gateway/objects.h"
#include "engine/input/units.h"
#include "tests/catch.h"
#include "tests/integration/history.h"

using namespace dkv;
using namespace dkv::integration;
using sim::Invariant;

namespace {

const Actor kActor{ActorId{0xa, 0xb}, 1};

Cast three_nodes() {
  Cast cast;
  for (NodeId id = 0; id < 3; ++id) {
    cast.members.push_back({.id = id, .name = "n" + std::to_string(id + 1), .host = {}, .rack = {}, .datacenter = {}});
  }
  return cast;
}

std::string token(std::uint64_t counter) {
  Context context;
  for (std::uint64_t i = 1; i <= counter; ++i) context.seen = context.seen.with({kActor, i});
  return http::context_text(context, load_key(0), ContextSeal("test", {}));
}

std::string vtag(std::uint64_t counter) {
  return http::vtag_of({kActor, counter});
}

// The history of a key, step by step. Versions are named by the counters of their dots.
struct Story {
  std::vector<Operation> operations;
  std::uint64_t moment = 0;

  std::size_t add(Operation operation) {
    operation.began = ++moment;
    operation.began_ns = static_cast<TimeNs>(moment) * kSecond;
    operation.ended = ++moment;
    operation.ended_ns = static_cast<TimeNs>(moment) * kSecond;
    operations.push_back(std::move(operation));
    return operations.size() - 1;
  }
  std::size_t write(RequestKind kind, std::uint64_t counter, std::optional<std::size_t> from = {},
                    Outcome outcome = Outcome::kDone) {
    Operation operation{.kind = kind, .primary_need = 2, .context_from = from, .outcome = outcome};
    if (from) operation.context_sent = operations[*from].context;
    if (outcome == Outcome::kDone) operation.context = token(counter);
    return add(std::move(operation));
  }
  // shown: versions with the operations that wrote them.
  std::size_t read(const std::vector<std::pair<std::uint64_t, std::size_t>>& shown) {
    Operation operation{.kind = RequestKind::kGet, .primary_need = 2, .outcome = Outcome::kDone};
    std::uint64_t last = 0;
    for (const auto& [counter, writer] : shown) {
      operation.shown.push_back({vtag(counter), value_of(writer), false});
      last = std::max(last, counter);
    }
    if (last > 0) operation.context = token(last);
    return add(std::move(operation));
  }
};

nlohmann::json object(std::uint64_t counter, bool deleted = false) {
  const nlohmann::json dot = {{"actor", hex16(0xa) + hex16(0xb)}, {"epoch", 1}, {"counter", counter}};
  nlohmann::json sibling = dot;
  sibling["vtag"] = vtag(counter);
  if (deleted) sibling["deleted"] = true;
  return {{"siblings", {sibling}}, {"seen", {dot}}};
}

Finals everywhere(const nlohmann::json& held) {
  return {{{0, held}}, {{0, held}}, {{0, held}}};
}

bool found(const Judgement& judgement, Invariant invariant) {
  return std::ranges::count(judgement.violations, invariant, &sim::Violation::invariant) > 0;
}

}  // namespace

TEST_CASE("the judge finds nothing in a sound record") {
  Story story;
  const auto first = story.write(RequestKind::kPut, 1);
  const auto read = story.read({{1, first}});
  const auto second = story.write(RequestKind::kPut, 2, read);
  const auto again = story.read({{2, second}});
  story.write(RequestKind::kDelete, 3, again);
  const Judgement judgement = judge(story.operations, everywhere(object(3, true)), three_nodes());
  CHECK(judgement.text().empty());
  CHECK(judgement.keys == 1);
  CHECK(judgement.counters.reads_judged == 2);
}

TEST_CASE("the judge finds an acknowledged value that is nowhere") {
  Story story;
  const auto first = story.write(RequestKind::kPut, 1);
  story.read({{1, first}});
  CHECK(found(judge(story.operations, everywhere(nullptr), three_nodes()), Invariant::kNoLostWrite));
}

TEST_CASE("the judge finds a value that a delete had removed") {
  Story story;
  const auto first = story.write(RequestKind::kPut, 1);
  const auto read = story.read({{1, first}});
  story.write(RequestKind::kDelete, 2, read);
  const Judgement judgement = judge(story.operations, everywhere(object(1)), three_nodes());
  CHECK(found(judgement, Invariant::kNoResurrection));
}

TEST_CASE("the judge finds a read without a write that was acknowledged before it") {
  Story story;
  const auto first = story.write(RequestKind::kPut, 1);
  story.read({{1, first}});
  story.read({});
  CHECK(found(judge(story.operations, everywhere(object(1)), three_nodes()), Invariant::kSessions));
}

TEST_CASE("the judge finds replicas that differ") {
  Story story;
  const auto first = story.write(RequestKind::kPut, 1);
  story.read({{1, first}});
  Finals finals = everywhere(object(1));
  finals[1][0] = nullptr;
  CHECK(found(judge(story.operations, finals, three_nodes()), Invariant::kConvergence));
}

TEST_CASE("the judge finds bytes that no client wrote, and a refused write that is stored") {
  Story story;
  const auto first = story.write(RequestKind::kPut, 1, {}, Outcome::kRefused);
  story.read({{1, first}});
  CHECK(found(judge(story.operations, everywhere(object(1)), three_nodes()), Invariant::kNoLostWrite));
  Story foreign;
  foreign.read({{1, 7}});
  CHECK(found(judge(foreign.operations, everywhere(nullptr), three_nodes()), Invariant::kNoLostWrite));
}

TEST_CASE("the judge leaves out a key with a delete of unknown outcome, and says so") {
  Story story;
  const auto first = story.write(RequestKind::kPut, 1);
  const auto read = story.read({{1, first}});
  story.write(RequestKind::kDelete, 2, read, Outcome::kUnknown);
  const Judgement judgement = judge(story.operations, everywhere(object(2, true)), three_nodes());
  CHECK(judgement.text().empty());
  CHECK(judgement.keys == 0);
  CHECK(judgement.keys_left_out == 1);
}
