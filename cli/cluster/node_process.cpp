#include "cli/cluster/node_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "engine/runtime/disk/descriptor.h"

namespace dkv::cli {
namespace {

struct Stat {
  char state = '?';
  std::uint64_t started_ticks = 0;
};

// The name in brackets may contain any characters, also brackets. The fields follow the last bracket.
std::optional<Stat> read_stat(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  Stat stat;
  if (!(fields >> stat.state)) return std::nullopt;
  std::string skipped;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  if (!(fields >> stat.started_ticks)) return std::nullopt;
  return stat;
}

std::string error_text(int error) {
  return std::generic_category().message(error);
}

// Runs between fork and exec, so it may call only functions that are safe in a signal handler.
[[noreturn]] void become(char* const* arguments, int nothing, int log) {
  ::setsid();
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::close_range(3, ~0u, 0);
  ::execv("/proc/self/exe", arguments);
  ::_exit(127);
}

}  // namespace

std::optional<ProcessName> process_of(pid_t pid) {
  const auto stat = read_stat(pid);
  if (!stat || stat->state == 'Z' || stat->state == 'X') return std::nullopt;
  return ProcessName{pid, stat->started_ticks};
}

ProcessState state_of(const ProcessName& process) {
  // A process that this command started stays a zombie until it is waited for.
  ::waitpid(process.pid, nullptr, WNOHANG);
  const auto stat = read_stat(process.pid);
  if (!stat || stat->started_ticks != process.started_ticks) return ProcessState::kGone;
  if (stat->state == 'Z' || stat->state == 'X') return ProcessState::kGone;
  return stat->state == 'T' || stat->state == 't' ? ProcessState::kPaused : ProcessState::kRunning;
}

bool send_signal(const ProcessName& process, int signal) {
  return process.pid > 1 && state_of(process) != ProcessState::kGone && ::kill(process.pid, signal) == 0;
}

// Writes the whole file or nothing: a reader must never see half a number.
Result<void> write_pid_file(const std::filesystem::path& file, const ProcessName& process) {
  const std::filesystem::path fresh = file.string() + ".new";
  std::ofstream out(fresh);
  out << process.pid << ' ' << process.started_ticks << '\n';
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(fresh, file, error);
  if (!out || error) return fail("can't write " + file.string());
  return {};
}

std::optional<ProcessName> read_pid_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  ProcessName process;
  if (!(in >> process.pid >> process.started_ticks) || process.pid <= 1) return std::nullopt;
  return process;
}

Result<ProcessName> spawn_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const Descriptor out(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!nothing || !out) return fail("can't write " + log.string() + ": " + error_text(errno));
  std::vector<std::string> texts{"distri-kv"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return fail("can't start a process: " + error_text(errno));
  if (pid == 0) become(pointers.data(), nothing.get(), out.get());
  const auto process = process_of(pid);
  if (!process) return fail("the process ended at once; see " + log.string());
  return *process;
}

}  // namespace dkv::cli
