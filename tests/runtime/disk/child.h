// Runs a part of a test in a child process.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "tests/catch.h"

namespace dkv::runtime_tests {

// Forks while the test has only one thread. The child does not use Catch: it sends its findings as text.
class Child {
 public:
  // `work(say)` runs in the child; say(text) sends. The child ends, without destructors, when work returns.
  template <typename Work>
  explicit Child(Work&& work) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::close(ends[0]);
      work([&](const std::string& text) {
        if (::write(ends[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) ::_exit(2);
      });
      ::_exit(0);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Child() {
    kill();
    ::close(out_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // line(): up to the end of the next line. rest(): until the child has ended.
  std::string line() { return read_until('\n'); }
  std::string rest() { return read_until(-1); }

  pid_t pid() const { return pid_; }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }
  // The exit status; -1 after a signal.
  int wait() {
    int status = 0;
    const bool ended = ::waitpid(pid_, &status, 0) == pid_ && WIFEXITED(status);
    pid_ = -1;
    return ended ? WEXITSTATUS(status) : -1;
  }

 private:
  std::string read_until(int stop) {
    std::string text;
    for (char c; ::read(out_, &c, 1) == 1 && c != stop;) text += c;
    return text;
  }

  pid_t pid_ = -1;
  int out_ = -1;
};

}  // namespace dkv::runtime_tests
