#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/input/fields.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

// The words that a file may use for nodes: their names, the names of data centres, and 'all'.
class NodeNames {
 public:
  // complete: false when the list of nodes had mistakes. Unknown names then cause no complaint.
  NodeNames(const std::vector<Member>& members, bool complete);

  std::size_t count() const noexcept { return count_; }
  bool complete() const noexcept { return complete_; }
  // Null when the word is unknown.
  const std::vector<NodeId>* find(std::string_view word) const;
  const std::vector<std::string>& words() const noexcept { return words_; }

 private:
  std::size_t count_;
  bool complete_;
  std::vector<std::string> words_;
  std::vector<std::vector<NodeId>> sets_;  // indexed as words_
};

// Reads the name of one node. False after a complaint.
bool read_node(const Yaml& value, std::string_view field, const NodeNames& names, NodeId& out, Complaints& complaints);
// Reads a word or a list of words. The nodes are in the order of the file, each once. False after a complaint.
bool read_nodes(const Yaml& value, std::string_view field, const NodeNames& names, std::vector<NodeId>& out,
                Complaints& complaints);
// Reads several sets that share no node. One of them may be the word 'rest'. False after a complaint.
bool read_groups(std::span<const Yaml* const> values, std::string_view field, const NodeNames& names,
                 std::vector<std::vector<NodeId>>& out, Complaints& complaints);

}  // namespace dkv::sim
