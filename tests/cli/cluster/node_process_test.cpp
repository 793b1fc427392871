#include "cli/cluster/node_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;

namespace {

// A child that does nothing until it is killed.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      for (;;) ::pause();
    }
  }
  ~Sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }
  // Waits until the kernel shows the state, because a signal takes a moment.
  bool becomes(const ProcessName& name, ProcessState state) const {
    for (int i = 0; i < 5000; ++i) {
      if (state_of(name) == state) return true;
      ::usleep(1000);
    }
    return false;
  }

 private:
  pid_t pid_;
};

}  // namespace

TEST_CASE("a process runs, is paused, continues and ends") {
  const Sleeper sleeper;
  const auto name = process_of(sleeper.pid());
  REQUIRE(name);
  CHECK(name->started_ticks > 0);
  CHECK(state_of(*name) == ProcessState::kRunning);
  REQUIRE(send_signal(*name, SIGSTOP));
  CHECK(sleeper.becomes(*name, ProcessState::kPaused));
  REQUIRE(send_signal(*name, SIGCONT));
  CHECK(sleeper.becomes(*name, ProcessState::kRunning));
  REQUIRE(send_signal(*name, SIGKILL));
  CHECK(sleeper.becomes(*name, ProcessState::kGone));
  CHECK_FALSE(send_signal(*name, SIGTERM));
}

TEST_CASE("another process under the same id is not the one that was named") {
  const Sleeper sleeper;
  auto name = process_of(sleeper.pid());
  REQUIRE(name);
  ++name->started_ticks;
  CHECK(state_of(*name) == ProcessState::kGone);
  CHECK_FALSE(send_signal(*name, SIGKILL));
  CHECK(process_of(sleeper.pid()));
}

TEST_CASE("a pid file is read back as written, and other content as nothing") {
  const TemporaryFolder folder;
  const std::string file = folder.path("pid");
  CHECK_FALSE(read_pid_file(file));
  REQUIRE(write_pid_file(file, {4711, 815}));
  CHECK(read_pid_file(file) == ProcessName{4711, 815});
  for (const char* text : {"", "4711", "4711 x", "-1 5", "0 5", "1 5", "abc"}) {
    folder.write("pid", text);
    CAPTURE(text);
    CHECK_FALSE(read_pid_file(file));
  }
  CHECK_FALSE(write_pid_file(folder.path("no/such/folder/pid"), {1, 2}));
}
