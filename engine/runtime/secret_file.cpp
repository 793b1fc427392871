#include "engine/runtime/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "engine/runtime/disk/descriptor.h"
#include "engine/runtime/disk/durable_file.h"

namespace dkv {
namespace {

constexpr mode_t kOfOthers = S_IRWXG | S_IRWXO;

std::string octal(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

Result<ClusterSecret> fresh_secret() {
  ClusterSecret secret;
  if (::getentropy(secret.bytes.data(), secret.bytes.size()) != 0) {
    return fail("the system gives no random bytes for a secret: " + std::generic_category().message(errno));
  }
  return secret;
}

}  // namespace

Result<ClusterSecret> read_secret_file(const std::filesystem::path& file) {
  const auto refuse = [&](const std::string& why) { return fail("the secret file " + file.string() + ": " + why); };
  const auto errno_text = [] { return std::generic_category().message(errno); };
  // Not blocking: a named pipe without a writer must not hold up the start.
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!in) return refuse(errno_text());
  struct stat status{};
  if (::fstat(in.get(), &status) != 0) return refuse(errno_text());
  if (!S_ISREG(status.st_mode)) return refuse("it is no regular file");
  if ((status.st_mode & kOfOthers) != 0) {
    return refuse("other users may use it (mode " + octal(status.st_mode) + "); chmod 600 makes it its owner's alone");
  }
  char text[kSecretTextBytesMax + 1];
  const ssize_t bytes = ::read(in.get(), text, sizeof text);
  if (bytes < 0) return refuse(errno_text());
  if (static_cast<std::size_t>(bytes) > kSecretTextBytesMax) {
    return refuse("it is too long; a secret is 64 hexadecimal digits");
  }
  auto secret = read_secret({text, static_cast<std::size_t>(bytes)});
  if (!secret) return refuse(secret.error().what);
  return secret;
}

Result<ClusterSecret> own_secret(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kOwnSecretName;
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 || errno != ENOENT) return read_secret_file(file);
  const auto fresh = fresh_secret();
  if (!fresh) return fresh;
  if (const auto written = write_durably(folder, kOwnSecretName, secret_text(*fresh)); !written) {
    return tl::unexpected(written.error());
  }
  return read_secret_file(file);
}

Result<ClusterSecrets> load_secrets(const ServerConfig& config) {
  if (config.secret_file.empty() && config.members.size() > 1) {
    return fail(
        "cluster.secret_file is missing: nodes of one cluster share a secret. Make one on one machine, with umask 077 "
        "and openssl rand -hex 32 >secret, and copy it to each node (docs/operations.md)");
  }
  ClusterSecrets secrets;
  const auto current = config.secret_file.empty() ? own_secret(config.data) : read_secret_file(config.secret_file);
  if (!current) return tl::unexpected(current.error());
  secrets.current = *current;
  for (const auto& file : config.secret_files_accepted) {
    const auto accepted = read_secret_file(file);
    if (!accepted) return tl::unexpected(accepted.error());
    secrets.accepted.push_back(*accepted);
  }
  return secrets;
}

}  // namespace dkv
