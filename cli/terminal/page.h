#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "engine/core/types.h"
#include "sim/story/words.h"

namespace dkv::cli {

using story::Tone;

// Text for a terminal, a file or a pipe: wrapped and indented, and coloured only on a terminal
// (https://no-color.org).
class Page {
 public:
  // As wide as the terminal, at most 110 columns. Files and pipes have 110.
  explicit Page(std::FILE* out);
  Page(std::FILE* out, bool colours, std::size_t width) : out_(out), colours_(colours), width_(width) {}

  void blank() { print("\n"); }
  // A paragraph with an indentation.
  void paragraph(std::string_view text, std::size_t indent = 0, Tone tone = Tone::kPlain);
  // One line of a story: the time, the actor, and the text in its own column. at_ns -1: no time.
  void moment(TimeNs at_ns, std::string_view who, std::string_view text, Tone tone = Tone::kPlain);
  // A term of at most 9 columns, and its explanation.
  void item(std::string_view term, std::string_view text, Tone term_tone = Tone::kStrong);
  // A line that is already formatted.
  void line(std::string_view text, Tone tone = Tone::kPlain);

  std::string coloured(std::string_view text, Tone tone) const;
  std::size_t width() const noexcept { return width_; }

 private:
  void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), out_); }
  void hanging(std::size_t column, std::string_view text, Tone tone);

  std::FILE* out_;
  bool colours_;
  std::size_t width_;
};

}  // namespace dkv::cli
