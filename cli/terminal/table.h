#pragma once

#include <string>
#include <vector>

#include "cli/terminal/page.h"

namespace dkv::cli {

// Rows under a heading, each column as wide as its widest cell.
class Table {
 public:
  // A heading that begins with '>' stands, as its column does, to the right.
  explicit Table(std::vector<std::string> headings);

  // As many cells as headings.
  void row(std::vector<std::string> cells, Tone tone = Tone::kPlain);
  void print(Page& page, std::size_t indent = 2) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    Tone tone;
  };
  std::vector<bool> right_;
  std::vector<Row> rows_;  // the headings first
};

}  // namespace dkv::cli
