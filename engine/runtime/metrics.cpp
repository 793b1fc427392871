#include "engine/runtime/metrics.h"

#include <cstdio>
#include <span>
#include <string_view>

#include "engine/node/metrics.h"
#include "engine/node/node.h"
#include "engine/runtime/config.h"
#include "engine/runtime/disk/threaded_disk.h"
#include "engine/runtime/net/peer_links.h"

namespace dkv {
namespace {

// The name in the text format. Counters and times have a suffix.
template <class Of>
std::string full_name(const Metric<Of>& metric) {
  std::string name = metric.name;
  if (metric.unit == MetricUnit::kNanoseconds) name += "_seconds";
  if (metric.type == MetricType::kCounter && !name.ends_with("_total")) name += "_total";
  return name;
}

class Page {
 public:
  explicit Page(std::string& out) : out_(out) {}

  void about(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "dkv_" + std::string(name);
    out_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
  }
  void value(std::uint64_t number, const std::string& labels = {}) { line({}, labels, std::to_string(number)); }
  template <class Of>
  void about(const Metric<Of>& metric) {
    about(full_name(metric), metric.type == MetricType::kCounter ? "counter" : "gauge", metric.help);
  }
  template <class Of>
  void value(const Metric<Of>& metric, const Of& of, const std::string& labels = {}) {
    const std::uint64_t number = metric.read(of);
    const bool time = metric.unit == MetricUnit::kNanoseconds;
    line({}, labels, time ? seconds_text(static_cast<TimeNs>(number)) : std::to_string(number));
  }
  template <class Of>
  void all(std::span<const Metric<Of>> metrics, const Of& of) {
    for (const Metric<Of>& metric : metrics) {
      about(metric);
      value(metric, of);
    }
  }
  void histogram(const LatencyHistogram& of, const std::string& labels = {}) {
    const std::string more = labels.empty() ? "" : labels + ",";
    std::uint64_t below = 0;
    for (std::size_t step = 0; step < LatencyHistogram::kEndsNs.size(); ++step) {
      below += of.counts()[step];
      line("_bucket", more + "le=\"" + seconds_text(LatencyHistogram::kEndsNs[step]) + "\"", std::to_string(below));
    }
    line("_bucket", more + "le=\"+Inf\"", std::to_string(of.count()));
    line("_sum", labels, seconds_text(of.sum_ns()));
    line("_count", labels, std::to_string(of.count()));
  }

 private:
  // Writes all digits: a sum of years, or a moment since the epoch, has more digits than a float holds.
  static std::string seconds_text(TimeNs ns) {
    char text[32];
    std::snprintf(text, sizeof text, "%lld.%09lld", static_cast<long long>(ns / kSecond),
                  static_cast<long long>(ns % kSecond));
    std::string exact = text;
    exact.erase(exact.find_last_not_of('0') + 1);
    if (exact.back() == '.') exact.pop_back();
    return exact;
  }
  void line(std::string_view suffix, const std::string& labels, const std::string& number) {
    out_ += name_;
    out_ += suffix;
    if (!labels.empty()) out_ += "{" + labels + "}";
    out_ += " " + number + "\n";
  }

  std::string& out_;
  std::string name_;
};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

void requests(const Metrics& metrics, Page& page) {
  page.about("requests_total", "counter", "answered client requests by kind and outcome");
  for (std::size_t kind = 0; kind < metrics.requests.size(); ++kind) {
    for (std::size_t outcome = 0; outcome < metrics.requests[kind].outcomes.size(); ++outcome) {
      page.value(metrics.requests[kind].outcomes[outcome],
                 label("kind", request_name(static_cast<RequestKind>(kind))) + "," +
                     label("outcome", outcome_name(static_cast<Outcome>(outcome))));
    }
  }
  page.about("request_duration_seconds", "histogram", "time from a request to the answer of its quorum");
  for (std::size_t kind = 0; kind < metrics.requests.size(); ++kind) {
    page.histogram(metrics.requests[kind].latency, label("kind", request_name(static_cast<RequestKind>(kind))));
  }
  page.about("http_responses_total", "counter", "HTTP responses by status");
  for (const auto& [status, count] : metrics.responses) page.value(count, label("status", std::to_string(status)));
}

void events(const Metrics& metrics, Page& page) {
  page.about("events_total", "counter", "observations of the node by name");
  for (const ObservedInfo& info : all_observed()) page.value(metrics.observed[info.value], label("what", info.name));
}

void peers(const ServerView& server_view, Page& page) {
  if (server_view.links == nullptr) return;
  page.about("peer_reachable", "gauge", "1 while messages pass between this node and the peer both ways");
  for (const ClusterMember& member : server_view.config.members) {
    if (member.member.id == server_view.config.self) continue;
    page.value(server_view.node.peers().reachable(member.member.id) ? 1 : 0, label("peer", member.member.name));
  }
  const auto all = server_view.links->stats();
  for (const Metric<PeerLinks::PeerStats>& metric : kPeerMetrics) {
    page.about(metric);
    for (const auto& peer : all) page.value(metric, peer, label("peer", peer.name));
  }
}

void store(const ServerView& server_view, Page& page) {
  page.all<StoreStats>(kStoreMetrics, server_view.node.store().stats());
  if (server_view.disk == nullptr) return;
  page.about("store_sync_duration_seconds", "histogram", "duration of synced writes of the log");
  page.histogram(server_view.disk->sync_latency());
}

}  // namespace

std::string prometheus_text(const ServerView& server_view) {
  std::string text;
  Page page(text);
  page.all<Node>(node_metrics(), server_view.node);
  page.all<Metrics>(kProcessMetrics, server_view.metrics);
  requests(server_view.metrics, page);
  events(server_view.metrics, page);
  peers(server_view, page);
  store(server_view, page);
  return text;
}

}  // namespace dkv
