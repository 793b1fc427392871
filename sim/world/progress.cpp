// I12: after a run has converged, a copy of its world is asked for its keys. The questions are about the state that
// the run has left, and not about luck: the copy's network loses nothing, and its disks are quick.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/core/hash.h"
#include "engine/input/units.h"
#include "sim/oracle/findings.h"
#include "sim/world/after_end.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

// The share of a run that the questions may cost. A question takes about a dozen events.
constexpr std::uint64_t kQuestionsLeast = 60;
constexpr std::uint64_t kEventsToAQuestion = 300;
constexpr std::uint64_t kEventsToSpend = 20'000;  // a bound for a copy that does not come to an end
constexpr std::uint64_t kKeysLookedAt = 4096;
constexpr std::uint64_t kKeysThroughAllMax = 200;
constexpr std::size_t kAtOnce = 8;
constexpr TimeNs kFillEveryNs = 200 * kMillisecond;  // between rounds of anti-entropy
constexpr TimeNs kStepNs = 50 * kMillisecond;
constexpr TimeNs kAnswersWithinNs = 60 * kSecond;  // in all, beyond the time-outs of the tries of one question

// What sets a key apart: only such keys are asked about in any case.
struct Look {
  std::size_t key = 0;
  std::uint64_t order = 0;
  std::uint64_t timestamp = 0;
  std::size_t entries = 0;
  std::size_t siblings = 0;
};

Look look_at(const ObjectPtr& state, std::size_t key, std::uint64_t order) {
  Look look{.key = key, .order = order};
  if (!state) return look;
  look.timestamp = state->latest_hlc().packed;
  look.entries = state->seen().entries().size() + state->seen().isolated().size();
  look.siblings = state->siblings().size();
  return look;
}

// Moves the key with the greatest number to the front of those from `first` on.
template <class Number>
void greatest_first(std::vector<Look>& looks, std::size_t first, Number Look::* number) {
  if (first >= looks.size()) return;
  const auto from = looks.begin() + static_cast<std::ptrdiff_t>(first);
  std::iter_swap(from, std::max_element(from, looks.end(), [&](const Look& a, const Look& b) {
                   return std::pair(a.*number, a.order) < std::pair(b.*number, b.order);
                 }));
}

std::string reply_text(const ClientReply& reply) {
  return fmt::format("{}, {} ({})", outcome_name(reply.outcome), reason_name(reply.reason), reason_text(reply.reason));
}

}  // namespace

// Whether all nodes serve, reach each other and have room: only then the questions are about keys.
bool AfterEnd::ready() const {
  const std::vector<Machine>& machines = copy_.machines_;
  return std::ranges::all_of(machines, [&](const Machine& machine) {
    return machine.node && machine.node->phase() == Node::Phase::kServing && machine.node->store().accepts(1) &&
           machine.node->peers().reachable_count() + 1 == machines.size();
  });
}

bool AfterEnd::all_know() const {
  return std::ranges::all_of(copy_.machines_,
                             [](const Machine& machine) { return machine.node && machine.node->knows_all(); });
}

bool AfterEnd::operations_last() const {
  return std::ranges::any_of(copy_.machines_, [](const Machine& machine) {
    return machine.node && machine.node->operations_in_progress() > 0;
  });
}

void AfterEnd::calm_down() {
  auto calm = std::make_shared<Scenario>(*copy_.scenario_);
  calm->network = NetworkSpec{};
  calm->disk = DiskSpec{};
  copy_.scenario_ = std::move(calm);
  copy_.network_ = Network(*copy_.scenario_, copy_.seed_);
}

