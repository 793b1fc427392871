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

// Identifies one process until the machine reboots. A process id alone may be reused.
struct ProcessName {
  pid_t pid = 0;
  std::uint64_t started_ticks = 0;  // since boot: field 22 of /proc/PID/stat (proc(5))
  friend bool operator==(const ProcessName&, const ProcessName&) = default;
};

enum class ProcessState : std::uint8_t { kGone, kRunning, kPaused };  // kGone: ended, even if the id is in use again

// The process that has this id now. Nothing when there is none, or only a zombie.
std::optional<ProcessName> process_of(pid_t pid);
ProcessState state_of(const ProcessName& process);
// False when the process is gone.
bool send_signal(const ProcessName& process, int signal);

// "PID STARTED\n". Reading returns nothing when the file is absent or malformed.
Result<void> write_pid_file(const std::filesystem::path& file, const ProcessName& process);
std::optional<ProcessName> read_pid_file(const std::filesystem::path& file);

// Starts this program with other arguments (without its name), in a new session, without standard input. Its output
// and errors are appended to the log.
Result<ProcessName> spawn_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log);

}  // namespace dkv::cli
