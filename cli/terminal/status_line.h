#pragma once

#include <string>

namespace dkv::cli {

// One line on standard error that is drawn over and over, for a person at a terminal. Elsewhere it stays silent.
class StatusLine {
 public:
  StatusLine();

  void draw(const std::string& text);
  // Before anything else is printed.
  void clear();

 private:
  bool on_;
  bool drawn_ = false;
};

}  // namespace dkv::cli
