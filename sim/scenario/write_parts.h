#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/settings/words.h"
#include "sim/scenario/scenario.h"

// The parts of write_scenario(), one file each.
namespace dkv::sim {

// A mapping in one line: "{every: 2s, max: 5}".
class FlowMap {
 public:
  void add(std::string_view key, std::string_view value);
  bool empty() const noexcept { return text_.empty(); }
  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

// A mapping at the top of the file, with an entry a line.
class BlockMap {
 public:
  explicit BlockMap(std::string_view name) : name_(name) {}
  void add(std::string_view key, std::string_view value);
  void add(std::string_view key, const FlowMap& map);                          // an empty one is left out
  void add_list(std::string_view key, const std::vector<std::string>& items);  // the same
  // With an empty line before it; empty when it has no entries.
  std::string text() const { return lines_.empty() ? "" : "\n" + std::string(name_) + ":\n" + lines_; }

 private:
  std::string_view name_;
  std::string lines_;
};

// "[n1, n2]", "all".
std::string names_text(const std::vector<NodeId>& nodes, const Scenario& scenario);

std::string write_cluster(const ClusterSpec& cluster);
std::string write_network(const Scenario& scenario);
std::string write_disk(const DiskSpec& disk);
std::string write_workload(const Scenario& scenario);
std::string write_palette(const Palette& palette);

}  // namespace dkv::sim
