#pragma once

#include <string>
#include <vector>

#include "cli/terminal/page.h"

namespace dkv::cli {

// Rows under headings. Each column is as wide as its widest cell.
class Table {
 public:
  // A heading that begins with '>' is right-aligned, and so is its column.
  explicit Table(std::vector<std::string> headings);

  // There must be as many cells as headings.
  void row(std::vector<std::string> cells, Tone tone = Tone::kPlain);
  void print(Page& page, std::size_t indent = 2) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    Tone tone;
  };
  std::vector<bool> right_;
  std::vector<Row> rows_;  // the headings come first
};

}  // namespace dkv::cli
