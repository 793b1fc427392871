// Kills a writing process again and again. The next one on the same folder must find all acknowledged writes.
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/catch.h"
#include "tests/kill/history.h"
#include "tests/kill/writer.h"
#include "tests/runtime/disk/temporary_folder.h"

using namespace dkv;
using namespace dkv::kill_tests;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kKills = 200;
constexpr int kEarlyEach = 5;  // about one of this many kills does not wait for the end of the start

struct Seen {
  std::uint64_t acknowledged = 0, records = 0, snapshots = 0, merges = 0, checks = 0, killed_starting = 0;
};

// One life of the writer.
class Life {
 public:
  Life(const std::filesystem::path& folder, History& history, Seen& seen, std::uint64_t seed, bool load)
      : history_(history), seen_(seen) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();  // the test has one thread
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::close(ends[0]);
      const bool fine = Writer(folder, history, seed, ends[1]).run(load);
      ::_exit(fine ? 0 : 1);
    }
    ::close(ends[1]);
    in_ = ends[0];
  }
  ~Life() {
    if (pid_ > 0) kill();
    ::close(in_);
  }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  bool ready() const { return ready_; }
  // Reads messages until the writer is ready or has ended.
  void listen_until_ready() {
    while (!ready_ && listen(-1)) {
    }
  }
  void listen_for(std::chrono::microseconds time) {
    const auto end = Clock::now() + time;
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end - Clock::now()).count();
      if (left <= 0 || !listen(left)) return;
    }
  }
  void kill() {
    ::kill(pid_, SIGKILL);
    wait();
  }
  // Reads the remaining messages and returns the exit status; -1 after a signal.
  int wait() {
    while (listen(-1)) {
    }
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    pid_ = -1;
    seen_.merges += merges_;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  // Reads messages for at most this time (-1: without limit). False when there will be no more.
  bool listen(std::int64_t at_most_us) {
    pollfd readable{in_, POLLIN, 0};
    const timespec time{at_most_us / 1'000'000, at_most_us % 1'000'000 * 1000};
    const int count = ::ppoll(&readable, 1, at_most_us < 0 ? nullptr : &time, nullptr);
    if (count == 0) return true;
    char bytes[65536];
    const ssize_t size = ::read(in_, bytes, sizeof bytes);
    if (size <= 0) return false;
    heard_.append(bytes, static_cast<std::size_t>(size));
    std::size_t begin = 0;
    // A line that the kill cut off does not count as a message.
    for (std::size_t end; (end = heard_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      hear(heard_.substr(begin, end - begin));
    }
    heard_.erase(0, begin);
    return true;
  }

  void hear(const std::string& line) {
    char what[16] = "";
    unsigned long long a = 0, b = 0;
    std::sscanf(line.c_str(), "%15s %llu %llu", what, &a, &b);
    const std::string_view word = what;
    if (word == "bad") FAIL(line);
    if (word == "i") {
      history_.slots.at(a).issued = b;
    } else if (word == "a") {
      acknowledge(static_cast<std::uint32_t>(a), history_.slots.at(a), b);
      ++seen_.acknowledged;
    } else if (word == "found") {
      find(history_.slots.at(a), b);
    } else if (word == "I") {
      history_.epoch_issued = static_cast<std::uint32_t>(a);
    } else if (word == "A" || word == "epoch") {
      history_.epoch_floor = std::max(history_.epoch_floor, static_cast<std::uint32_t>(a));
    } else if (word == "merges") {
      merges_ = a;
    } else {
      REQUIRE(word == "ready");
      ready_ = true;
      ++seen_.checks;
      seen_.records += a;
      seen_.snapshots += b;
    }
  }

  History& history_;
  Seen& seen_;
  pid_t pid_ = -1;
  int in_ = -1;
  bool ready_ = false;
  std::uint64_t merges_ = 0;
  std::string heard_;
};

}  // namespace

TEST_CASE("a process that is killed 200 times at random moments loses nothing that it acknowledged") {
  const char* given = std::getenv("DKV_KILL_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::printf("kill test: DKV_KILL_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);  // otherwise a child would print it again
  std::mt19937_64 random(seed);
  const runtime_tests::TemporaryFolder folder;
  History history;
  Seen seen;
  for (int kill = 0; kill < kKills; ++kill) {
    Life life(folder.path(), history, seen, random(), true);
    // Up to some tens of milliseconds; short times are more frequent.
    const std::uint64_t longest_us = random() % 4 == 0 ? 80'000 : 40'000;
    if (random() % kEarlyEach == 0) {
      life.listen_for(std::chrono::microseconds(random() % 10'000));
      seen.killed_starting += life.ready() ? 0 : 1;
    } else {
      life.listen_until_ready();
      life.listen_for(std::chrono::microseconds(random() % longest_us));
    }
    life.kill();
  }
  Life last(folder.path(), history, seen, random(), false);
  CHECK(last.wait() == 0);
  CHECK(last.ready());
  std::printf(
      "kill test: %llu writes acknowledged, %llu checks, %llu of them killed while starting; starts read %llu "
      "records and %llu snapshots; %llu merges\n",
      static_cast<unsigned long long>(seen.acknowledged), static_cast<unsigned long long>(seen.checks),
      static_cast<unsigned long long>(seen.killed_starting), static_cast<unsigned long long>(seen.records),
      static_cast<unsigned long long>(seen.snapshots), static_cast<unsigned long long>(seen.merges));
  CHECK(seen.acknowledged > 0);
  CHECK(seen.records > 0);
  CHECK(seen.snapshots > 0);
  CHECK(seen.merges > 0);
  CHECK(seen.killed_starting > 0);
}
