// Numbers of a run that are not within their bound: the operations or events that decide them, with their faults.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "sim/faults/catalogue.h"
#include "sim/story/text.h"
#include "sim/why/copies.h"
#include "sim/why/questions.h"
#include "sim/why/silence.h"

namespace dkv::why {
namespace {

constexpr std::size_t kGroupsMax = 8;
constexpr std::size_t kToldMax = 8;

struct Group {
  std::uint64_t count = 0;
  const Operation* first = nullptr;
  std::vector<const FaultSpan*> faults;
};
using Groups = std::map<std::string, Group>;

void add_to(Groups& groups, const std::string& cause, const Operation& operation,
            const std::vector<const FaultSpan*>& faults) {
  Group& group = groups[cause];
  if (group.count++ == 0) group.first = &operation;
  for (const FaultSpan* span : faults) {
    if (std::ranges::find(group.faults, span) == group.faults.end()) group.faults.push_back(span);
  }
}

// The silent nodes of an operation that was not done, in a few words.
void group_failed(const Case& about, const Operation& operation, Groups& groups) {
  std::vector<const FaultSpan*> faults;
  std::vector<std::string> causes;
  const Moment end = operation.replied.happened() ? operation.replied : operation.finished;
  const auto add = [&](NodeId node) {
    const Silent silent = silence_of(about, operation, node, end);
    if (silent.how == Silence::kNone) return;
    if (silent.how == Silence::kAskedElsewhere && operation.contacts.empty()) return;
    if (silent.fault) faults.push_back(silent.fault);
    causes.push_back(silence_group(about, silent, node));
  };
  const bool at_replicas = operation.reason == Reason::kTooFewReplicas || operation.reason == Reason::kTimedOut ||
                           operation.reason == Reason::kNoReachablePrimary || operation.gave_up;
  if (!operation.asked.happened()) {
    causes.push_back(operation.request_lost.happened() ? "the network loses its request"
                                                       : "its request reaches no process");
    if (operation.request_lost.happened()) {
      faults = about.link_faults(operation.home, operation.via, operation.request_lost.event);
    }
  } else if (operation.reply_lost.happened()) {
    causes.push_back("the network loses its answer");
    faults = about.link_faults(operation.via, operation.home, operation.reply_lost.event);
  } else if (!at_replicas) {
    const NodeId node = operation.coordinator != kNoNode ? operation.coordinator : operation.via;
    causes.push_back(fmt::format("{} refuses by itself: {}", about.name(node), reason_text(operation.reason)));
    faults = about.node_faults(node, end.event);
  } else if (operation.forwarded.happened() && !operation.coordinated.by(end)) {
    add(operation.forwarded_to);
  } else {
    for (const NodeId node : about.primaries(operation.key)) add(node);
  }
  std::string cause;
  for (const std::string& one : causes) cause += (cause.empty() ? "" : "; ") + one;
  add_to(groups, cause.empty() ? "no node is silent (the reason is not proved)" : cause, operation, faults);
}

// The answer for which a slow operation waited.
void group_slow(const Case& about, const Operation& operation, Groups& groups) {
  const TimeNs took_ns = operation.finished.at_ns - operation.due_ns;
  const TimeNs queued_ns = operation.started_ns - operation.due_ns;
  if (2 * queued_ns > took_ns) {
    return add_to(groups, "it waits in its client's own queue, before it begins", operation, {});
  }
  if (operation.refused_connection.happened()) {
    return add_to(groups, fmt::format("{} is down when the client asks it", about.name(operation.refused_by)),
                  operation, about.node_faults(operation.refused_by, operation.refused_connection.event));
  }
  const NodeId own = operation.coordinator;
  if (own == kNoNode) return add_to(groups, "its way is not in the record (not proved)", operation, {});
  std::vector<const FaultSpan*> faults;
  std::string cause;
  const auto blame = [&](const std::vector<const FaultSpan*>& spans) {
    for (const FaultSpan* span : spans) {
      if (std::ranges::find(faults, span) != faults.end()) continue;
      faults.push_back(span);
      cause += fmt::format(" ({})", sim::fault_name(span->fault.kind));
    }
  };
  const auto deciding = std::ranges::find_if(operation.contacts, [&](const Contact& contact) {
    return !contact.own && contact.answer_arrived.happened() && contact.answer_arrived.event == operation.replied.event;
  });
  if (deciding == operation.contacts.end()) {
    cause = fmt::format("the deciding answer is that of {}, which coordinates", about.name(own));
  } else {
    cause = fmt::format("the deciding answer is that of {}", about.name(deciding->node));
    blame(about.node_faults(deciding->node, deciding->asked.event));
    blame(about.link_faults(own, deciding->node, deciding->asked.event));
    blame(about.link_faults(deciding->node, own, deciding->answered.event));
    const auto at_own = about.node_faults(own, operation.replied.event);
    if (!at_own.empty()) cause += fmt::format(", and {} coordinates", about.name(own));
  }
  blame(about.node_faults(own, operation.replied.event));
  if (faults.empty()) cause += " (no fault that was on delays it)";
  add_to(groups, cause, operation, faults);
}

void tell_groups(const Case& about, const Groups& groups, Steps& steps) {
  std::vector<std::pair<std::string, Group>> list(groups.begin(), groups.end());
  std::ranges::stable_sort(list, std::greater<>(), [](const auto& one) { return one.second.count; });
  if (!list.empty()) {
    std::set<std::string> kinds;  // of the faults behind most of the operations
    for (const FaultSpan* span : list.front().second.faults) kinds.insert(sim::fault_name(span->fault.kind));
    std::string words;
    for (const std::string& kind : kinds) words += (words.empty() ? "" : ", ") + kind;
    steps.because(Gravity::kMistake, list.front().second.first->finished, words.empty() ? "no fault" : words);
  }
  for (std::size_t i = 0; i < std::min(list.size(), kGroupsMax); ++i) {
    const auto& [cause, group] = list[i];
    for (const FaultSpan* span : group.faults) steps.add_fault(*span);
    std::string text =
        fmt::format("{}: {}; the first is the {} of {} by {}", cause, story::counted(group.count, "operation"),
                    sim::operation_name(group.first->kind), story::shown(group.first->key.key(), 24), group.first->who);
    const bool proven = cause.find("not proved") == std::string::npos;
    if (proven) {
      steps.add(group.first->finished, group.first->via, std::move(text));
    } else {
      steps.add_unproven(group.first->finished, group.first->via, std::move(text));
    }
  }
  if (list.size() > kGroupsMax) {
    steps.add(about.record.end, kNoNode, fmt::format("and {} further causes", list.size() - kGroupsMax));
  }
}

bool is_of(std::string_view metric, const Operation& operation) {
  if (metric == "availability_reads" || metric.starts_with("get")) return operation.kind == sim::OperationKind::kGet;
  if (metric.starts_with("put")) return operation.kind == sim::OperationKind::kPut;
  if (metric.starts_with("delete")) return operation.kind == sim::OperationKind::kDelete;
  if (metric.ends_with("_writes")) return operation.write();
  return true;
}

void failed_operations(const Case& about, std::string_view metric, Steps& steps) {
  Groups groups;
  const Operation* first = nullptr;
  for (const Operation& operation : about.record.operations) {
    if (!operation.finished.happened() || operation.done() || !is_of(metric, operation)) continue;
    const bool refused = !operation.gave_up && operation.outcome == Outcome::kRefused;
    if (metric.find("refused") != std::string_view::npos && !refused) continue;
    if (metric.find("unknown") != std::string_view::npos && refused) continue;
    if (!first) first = &operation;
    group_failed(about, operation, groups);
  }
  if (!first) {
    return steps.add_unproven(about.record.end, kNoNode, "no operation of this kind failed");
  }
  tell_groups(about, groups, steps);
  explain_refusal(about, *first, steps);
}

void slow_operations(const Case& about, std::string_view metric, double bound_ms, Steps& steps) {
  Groups groups;
  for (const Operation& operation : about.record.operations) {
    if (!operation.done() || !is_of(metric, operation)) continue;
    const double took_ms = static_cast<double>(operation.finished.at_ns - operation.due_ns) / 1e6;
    if (took_ms > bound_ms) group_slow(about, operation, groups);
  }
  if (groups.empty()) {
    return steps.add_unproven(about.record.end, kNoNode, "no operation of the record took longer than the bound");
  }
  tell_groups(about, groups, steps);
}

void stale_reads(const Case& about, Steps& steps) {
  bool first = true;
  std::size_t told = 0;
  for (const Stale& stale : about.record.stale) {
    if (told++ >= kToldMax) break;
    const auto get = std::ranges::find_if(about.record.operations, [&](const Operation& one) {
      return !one.write() && one.finished.event == stale.when.event && one.session == stale.read.session;
    });
    if (get != about.record.operations.end() && std::exchange(first, false)) {
      explain_missed(about, *get, stale.read.missed, steps);
      continue;
    }
    steps.add(
        stale.when, kNoNode,
        fmt::format("a get of {} does not show {}", story::shown(stale.read.key, 24), short_name(stale.read.missed)));
  }
}

// The get that showed the most live siblings.
void most_siblings(const Case& about, Steps& steps) {
  const Operation* most = nullptr;
  std::ptrdiff_t count = 0;
  for (const Operation& operation : about.record.operations) {
    if (!operation.answer || operation.write()) continue;
    const auto live = std::ranges::count(operation.answer->siblings(), false, &Sibling::tombstone);
    if (live <= count) continue;
    most = &operation;
    count = live;
  }
  if (!most) return steps.add_unproven(about.record.end, kNoNode, "no get of the record shows siblings");
  explain_siblings(about, *most, steps);
}

void observations(const Case& about, const ObservedInfo& info, Steps& steps) {
  std::size_t count = 0;
  for (const Said& said : about.record.said) {
    if (said.what.what != info.value || ++count > kToldMax) continue;
    std::string event = info.name;
    std::ranges::replace(event, '_', ' ');
    std::string text = fmt::format("{} reports \"{}\"", about.name(said.node), event);
    if (said.what.peer != kNoNode) text += fmt::format(", for {}", about.name(said.what.peer));
    if (!said.what.key.empty()) text += fmt::format(", key {}", story::shown(said.what.key.key(), 24));
    steps.add(said.when, said.node, std::move(text));
    if (said.what.peer == kNoNode) continue;
    for (const FaultSpan* span : about.node_faults(said.what.peer, said.when.event)) steps.add_fault(*span);
    for (const FaultSpan* span : about.link_faults(said.node, said.what.peer, said.when.event)) steps.add_fault(*span);
  }
  if (info.value == Observed::kHintExpired && count > 0) {
    steps.add(about.record.end, kNoNode,
              fmt::format("hints live for {} (a setting)", story::duration(about.scenario.cluster.node.hint_ttl_ns)));
  }
  if (count == 0) steps.add_unproven(about.record.end, kNoNode, "no node reported such an event");
}

// Losses that the oracle keeps with their proof: the first one in full.
void losses(const Case& about, const std::vector<sim::Excused>& list, Steps& steps) {
  if (list.empty()) return;
  const Operation* write = about.record.write(list.front().write);
  if (!write) return;
  tell_write(about, write->tag, about.record.end.event, steps);
  tell_never_held(about, *write, steps);
  tell_end(about, write->key, steps);
}

}  // namespace

void explain_number(const Case& about, const sim::Expectation& expect, const sim::RunResult& result, Steps& steps) {
  const std::string_view metric = expect.metric;
  const bool outcome = metric.starts_with("availability") || metric.ends_with("_refused") ||
                       metric.ends_with("_unknown") || metric == "refused_writes" || metric == "unknown_writes" ||
                       metric.ends_with("_ok");
  const auto observed = std::ranges::find_if(
      all_observed(), [&](const ObservedInfo& info) { return info.run_metric && metric == info.run_metric; });
  if (outcome) {
    failed_operations(about, metric, steps);
  } else if (metric.starts_with("get_p") || metric.starts_with("put_p")) {
    slow_operations(about, metric, expect.number, steps);
  } else if (metric.starts_with("stale_read")) {
    stale_reads(about, steps);
  } else if (metric == "excused_losses") {
    losses(about, result.excused, steps);
  } else if (metric == "discarded_by_lww") {
    losses(about, result.discarded, steps);
  } else if (metric == "siblings_read_max") {
    most_siblings(about, steps);
  } else if (observed != all_observed().end()) {
    observations(about, *observed, steps);
  } else if (metric == "hints_expired") {
    observations(about, all_observed()[static_cast<std::size_t>(Observed::kHintExpired)], steps);
  }
  const auto value = result.metrics.find(expect.metric);
  const double is = value == result.metrics.end() ? 0 : value->second;
  const std::string text = fmt::format("{} is {:.6g}, and {} was expected", expect.metric, is, expect.text);
  if (steps.empty()) {
    return steps.add_unproven(about.record.end, kNoNode, text + "; no single events decide this number");
  }
  steps.add(about.record.end, kNoNode, text);
}

}  // namespace dkv::why
