#include "cli/terminal/page.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

constexpr std::size_t kWidthMost = 110;
constexpr std::size_t kWidthLeast = 50;
constexpr std::size_t kTimeColumns = 10;
constexpr std::size_t kWhoColumns = 10;
constexpr std::size_t kTermColumns = 11;

bool wants_colours(std::FILE* out) {
  const char* no = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(fileno(out)) != 0 && (no == nullptr || *no == 0) && !(term && std::string_view(term) == "dumb");
}

std::size_t width_of(std::FILE* out) {
  winsize size{};
  if (isatty(fileno(out)) == 0 || ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kWidthMost;
  return std::clamp<std::size_t>(size.ws_col, kWidthLeast, kWidthMost);
}

const char* escape_of(Tone tone) {
  switch (tone) {
    case Tone::kStrong: return "\x1b[1m";
    case Tone::kDim: return "\x1b[2m";
    case Tone::kFault: return "\x1b[33m";
    case Tone::kGood: return "\x1b[32m";
    case Tone::kBad: return "\x1b[1;31m";
    case Tone::kPlain: break;
  }
  return "";
}

std::string padding(std::string_view text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  return std::string(used < columns ? columns - used : 0, ' ');
}

}  // namespace

Page::Page(std::FILE* out) : Page(out, wants_colours(out), width_of(out)) {}

std::string Page::coloured(std::string_view text, Tone tone) const {
  if (!colours_ || tone == Tone::kPlain) return std::string(text);
  return fmt::format("{}{}\x1b[0m", escape_of(tone), text);
}

// The cursor is at `column`, and further lines begin there.
void Page::hanging(std::size_t column, std::string_view text, Tone tone) {
  bool first = true;
  for (const std::string& row : wrapped(harmless(text), std::max(width_ - column, kWidthLeast / 2))) {
    if (!first) print(std::string(row.empty() ? 0 : column, ' '));
    print(coloured(row, tone));
    print("\n");
    first = false;
  }
}

void Page::paragraph(std::string_view text, std::size_t indent, Tone tone) {
  print(std::string(indent, ' '));
  hanging(indent, text, tone);
}

void Page::moment(TimeNs at_ns, std::string_view who, std::string_view text, Tone tone) {
  const std::string time = at_ns < 0 ? std::string() : clock_time(at_ns);
  const std::string name = harmless(who);
  print(padding(time, kTimeColumns) + coloured(time, Tone::kDim) + "  ");
  print(coloured(name, tone == Tone::kPlain ? Tone::kStrong : tone) + padding(name, kWhoColumns - 1) + ' ');
  if (columns_of(name) >= kWhoColumns) {
    print("\n" + std::string(kTimeColumns + 2 + kWhoColumns, ' '));
  }
  hanging(kTimeColumns + 2 + kWhoColumns, text, tone == Tone::kBad || tone == Tone::kDim ? tone : Tone::kPlain);
}

void Page::item(std::string_view term, std::string_view text, Tone term_tone) {
  print("  " + coloured(term, term_tone) + padding(term, kTermColumns - 3) + ' ');
  hanging(kTermColumns, text, Tone::kPlain);
}

void Page::line(std::string_view text, Tone tone) {
  print(coloured(harmless(text), tone));
  print("\n");
}

}  // namespace dkv::cli
