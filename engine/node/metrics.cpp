#include "engine/node/metrics.h"

#include "engine/node/node.h"

namespace dkv {
namespace {

constexpr Metric<Node> kNodeMetrics[] = {
    {"up", MetricType::kFlag, MetricUnit::kNumber, "1 while the node serves",
     [](const Node& node) { return std::uint64_t{node.phase() == Node::Phase::kServing}; }},
    {"keys", MetricType::kGauge, MetricUnit::kNumber, "keys on this node, including tombstones",
     [](const Node& node) { return node.store().key_count(); }},
    {"hints", MetricType::kGauge, MetricUnit::kNumber, "hints kept for nodes that could not be reached",
     [](const Node& node) { return std::uint64_t{node.hints().size()}; }},
    {"operations_in_progress", MetricType::kGauge, MetricUnit::kNumber, "operations that this node coordinates",
     [](const Node& node) { return std::uint64_t{node.operations_in_progress()}; }},
    {"incomplete", MetricType::kFlag, MetricUnit::kNumber,
     "1 while this node can't say that a key does not exist, because its disk has lost data and is being filled",
     [](const Node& node) { return std::uint64_t{!node.knows_all()}; }},
    {"clock_off", MetricType::kGauge, MetricUnit::kNanoseconds,
     "distance between this node's clock and the median of the clocks that it hears",
     [](const Node& node) {
       const TimeNs off_ns = node.clock_off_ns();
       return static_cast<std::uint64_t>(off_ns < 0 ? -off_ns : off_ns);
     }},
    {"clock_apart", MetricType::kFlag, MetricUnit::kNumber,
     "1 while that is more than clock_apart_max, and the node judges by the median",
     [](const Node& node) { return std::uint64_t{node.clock_apart()}; }},
};

}  // namespace

std::span<const Metric<Node>> node_metrics() noexcept {
  return kNodeMetrics;
}

}  // namespace dkv
