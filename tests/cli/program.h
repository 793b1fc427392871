// Runs the real program and reads its output.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dkv::cli {

// A temporary folder, removed with its contents.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  // Writes the file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path folder_;
};

struct Ran {
  int status = -1;
  std::string out, err;

  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

// Standard output and error are files, not a terminal.
Ran run(const std::vector<std::string>& arguments);

// The text without the parts that depend on the speed of the machine.
std::string without_speed(std::string text);
// The first sixteen hexadecimal digits after "fingerprint ".
std::string fingerprint_in(const std::string& story);

std::string read_file(const std::string& path);
// All lines of a zstd file.
std::vector<std::string> read_zstd_lines(const std::string& path);

// Four nodes, 30 operations a second, a script of two steps, a cut and random crashes; three simulated seconds.
extern const char* const kSmallStory;

}  // namespace dkv::cli
