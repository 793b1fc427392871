#include "cli/terminal/table.h"

#include <algorithm>

#include "cli/terminal/text.h"
#include "engine/core/assert.h"

namespace dkv::cli {

Table::Table(std::vector<std::string> headings) {
  for (std::string& heading : headings) {
    right_.push_back(heading.starts_with('>'));
    if (right_.back()) heading.erase(0, 1);
  }
  rows_.push_back({std::move(headings), Tone::kStrong});
}

void Table::row(std::vector<std::string> cells, Tone tone) {
  DKV_ASSERT(cells.size() == right_.size());
  rows_.push_back({std::move(cells), tone});
}

void Table::print(Page& page, std::size_t indent) const {
  std::vector<std::size_t> widths(right_.size(), 0);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], columns_of(row.cells[i]));
  }
  for (const Row& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string gap(widths[i] - columns_of(row.cells[i]), ' ');
      line += right_[i] ? gap + row.cells[i] : row.cells[i] + gap;
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    page.line(line, row.tone);
  }
}

}  // namespace dkv::cli
