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
};

}  // namespace

std::span<const Metric<Node>> node_metrics() noexcept {
  return kNodeMetrics;
}

}  // namespace dkv
