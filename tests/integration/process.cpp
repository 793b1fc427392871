#include "tests/integration/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "cli/cluster/node_process.h"
#include "tests/catch.h"
#include "tests/paths.h"

namespace dkv::integration {
namespace {

[[noreturn]] void become(char* const* arguments, const char* out, const char* err, void (*limits)()) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(::open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  ::dup2(::open(err, O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
  ::close_range(3, ~0u, 0);
  if (limits != nullptr) limits();
  ::execv(paths::kProgram, arguments);
  ::_exit(127);
}

}  // namespace

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string output_in(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Process::Process(const std::vector<std::string>& arguments, const std::string& out_file, const std::string& err_file,
                 void (*limits)()) {
  std::vector<std::string> texts{paths::kProgram};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  pid_ = ::fork();
  REQUIRE(pid_ >= 0);
  if (pid_ == 0) become(pointers.data(), out_file.c_str(), err_file.c_str(), limits);
}

Process::~Process() {
  if (pid_ > 0) kill();
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}

void Process::signal(int number) const {
  // The id cannot be reused before the process has been waited for.
  if (!status_) ::kill(pid_, number);
}

void Process::reap(int options) {
  int status = 0;
  if (status_ || ::waitpid(pid_, &status, options) != pid_) return;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool Process::running() {
  reap(WNOHANG);
  return !status_;
}

std::optional<int> Process::wait() {
  eventually([&] { return !running(); });
  return status_;
}

void Process::kill() {
  signal(SIGKILL);
  reap(0);
}

void Process::pause() const {
  signal(SIGSTOP);
  const auto process = cli::process_of(pid_);
  REQUIRE(process);
  REQUIRE(eventually([&] { return cli::state_of(*process) == cli::ProcessState::kPaused; }));
}

}  // namespace dkv::integration
