#include "tests/cli/program.h"

#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>

#include "tests/catch.h"
#include "tests/paths.h"

namespace dkv::cli {
namespace {

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace

const char* const kSmallStory = R"(about: >
  Four nodes, a cut, and a crash now and then.
seed: 5
run: 3s
heal_within: 30s
cluster:
  nodes: 4
  n: 3
  r: 2
  w: 2
  heartbeat: {every: 100ms, unreachable_after: 400ms}
  hints: {deliver_every: 100ms}
  anti_entropy: {every: 300ms}
workload:
  clients: 3
  load: {rate: 30/s}
  mix: {get: 50, put: 30, update: 20}
  keys: {count: 10}
  steps:
    - {at: 5ms, as: alice, via: n1, put: greeting, value: hello, expect: {outcome: done}}
    - {at: 15ms, as: bob, via: n2, get: greeting, expect: {value: hello}}
faults:
  - {at: 1s, for: 1s, partition: [[n1], [n2, n3, n4]]}
  - random: {every: 1s, for: [100ms, 500ms], kinds: {crash: 1, power_loss: 1}}
expect:
  - lost_acknowledged == 0
)";

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "distri-kv-test-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()));
  folder_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream file(path(name), std::ios::binary);
  file << text;
  file.close();
  REQUIRE(file);
  return path(name);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Ran run(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  std::string command = quoted(paths::kProgram);
  for (const std::string& argument : arguments) command += " " + quoted(argument);
  command += " </dev/null >" + quoted(folder.path("out")) + " 2>" + quoted(folder.path("err"));
  const int status = std::system(command.c_str());
  REQUIRE(WIFEXITED(status));
  return {WEXITSTATUS(status), read_file(folder.path("out")), read_file(folder.path("err"))};
}

std::string without_speed(std::string text) {
  static const std::regex speed(R"(events in .*)");
  return std::regex_replace(text, speed, "events");
}

std::string fingerprint_in(const std::string& story) {
  static const std::regex pattern("fingerprint ([0-9a-f]{16})");
  std::smatch match;
  return std::regex_search(story, match, pattern) ? match[1].str() : "";
}

std::vector<std::string> read_zstd_lines(const std::string& path) {
  const std::string packed = read_file(path);
  std::string plain;
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::size_t left = 1;
  while (in.pos < in.size) {
    std::string piece(ZSTD_DStreamOutSize(), '\0');
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    left = ZSTD_decompressStream(context.get(), &out, &in);
    REQUIRE_FALSE(ZSTD_isError(left));
    plain.append(piece, 0, out.pos);
  }
  for (std::size_t more = 1; more > 0;) {
    std::string piece(ZSTD_DStreamOutSize(), '\0');
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    if (left != 0) left = ZSTD_decompressStream(context.get(), &out, &in);
    more = out.pos;
    plain.append(piece, 0, out.pos);
  }
  REQUIRE(left == 0);  // the frame is complete
  REQUIRE(plain.ends_with('\n'));
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < plain.size();) {
    const std::size_t end = plain.find('\n', begin);
    lines.push_back(plain.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace dkv::cli
