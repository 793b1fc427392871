#include "cli/terminal/child_process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace dkv::cli {
namespace {

constexpr std::size_t kWordsMax = 64 * 1024;  // of standard error, the end of it

[[noreturn]] void complain(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

void write_all(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = ::write(descriptor, text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR) return;
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
}

ChildProcess::ChildProcess(const std::function<void(int answer)>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) complain("pipe");
  words_ = ::memfd_create("words", MFD_CLOEXEC);
  if (words_ < 0) complain("memfd_create");
  std::fflush(stdout);
  std::fflush(stderr);
  pid_ = ::fork();
  if (pid_ < 0) complain("fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGABRT, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    ::dup2(words_, STDERR_FILENO);
    ::close(ends[0]);
    work(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  answer_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (!ended_) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  ::close(answer_);
  ::close(words_);
}

void ChildProcess::wait() {
  while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  ended_ = true;
}

bool ChildProcess::read(std::string& answer) {
  char buffer[16 * 1024];
  const ssize_t got = ::read(answer_, buffer, sizeof(buffer));
  if (got < 0) return true;  // interrupted: the caller tries again
  answer.append(buffer, static_cast<std::size_t>(got));
  if (got == 0 && !ended_) wait();
  return got > 0;
}

bool ChildProcess::exited_well() const noexcept {
  return ended_ && WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

std::string ChildProcess::last_words() const {
  const off_t size = ::lseek(words_, 0, SEEK_END);
  std::string text(std::min<std::size_t>(size > 0 ? static_cast<std::size_t>(size) : 0, kWordsMax), '\0');
  const ssize_t got = ::pread(words_, text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text.erase(0, text.find_last_of('\n') + 1);
  while (text.starts_with("../")) text.erase(0, 3);
  if (!text.empty()) return text;
  return WIFSIGNALED(status_) ? "signal " + std::to_string(WTERMSIG(status_))
                              : "exit status " + std::to_string(WEXITSTATUS(status_));
}

}  // namespace dkv::cli
