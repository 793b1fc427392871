#include "engine/runtime/secret_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/catch.h"
#include "tests/runtime/disk/temporary_folder.h"

namespace dkv {
namespace {

const std::string kDigits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

std::filesystem::path file_with(const runtime_tests::TemporaryFolder& folder, const std::string& name,
                                const std::string& text, mode_t mode = 0600) {
  const std::filesystem::path file = folder.path() / name;
  std::ofstream(file) << text;
  REQUIRE(::chmod(file.c_str(), mode) == 0);
  return file;
}

std::string mistake_of(const Result<ClusterSecret>& read) {
  return read ? "accepted" : read.error().what;
}

ServerConfig config_with(const runtime_tests::TemporaryFolder& folder, std::size_t members) {
  ServerConfig config;
  config.data = folder.path();
  config.members.resize(members);
  return config;
}

}  // namespace

TEST_CASE("a folder makes its own secret once, for its owner alone, and no two folders make the same") {
  const runtime_tests::TemporaryFolder folder, other;
  const auto made = own_secret(folder.path());
  REQUIRE(made);
  struct stat status{};
  REQUIRE(::stat((folder.path() / kOwnSecretName).c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(own_secret(folder.path()) == *made);
  CHECK_FALSE(own_secret(other.path()) == *made);
}

TEST_CASE("a damaged secret is refused and not replaced") {
  const runtime_tests::TemporaryFolder folder;
  file_with(folder, kOwnSecretName, "");
  CHECK_THAT(mistake_of(own_secret(folder.path())), ContainsSubstring("SECRET: a secret is 64 hexadecimal digits"));
  CHECK(std::filesystem::file_size(folder.path() / kOwnSecretName) == 0);
}

TEST_CASE("a secret that other users can read or change is refused, with its mode and the remedy") {
  const runtime_tests::TemporaryFolder folder;
  for (const auto& [mode, shown] : {std::pair<mode_t, const char*>{0644, "0644"}, {0640, "0640"}, {0602, "0602"}}) {
    const auto read = read_secret_file(file_with(folder, "secret", kDigits, mode));
    CHECK_THAT(mistake_of(read), ContainsSubstring(shown) && ContainsSubstring("chmod 600"));
  }
  CHECK(read_secret_file(file_with(folder, "secret", kDigits, 0400)));
}

TEST_CASE("a file that is absent, too long or no regular file is refused, and a pipe does not hold up the start") {
  const runtime_tests::TemporaryFolder folder;
  CHECK_THAT(mistake_of(read_secret_file(folder.path() / "none")), ContainsSubstring("No such file"));
  CHECK_THAT(mistake_of(read_secret_file(file_with(folder, "long", std::string(5000, 'a')))),
             ContainsSubstring("too long"));
  CHECK_THAT(mistake_of(read_secret_file(folder.path())), ContainsSubstring("no regular file"));
  const std::filesystem::path pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THAT(mistake_of(read_secret_file(pipe)), ContainsSubstring("no regular file"));
}

TEST_CASE("a lone node makes a secret, and a node with peers must be given one") {
  const runtime_tests::TemporaryFolder folder;
  CHECK(load_secrets(config_with(folder, 1)));
  CHECK(std::filesystem::exists(folder.path() / kOwnSecretName));
  const auto nameless = load_secrets(config_with(folder, 3));
  REQUIRE_FALSE(nameless);
  CHECK_THAT(nameless.error().what, ContainsSubstring("cluster.secret_file is missing"));
}

TEST_CASE("the named secret is read, and those that are accepted beside it") {
  const runtime_tests::TemporaryFolder folder;
  ServerConfig config = config_with(folder, 3);
  config.secret_file = file_with(folder, "new", kDigits);
  config.secret_files_accepted = {file_with(folder, "old", "ff" + kDigits.substr(2))};
  const auto secrets = load_secrets(config);
  REQUIRE(secrets);
  CHECK(secrets->current.bytes[0] == 0);
  REQUIRE(secrets->accepted.size() == 1);
  CHECK(secrets->accepted[0].bytes[0] == 0xff);
  CHECK_FALSE(std::filesystem::exists(folder.path() / kOwnSecretName));
  config.secret_files_accepted = {folder.path() / "none"};
  CHECK_FALSE(load_secrets(config));
}

}  // namespace dkv
