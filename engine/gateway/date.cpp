#include "engine/gateway/date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

namespace dkv::http {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> kLongDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Takes one piece after the other. After the first piece that does not fit, no other one fits.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  Pieces& literal(std::string_view wanted) {
    fits_ = fits_ && rest_.starts_with(wanted);
    if (fits_) rest_.remove_prefix(wanted.size());
    return *this;
  }
  // blank: the first digit may be a space.
  Pieces& digits(std::size_t count, int& out, bool blank = false) {
    fits_ = fits_ && rest_.size() >= count;
    out = 0;
    for (std::size_t i = 0; fits_ && i < count; ++i) {
      const char c = blank && i == 0 && rest_[i] == ' ' ? '0' : rest_[i];
      fits_ = c >= '0' && c <= '9';
      out = out * 10 + (c - '0');
    }
    if (fits_) rest_.remove_prefix(count);
    return *this;
  }
  // out: the place of the word, from 0.
  Pieces& word(std::span<const std::string_view> words, int& out) {
    const auto found = std::ranges::find_if(words, [&](std::string_view word) { return rest_.starts_with(word); });
    fits_ = fits_ && found != words.end();
    if (!fits_) return *this;
    out = static_cast<int>(found - words.begin());
    return literal(*found);
  }
  Pieces& time(int& hour, int& minute, int& second) {
    return digits(2, hour).literal(":").digits(2, minute).literal(":").digits(2, second);
  }
  bool whole() const noexcept { return fits_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool fits_ = true;
};

struct DateFields {
  int weekday = 0, day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0;
};

// "Sun, 06 Nov 1994 08:49:37 GMT"
bool fixed(std::string_view text, DateFields& to) {
  Pieces pieces(text);
  pieces.word(kDays, to.weekday).literal(", ").digits(2, to.day).literal(" ").word(kMonths, to.month).literal(" ");
  return pieces.digits(4, to.year).literal(" ").time(to.hour, to.minute, to.second).literal(" GMT").whole();
}

// "Sunday, 06-Nov-94 08:49:37 GMT"
bool rfc850(std::string_view text, DateFields& to) {
  Pieces pieces(text);
  pieces.word(kLongDays, to.weekday).literal(", ").digits(2, to.day).literal("-").word(kMonths, to.month).literal("-");
  pieces.digits(2, to.year).literal(" ").time(to.hour, to.minute, to.second).literal(" GMT");
  to.year += to.year < 70 ? 2000 : 1900;
  return pieces.whole();
}

// "Sun Nov  6 08:49:37 1994"
bool asctime_form(std::string_view text, DateFields& to) {
  Pieces pieces(text);
  pieces.word(kDays, to.weekday).literal(" ").word(kMonths, to.month).literal(" ").digits(2, to.day, true).literal(" ");
  return pieces.time(to.hour, to.minute, to.second).literal(" ").digits(4, to.year).whole();
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  DateFields at;
  if (!fixed(text, at) && !rfc850(text, at) && !asctime_form(text, at)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(at.year),
                                         std::chrono::month(static_cast<unsigned>(at.month) + 1),
                                         std::chrono::day(static_cast<unsigned>(at.day)));
  if (!date.ok() || at.hour > 23 || at.minute > 59 || at.second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + at.hour) * 60 + at.minute) * 60 + at.second;
}

}  // namespace dkv::http
