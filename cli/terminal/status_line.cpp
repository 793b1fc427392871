#include "cli/terminal/status_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace dkv::cli {

StatusLine::StatusLine() : on_(isatty(STDERR_FILENO) != 0) {}

void StatusLine::draw(const std::string& text) {
  if (!on_) return;
  fmt::print(stderr, "\r\x1b[K{}", text);
  std::fflush(stderr);
  drawn_ = true;
}

void StatusLine::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace dkv::cli
