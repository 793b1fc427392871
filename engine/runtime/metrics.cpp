#include "engine/runtime/metrics.h"

#include <cstdio>
#include <string_view>

#include "engine/node/node.h"
#include "engine/runtime/config.h"
#include "engine/runtime/disk/threaded_disk.h"
#include "engine/runtime/net/peer_links.h"

namespace dkv {
namespace {

class Page {
 public:
  explicit Page(std::string& out) : out_(out) {}

  void about(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "dkv_" + std::string(name);
    out_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
  }
  void value(std::uint64_t number, const std::string& labels = {}) { line({}, labels, std::to_string(number)); }
  void seconds(TimeNs ns, const std::string& labels = {}) { line({}, labels, seconds_text(ns)); }
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
  // Every digit: a sum of years, or a moment since the epoch, has more than a float shows.
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
  page.about("requests_total", "counter", "Client requests answered, by kind and outcome.");
  for (std::size_t kind = 0; kind < metrics.requests.size(); ++kind) {
    for (std::size_t outcome = 0; outcome < metrics.requests[kind].outcomes.size(); ++outcome) {
      page.value(metrics.requests[kind].outcomes[outcome],
                 label("kind", request_kind_name(static_cast<RequestKind>(kind))) + "," +
                     label("outcome", outcome_name(static_cast<Outcome>(outcome))));
    }
  }
  page.about("request_duration_seconds", "histogram", "From the request to the answer of its quorum.");
  for (std::size_t kind = 0; kind < metrics.requests.size(); ++kind) {
    page.histogram(metrics.requests[kind].latency, label("kind", request_kind_name(static_cast<RequestKind>(kind))));
  }
  page.about("http_responses_total", "counter", "HTTP responses, by status.");
  for (const auto& [status, count] : metrics.responses) page.value(count, label("status", std::to_string(status)));
  page.about("http_connections", "gauge", "Open connections of clients.");
  page.value(metrics.connections_open);
  page.about("http_connections_total", "counter", "Connections taken since the start.");
  page.value(metrics.connections_total);
  page.about("http_connections_refused_total", "counter", "Connections refused: too many were open.");
  page.value(metrics.connections_refused);
}

void node(const Panorama& panorama, Page& page) {
  const Node& node = panorama.node;
  page.about("up", "gauge", "1 while the node serves.");
  page.value(node.phase() == Node::Phase::kServing ? 1 : 0);
  page.about("start_time_seconds", "gauge", "When the process started, since the Unix epoch.");
  page.seconds(panorama.metrics.started_wall_ns);
  page.about("keys", "gauge", "Keys held here, tombstones included.");
  page.value(node.store().key_count());
  page.about("hints", "gauge", "Hints kept for nodes that could not be reached.");
  page.value(node.hints().size());
  page.about("operations_in_progress", "gauge", "Operations that this node coordinates.");
  page.value(node.operations_in_progress());
  page.about("events_total", "counter", "What the node has observed, by name.");
  for (std::size_t what = 0; what <= static_cast<std::size_t>(kLastObserved); ++what) {
    page.value(panorama.metrics.observed[what], label("what", observed_name(static_cast<Observed>(what))));
  }
}

void peers(const Panorama& panorama, Page& page) {
  if (panorama.links == nullptr) return;
  page.about("peer_reachable", "gauge", "1 while the peer hears this node and is heard.");
  for (const ClusterMember& member : panorama.config.members) {
    if (member.member.id == panorama.config.self) continue;
    page.value(panorama.node.peers().reachable(member.member.id) ? 1 : 0, label("peer", member.member.name));
  }
  const auto all = panorama.links->stats();
  const auto each = [&](std::string_view name, std::string_view help, auto&& value) {
    page.about(name, "counter", help);
    for (const auto& peer : all) page.value(value(peer), label("peer", peer.name));
  };
  using Stats = PeerLinks::PeerStats;
  each("peer_messages_sent_total", "Messages handed over for the peer.",
       [](const Stats& s) { return s.link.messages; });
  each("peer_messages_dropped_total", "Of them dropped: no connection, or too much was waiting.",
       [](const Stats& s) { return s.link.dropped; });
  each("peer_messages_received_total", "Messages from the peer.", [](const Stats& s) { return s.received; });
  each("peer_bytes_sent_total", "Bytes written to the peer.", [](const Stats& s) { return s.link.bytes; });
}

void store(const Panorama& panorama, Page& page) {
  const StoreStats stats = panorama.node.store().stats();
  const auto gauge = [&](std::string_view name, std::uint64_t value, std::string_view help) {
    page.about(name, "gauge", help);
    page.value(value);
  };
  const auto counter = [&](std::string_view name, std::uint64_t value, std::string_view help) {
    page.about(name, "counter", help);
    page.value(value);
  };
  gauge("store_segments", stats.segments, "Segments of the log; 0 for a backend without one.");
  gauge("store_live_bytes", stats.live_bytes, "Bytes of records that count.");
  gauge("store_dead_bytes", stats.dead_bytes, "Bytes of records that were replaced.");
  gauge("store_index_bytes", stats.index_bytes, "Estimated memory of the index.");
  gauge("store_cache_bytes", stats.cache_bytes, "Memory of cached values.");
  gauge("store_dictionaries", stats.dictionaries, "Dictionaries that values were packed with.");
  gauge("store_full", stats.full ? 1 : 0, "1 while the disk has no room.");
  gauge("store_merging", stats.merging_segment != 0 ? 1 : 0, "1 while a segment is merged.");
  counter("store_cache_hits_total", stats.cache_hits, "Reads of values that were in memory.");
  counter("store_cache_misses_total", stats.cache_misses, "Reads of values that were not.");
  counter("store_values_bytes_total", stats.values_bytes, "Bytes of values appended, before compression.");
  counter("store_stored_bytes_total", stats.stored_bytes, "The same, after compression.");
  counter("store_dictionary_saved_bytes_total", stats.dictionary_saved_bytes,
          "Of the difference, what packing with dictionaries made.");
  counter("store_appends_total", stats.appends, "Records appended.");
  counter("store_flushes_total", stats.flushes, "Writes of the log, each with what had gathered.");
  counter("store_merges_total", stats.merges, "Segments merged and removed.");
  counter("store_damaged_values_total", stats.damaged_values, "Values that could not be read back.");
  if (panorama.disk == nullptr) return;
  page.about("store_sync_duration_seconds", "histogram", "Writes of the log that were synced.");
  page.histogram(panorama.disk->sync_latency());
}

}  // namespace

const char* request_kind_name(RequestKind kind) noexcept {
  switch (kind) {
    case RequestKind::kGet: return "get";
    case RequestKind::kPut: return "put";
    case RequestKind::kDelete: return "delete";
  }
  return "?";
}

const char* outcome_name(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kDone: return "done";
    case Outcome::kRefused: return "refused";
    case Outcome::kUnknown: return "unknown";
  }
  return "?";
}

std::string prometheus_text(const Panorama& panorama) {
  std::string text;
  Page page(text);
  node(panorama, page);
  requests(panorama.metrics, page);
  peers(panorama, page);
  store(panorama, page);
  return text;
}

}  // namespace dkv
