#include "engine/runtime/incarnation.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "engine/runtime/disk/durable_file.h"

namespace dkv {
namespace {

constexpr TimeNs kYear2020Seconds = 1'577'836'800;
constexpr const char* kName = "INCARNATION";

// The file's text: the last life, and after a space the floor, if peers have told of one.
struct Lives {
  Incarnation last = 0;
  Incarnation floor = 0;
};

// 0 when there is none or it cannot be read. The clock then provides a number that is high enough.
Lives read_lives(const std::filesystem::path& folder) {
  constexpr std::size_t kBytesMax = 64;
  const auto text = read_small_file(folder / kName, kBytesMax);
  Lives lives;
  if (!text || !*text) return lives;
  const char* const end = (*text)->data() + (*text)->size();
  const auto last = std::from_chars((*text)->data(), end, lives.last);
  if (last.ptr != end && *last.ptr == ' ') std::from_chars(last.ptr + 1, end, lives.floor);
  return lives;
}

}  // namespace

Incarnation last_incarnation(const std::filesystem::path& folder) {
  return read_lives(folder).last;
}

Result<Incarnation> next_incarnation(const std::filesystem::path& folder, TimeNs wall_now_ns) {
  const Lives lives = read_lives(folder);
  const Incarnation least = std::max(lives.last, lives.floor);
  const TimeNs seconds = std::clamp<TimeNs>(wall_now_ns / kSecond - kYear2020Seconds, 1, UINT32_MAX / 2);
  if (least == UINT32_MAX) return fail((folder / kName).string() + ": the number of starts is at its limit");
  const Incarnation next = std::max(least + 1, static_cast<Incarnation>(seconds));
  if (const auto written = write_durably(folder, kName, std::to_string(next) + "\n"); !written) {
    return tl::unexpected(written.error());
  }
  return next;
}

Result<void> exceed_incarnation(const std::filesystem::path& folder, Incarnation floor) {
  const Lives lives = read_lives(folder);
  const std::string text = std::to_string(lives.last) + " " + std::to_string(std::max(lives.floor, floor)) + "\n";
  return write_durably(folder, kName, text);
}

}  // namespace dkv
