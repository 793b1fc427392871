#include "sim/story/traffic.h"

#include <fmt/format.h>

#include "sim/story/text.h"

namespace dkv::story {
namespace {

constexpr std::size_t kPairsMost = 4;

// "12 refused (too few replicas reachable)", "12 refused (9 too few replicas reachable, 3 timed out)".
std::string with_reasons(const char* what, const std::map<std::string, std::uint64_t>& reasons) {
  std::uint64_t all = 0;
  std::string text;
  for (const auto& [reason, count] : reasons) {
    all += count;
    text += (text.empty() ? "" : ", ") + (reasons.size() > 1 ? grouped(count) + " " : std::string()) + reason;
  }
  return all == 0 ? std::string() : fmt::format(", {} {} ({})", grouped(all), what, text);
}

std::string pairs_text(const std::map<std::pair<NodeId, NodeId>, std::uint64_t>& pairs, const sim::Scenario& scenario,
                       const char* first_verb, const char* link) {
  std::string text;
  std::size_t told = 0;
  std::uint64_t rest = 0;
  for (const auto& [pair, count] : pairs) {
    if (told == kPairsMost && pairs.size() > kPairsMost + 1) {
      rest += count;
      continue;
    }
    ++told;
    text += fmt::format("{}{} {}{} {} {}", text.empty() ? "" : ", ", node_name(scenario, pair.first),
                        told == 1 ? first_verb : "", told == 1 ? " " + counted(count, "hint") : grouped(count), link,
                        node_name(scenario, pair.second));
  }
  if (rest > 0) text += fmt::format(", and {} between {} more pairs", grouped(rest), pairs.size() - kPairsMost);
  return text;
}

}  // namespace

void Traffic::operation(const sim::OperationView& view) {
  sim::OperationCount& count = counts_[static_cast<std::size_t>(view.kind)];
  const ClientReply* reply = view.reply;
  if (!reply) {
    ++count.unknown;
    ++doubts_["the client gave up waiting"];
  } else if (reply->outcome == Outcome::kDone) {
    ++count.ok;
    service_.add(view.finished_ns - view.started_ns);
    waiting_.add(view.started_ns - view.due_ns);
  } else if (reply->outcome == Outcome::kRefused) {
    ++count.refused;
    ++refusals_[reason_text(reply->reason)];
  } else {
    ++count.unknown;
    ++doubts_[reason_text(reply->reason)];
  }
}

std::string Traffic::load_text(TimeNs now_ns) const {
  sim::OperationCount all;
  for (const sim::OperationCount& count : counts_) {
    all.ok += count.ok;
    all.refused += count.refused;
    all.unknown += count.unknown;
  }
  const std::uint64_t total = all.ok + all.refused + all.unknown;
  if (total == 0) return {};
  std::string text = fmt::format("{} in {}: ", counted(total, "operation"), duration(now_ns - since_ns_));
  text += all.ok == total ? "all done" : percent(all.ok, total) + " done";
  text += with_reasons("refused", refusals_);
  text += with_reasons("unknown", doubts_);
  if (stale_reads_ > 0) text += ", " + counted(stale_reads_, "stale read");
  if (all.ok > 0) {
    text +=
        fmt::format("; service p50 {}, p99 {}", duration(service_.quantile(5000)), duration(service_.quantile(9900)));
    if (waiting_.greatest() > 0) {
      text += fmt::format("; before that up to {} of waiting for a free client", duration(waiting_.greatest()));
    }
  }
  return text;
}

// The hints without a line of their own. Some that were stored may be delivered or expired already.
std::string Traffic::hint_text(const sim::Scenario& scenario, TimeNs now_ns) const {
  std::string text = pairs_text(stored_, scenario, "stored", "for");
  const auto add = [&text](const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : "; ") + more;
  };
  add(pairs_text(delivered_, scenario, "delivered", "to"));
  if (expired_ > 0) add(counted(expired_, "hint") + " expired");
  if (refused_hints_ > 0) add(counted(refused_hints_, "hint") + " refused, the table was full");
  return text.empty() ? text : fmt::format("in {}: {}", duration(now_ns - since_ns_), text);
}

std::string Traffic::repair_text(TimeNs now_ns, Why& why) const {
  std::string text;
  if (read_repairs_ > 0) {
    text = "reads sent " + counted(read_repairs_, "newer state") + " to replicas that had answered with an older one" +
           why("read repair", "read repair: keys that are read often are repaired first");
  }
  if (anti_entropy_sents_ > 0) {
    text +=
        (text.empty() ? "" : "; ") + ("anti-entropy sent " + counted(anti_entropy_sents_, "state")) +
        why("anti-entropy",
            "replicas compare Merkle trees in the background, and so find differences in keys that no client reads");
  }
  if (shortened_ > 0) text += (text.empty() ? "" : "; ") + counted(shortened_, "clock") + " shortened";
  if (reaped_ > 0) text += (text.empty() ? "" : "; ") + counted(reaped_, "tombstone") + " forgotten";
  if (peer_changes_ > 0) {
    text += (text.empty() ? "" : "; ") +
            fmt::format("peers were lost or found again {} more times", grouped(peer_changes_));
  }
  return text.empty() ? text : fmt::format("in {}: {}", duration(now_ns - since_ns_), text);
}

std::vector<Row> Traffic::take(const sim::Scenario& scenario, TimeNs now_ns, Why& why) {
  std::vector<Row> rows;
  const auto add = [&](const char* who, std::string text) {
    if (!text.empty()) rows.push_back({now_ns, who, std::move(text)});
  };
  add("load", load_text(now_ns));
  add("hints", hint_text(scenario, now_ns));
  add("repairs", repair_text(now_ns, why));
  *this = Traffic();
  since_ns_ = now_ns;
  return rows;
}

}  // namespace dkv::story
