#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/cluster/ports.h"
#include "engine/core/result.h"
#include "engine/runtime/net/address.h"

namespace dkv::cli {

// A server that a benchmark runs for comparison. It ends with this object. Its output goes to a file.
class BenchProcess {
 public:
  // command[0] is searched in the PATH.
  static Result<BenchProcess> start(const std::vector<std::string>& command, const std::filesystem::path& output);
  BenchProcess(BenchProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)), name_(std::move(other.name_)) {}
  BenchProcess& operator=(BenchProcess&&) = delete;
  ~BenchProcess();

  // Waits until the address accepts connections. Fails when that takes too long, or when the process has ended.
  Result<void> wait_for(const Address& address);
  std::uint64_t resident_bytes() const;

 private:
  BenchProcess(pid_t pid, std::string name) : pid_(pid), name_(std::move(name)) {}
  pid_t pid_;
  std::string name_;
};

// Whether the PATH contains the program.
bool can_run(const std::string& program);

}  // namespace dkv::cli
