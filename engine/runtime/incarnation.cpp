#include "engine/runtime/incarnation.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>

#include "engine/runtime/disk/descriptor.h"

namespace dkv {
namespace {

constexpr TimeNs kYear2020Seconds = 1'577'836'800;
constexpr const char* kName = "INCARNATION";
constexpr const char* kNewName = "INCARNATION.new";

// 0 when there is none or it cannot be read. The clock then provides a number that is high enough.
Incarnation read_last(const std::filesystem::path& file) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  char text[32];
  const ssize_t bytes = in ? ::read(in.get(), text, sizeof text) : 0;
  Incarnation last = 0;
  if (bytes > 0) std::from_chars(text, text + bytes, last);
  return last;
}

bool write_durably(const std::filesystem::path& folder, const std::string& text) {
  const Descriptor out(::open((folder / kNewName).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const Descriptor in(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return out && in && ::write(out.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         ::fsync(out.get()) == 0 && ::rename((folder / kNewName).c_str(), (folder / kName).c_str()) == 0 &&
         ::fsync(in.get()) == 0;
}

}  // namespace

Result<Incarnation> next_incarnation(const std::filesystem::path& folder, TimeNs wall_now_ns) {
  const Incarnation last = read_last(folder / kName);
  const TimeNs seconds = std::clamp<TimeNs>(wall_now_ns / kSecond - kYear2020Seconds, 1, UINT32_MAX / 2);
  if (last == UINT32_MAX) return fail((folder / kName).string() + ": the number of starts is at its limit");
  const Incarnation next = std::max(last + 1, static_cast<Incarnation>(seconds));
  if (!write_durably(folder, std::to_string(next) + "\n")) {
    return fail("can't write " + (folder / kName).string() + ": " + std::generic_category().message(errno));
  }
  return next;
}

}  // namespace dkv