// The keys that differ most from the usual come first, and then a sample in an order that the seed decides.
Questions AfterEnd::questions(std::uint64_t most) const {
  const std::vector<Key>& all = copy_.clients_.keys();
  const std::size_t every = all.size() / kKeysLookedAt + 1;
  std::vector<Look> looks;
  for (std::size_t i = 0; i < all.size(); i += every) {
    const NodeId primary = copy_.placement_->primaries(copy_.placement_->partition(all[i].hash())).front();
    looks.push_back(look_at(copy_.machines_[primary].node->store().find(all[i]), i, mix64(copy_.seed_ + i)));
  }
  std::ranges::sort(looks, {}, &Look::order);
  greatest_first(looks, 0, &Look::timestamp);
  greatest_first(looks, 1, &Look::entries);
  greatest_first(looks, 2, &Look::siblings);
  const ClusterSpec& cluster = copy_.scenario_->cluster;
  const auto nodes = static_cast<std::uint32_t>(copy_.machines_.size());
  // Two thirds go to different keys, and the rest to different nodes.
  const std::uint64_t keys = std::min<std::uint64_t>(looks.size(), most * 2 / 3 / Questions::count(1, 0, nodes));
  std::uint64_t through_all = std::min(keys, kKeysThroughAllMax);
  while (through_all > 1 && Questions::count(keys, through_all, nodes) > most) --through_all;
  std::vector<Key> chosen;
  for (std::size_t i = 0; i < keys; ++i) chosen.push_back(all[looks[i].key]);
  const std::uint32_t room = std::max<std::uint32_t>(cluster.node.operations_max / 2, 1);
  return Questions({.nodes = nodes,
                    .replicas = cluster.replicas,
                    .mode = cluster.mode,
                    .write_need = cluster.write_need,
                    .write_primary = cluster.write_primary,
                    .timeout_ms = static_cast<std::uint32_t>(cluster.request_timeout_ns / kMillisecond),
                    .at_once = std::min<std::uint32_t>(kAtOnce, room),
                    .through_all = static_cast<std::uint32_t>(through_all)},
                   std::move(chosen), static_cast<NodeId>(copy_.seed_ % nodes));
}

void AfterEnd::ask(const Questions::Question& question) {
  copy_.push(copy_.now_ns_ + question.after_ns,
             RequestArrives{question.node, question.token, ClientRequest(question.request)});
}

// A question of I12 has its answer. The client is at the node, so its messages take no time.
void World::answered(std::uint64_t token, const ClientReply& reply) {
  if (questions_ == nullptr) return;
  if (const auto next = questions_->answered(token, reply)) {
    push(now_ns_ + next->after_ns, RequestArrives{next->node, next->token, ClientRequest(next->request)});
  }
}

template <class Done>
bool AfterEnd::wait_for(Done&& done, TimeNs within_ns, std::uint64_t& events_left) {
  const TimeNs end_ns = copy_.now_ns_ + within_ns;
  while (!done()) {
    const TimeNs look_ns = copy_.now_ns_ + kStepNs;
    if (look_ns > end_ns || !play_until(look_ns, nullptr, events_left)) return false;
    copy_.now_ns_ = look_ns;
  }
  return true;
}

void AfterEnd::judge_progress() {
  calm_down();
  std::uint64_t events_left = kEventsToSpend + copy_.events_;
  const NodeConfig& config = copy_.scenario_->cluster.node;
  const TimeNs timeout_ns = copy_.scenario_->cluster.request_timeout_ns;
  const TimeNs beats_ns = config.unreachable_after_ns + 4 * config.heartbeat_every_ns;
  // If this wait is in vain, the answers say why.
  wait_for([&] { return ready(); }, beats_ns + 10 * kSecond, events_left);
  // A node that was filled may not have been told yet. Its peers tell it by their rounds.
  hurry_rounds(kFillEveryNs);
  wait_for([&] { return all_know(); }, 10 * kSecond, events_left);
  Questions questions = this->questions(std::max(kQuestionsLeast, copy_.events_ / kEventsToAQuestion));
  copy_.questions_ = &questions;
  for (const Questions::Question& question : questions.begin()) ask(question);
  wait_for([&] { return questions.done(); }, kAnswersWithinNs + 4 * timeout_ns, events_left);
  if (events_left > 0) questions.end();
  for (const Questions::Finding& finding : questions.findings()) report(finding);
  // The deliveries of hints, whose time-out is the nodes' own, last for two seconds.
  const bool ended = wait_for([&] { return !operations_last(); }, timeout_ns + 3 * kSecond, events_left);
  if (!ended && events_left > 0) report_operations();
  copy_.questions_ = nullptr;
  if (events_left == 0) {
    run_.oracle_.cannot_judge(Invariant::kProgress, "the questions about the keys took too many events");
  }
}

