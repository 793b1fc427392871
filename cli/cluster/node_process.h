// Processes that outlive the command that started them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace dkv::cli {

// Names one process for ever, as far as this boot of the machine goes: process ids are given out again.
struct ProcessName {
  pid_t pid = 0;
  std::uint64_t started_ticks = 0;  // since boot: field 22 of /proc/PID/stat (proc(5))
  friend bool operator==(const ProcessName&, const ProcessName&) = default;
};

enum class ProcessState : std::uint8_t { kGone, kRunning, kPaused };  // kGone: ended, or another one has its id now

// The process that has this id now; nothing when there is none, or only what is left of one that ended.
std::optional<ProcessName> process_of(pid_t pid);
ProcessState state_of(const ProcessName& process);
// False when it is gone.
bool send_signal(const ProcessName& process, int signal);

// "PID STARTED\n". Reading gives nothing when the file is absent or holds anything else.
Result<void> write_pid_file(const std::filesystem::path& file, const ProcessName& process);
std::optional<ProcessName> read_pid_file(const std::filesystem::path& file);

// Starts this program again with other arguments (without its name), in a session of its own, without standard input,
// with output and errors at the end of the log.
Result<ProcessName> spawn_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log);

}  // namespace dkv::cli
