#include "engine/runtime/disk/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "engine/runtime/disk/descriptor.h"

namespace dkv {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string because() {
  return ": " + std::generic_category().message(errno);
}

}  // namespace

Result<void> write_durably(const std::filesystem::path& folder, const std::string& name, const std::string& text) {
  const std::filesystem::path fresh = folder / (name + ".new");
  const Descriptor out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const Descriptor in(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool written = out && in && write_all(out.get(), text) && ::fsync(out.get()) == 0 &&
                       ::rename(fresh.c_str(), (folder / name).c_str()) == 0 && ::fsync(in.get()) == 0;
  if (!written) return fail("can't write " + (folder / name).string() + because());
  return {};
}

Result<std::optional<std::string>> read_small_file(const std::filesystem::path& file, std::size_t bytes_max) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in && errno == ENOENT) return std::nullopt;
  if (!in) return fail("can't read " + file.string() + because());
  std::string text;
  char part[4096];
  while (true) {
    const ssize_t bytes = ::read(in.get(), part, sizeof part);
    if (bytes < 0) return fail("can't read " + file.string() + because());
    if (bytes == 0) return text;
    text.append(part, static_cast<std::size_t>(bytes));
    if (text.size() > bytes_max) return fail(file.string() + " is too long");
  }
}

}  // namespace dkv