// The state that an answer rests on, at one node.
std::string AfterEnd::state_text(NodeId node, const Key& key) const {
  if (node >= copy_.machines_.size() || !copy_.machines_[node].node) return {};
  const ObjectPtr state = copy_.machines_[node].node->store().find(key);
  const std::string& name = copy_.scenario_->cluster.members[node].name;
  if (!state) return fmt::format("; {} holds nothing for it", name);
  const auto siblings = state->siblings().size();
  const auto entries = state->seen().entries().size() + state->seen().isolated().size();
  std::string text = fmt::format("; at {} it has {} version{} and a clock of {} entr{}", name, siblings,
                                 siblings == 1 ? "" : "s", entries, entries == 1 ? "y" : "ies");
  const TimeNs ahead_ns = static_cast<TimeNs>(state->latest_hlc().wall_ms()) * kMillisecond - copy_.wall_now(node);
  if (ahead_ns > kSecond)
    text += fmt::format(", and its latest timestamp is {} ahead", duration_text(ahead_ns / kSecond * kSecond));
  return text;
}

void AfterEnd::report(const Questions::Finding& finding) {
  // A question may be the first one to read a damaged value. Then the node is right to say that it does not know.
  const bool damaged = std::ranges::any_of(copy_.machines_, [](const Machine& machine) {
    return machine.folder.ever_damaged() || machine.folder.ever_unreadable();
  });
  if (damaged && finding.reply && finding.reply->reason == Reason::kReplicasIncomplete) return;
  const auto& members = copy_.scenario_->cluster.members;
  const std::string& node = members[finding.node].name;
  std::string detail =
      fmt::format("all is healed and equal, but {} does not do a {} of {}{}: ", node, request_name(finding.kind),
                  key_text(finding.key), finding.with_context ? " with its context" : "");
  const NodeId coordinator = finding.reply ? finding.reply->coordinator : kNoNode;
  detail += finding.reply ? reply_text(*finding.reply) : "no answer came";
  if (finding.asked > 1) detail += fmt::format(", the last of {} tries", finding.asked);
  if (coordinator < members.size() && coordinator != finding.node)
    detail += fmt::format(", says {}", members[coordinator].name);
  detail += state_text(coordinator < members.size() ? coordinator : finding.node, finding.key);
  run_.oracle_.report({.invariant = Invariant::kProgress,
                       .breach = Breach::kNotDone,
                       .at_ns = run_.now_ns_,
                       .node = finding.node,
                       .key = key_text(finding.key),
                       .detail = std::move(detail),
                       .other = coordinator < members.size() && coordinator != finding.node ? coordinator : kNoNode});
}

void AfterEnd::report_operations() {
  for (NodeId node = 0; node < copy_.machines_.size(); ++node) {
    const Machine& machine = copy_.machines_[node];
    const std::uint32_t operations = machine.node ? machine.node->operations_in_progress() : 0;
    if (operations == 0) continue;
    run_.oracle_.report(
        {.invariant = Invariant::kProgress,
         .breach = Breach::kOutlivesDeadline,
         .at_ns = run_.now_ns_,
         .node = node,
         .key = {},
         .detail = fmt::format("all time-outs are over, but {} still keeps {} operation{} in progress",
                               copy_.scenario_->cluster.members[node].name, operations, operations == 1 ? "" : "s")});
  }
}

}  // namespace dkv::sim
