#include "engine/runtime/disk/threaded_disk.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <set>
#include <thread>

#include "tests/catch.h"
#include "tests/runtime/disk/disk_hosts.h"

using namespace dkv;
using namespace dkv::runtime_tests;

namespace {

// Blocks its callers while it is shut.
class Gate {
 public:
  void shut() { set(true); }
  void open() { set(false); }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !shut_; });
  }

 private:
  void set(bool shut) {
    const std::lock_guard lock(mutex_);
    shut_ = shut;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool shut_ = false;
};
Gate sync_gate, read_gate;
std::atomic<bool> is_cached = false;

FileCalls gated_calls() {
  FileCalls calls;
  calls.sync_data = [](int fd) {
    sync_gate.pass();
    return ::fdatasync(fd);
  };
  calls.read_at = [](int fd, void* bytes, size_t size, off_t offset) {
    read_gate.pass();
    return ::pread(fd, bytes, size, offset);
  };
  calls.read_cached = [](int fd, void* bytes, size_t size, off_t offset) -> ssize_t {
    if (is_cached) return ::pread(fd, bytes, size, offset);
    errno = EAGAIN;
    return -1;
  };
  return calls;
}

struct GatedDisk {
  explicit GatedDisk(ThreadedDisk::Options options = {})
      : disk(start_disk(open_disk(folder.path(), gated_calls()), options)) {}
  ~GatedDisk() {
    sync_gate.open();
    read_gate.open();
    is_cached = false;
  }

  template <typename What>
  DiskTicket submit(What what) {
    disk->submit({++last, std::move(what)});
    return last;
  }
  // Waits for the answers to exactly these requests.
  std::vector<DiskDone> take(std::set<DiskTicket> tickets) {
    std::vector<DiskDone> done;
    while (done.size() < tickets.size()) REQUIRE(disk->wait(done));
    std::set<DiskTicket> got;
    for (const auto& one : done) got.insert(one.ticket);
    REQUIRE(got == tickets);
    return done;
  }
  // Makes files with four bytes each.
  void prepare(std::uint64_t files) {
    std::set<DiskTicket> tickets;
    for (std::uint64_t i = 1; i <= files; ++i) {
      tickets.insert(submit(DiskCreate{segment(i), 0}));
      tickets.insert(submit(DiskAppend{segment(i), Blob("four"), true}));
    }
    for (const auto& done : take(tickets)) REQUIRE(done.status == DiskStatus::kOk);
  }
  bool readable() const {
    ::pollfd watched{disk->wake_descriptor(), POLLIN, 0};
    return ::poll(&watched, 1, 0) == 1;
  }

  TemporaryFolder folder;
  std::unique_ptr<ThreadedDisk> disk;
  DiskTicket last = 0;
};

}  // namespace

TEST_CASE("a wait without a request in progress returns at once") {
  GatedDisk bench;
  std::vector<DiskDone> done;
  CHECK_FALSE(bench.disk->wait(done));
  bench.disk->poll(done);
  CHECK(done.empty());
  CHECK(bench.disk->wake_descriptor() == -1);
}

TEST_CASE("reads of other files pass a stuck sync, and a read of the same file sees the synced append") {
  GatedDisk bench;
  bench.prepare(2);
  sync_gate.shut();
  const auto append = bench.submit(DiskAppend{segment(1), Blob("more"), true});
  const auto held = bench.submit(DiskRead{segment(1), 0, 100});
  for (int i = 0; i < 20; ++i) {
    const auto other = bench.submit(DiskRead{segment(2), 0, 100});
    CHECK(bench.take({other}).front().bytes.view() == "four");
  }
  sync_gate.open();
  const auto done = bench.take({append, held});
  const auto& read = done[0].ticket == held ? done[0] : done[1];
  CHECK(read.bytes.view() == "fourmore");
}

TEST_CASE("the log's appends pass a stuck sync, and appends to the same file come after it") {
  GatedDisk bench;
  bench.prepare(2);
  sync_gate.shut();
  const auto stuck = bench.submit(DiskSync{segment(1)});
  const auto same = bench.submit(DiskAppend{segment(1), Blob("more")});
  const auto snapshot = bench.submit(DiskCreate{{FileKind::kSnapshot, 1}, 0});
  std::vector<DiskDone> done;
  bench.disk->poll(done);
  CHECK(done.empty());
  sync_gate.open();
  const auto answers = bench.take({stuck, same, snapshot});
  CHECK(answers.front().ticket == stuck);

  sync_gate.shut();
  const auto again = bench.submit(DiskSync{segment(1)});
  for (int i = 0; i < 20; ++i) bench.take({bench.submit(DiskAppend{segment(2), Blob("x")})});
  sync_gate.open();
  bench.take({again});
}

TEST_CASE("a list comes after all that was asked before it") {
  GatedDisk bench;
  bench.prepare(1);
  sync_gate.shut();
  const auto append = bench.submit(DiskAppend{segment(1), Blob("more"), true});
  const auto list = bench.submit(DiskList{});
  sync_gate.open();
  const auto done = bench.take({append, list});
  CHECK(done[1].ticket == list);
  CHECK(done[1].files.front().bytes == 8);
}

TEST_CASE("an append passes a stuck read of the bytes before it") {
  GatedDisk bench;
  bench.prepare(1);
  read_gate.shut();
  const auto read = bench.submit(DiskRead{segment(1), 1, 3});
  const auto append = bench.submit(DiskAppend{segment(1), Blob("more"), true});
  CHECK(bench.take({append}).front().status == DiskStatus::kOk);
  read_gate.open();
  CHECK(bench.take({read}).front().bytes.view() == "our");
}

TEST_CASE("a request that would change the bytes of a stuck read waits for it") {
  GatedDisk bench;
  bench.prepare(2);
  read_gate.shut();
  const auto read = bench.submit(DiskRead{segment(1), 0, 100});
  DiskTicket change = 0;
  SECTION("an append where the read may end") {
    change = bench.submit(DiskAppend{segment(1), Blob("more"), false});
  }
  SECTION("a remove") {
    change = bench.submit(DiskRemove{segment(1)});
  }
  std::this_thread::yield();  // makes it likely that a disk which does not wait is caught
  read_gate.open();
  std::vector<DiskDone> done;
  while (bench.disk->wait(done)) {
  }
  REQUIRE(done.size() == 2);
  CHECK(done[0].ticket == read);
  CHECK(done[0].bytes.view() == "four");
  CHECK(done[1].ticket == change);
  CHECK(done[1].status == DiskStatus::kOk);
}

TEST_CASE("one stuck read keeps no other waiting while there are threads") {
  GatedDisk bench({.readers = 2});
  bench.prepare(2);
  read_gate.shut();
  const auto first = bench.submit(DiskRead{segment(1), 0, 4});
  const auto second = bench.submit(DiskRead{segment(2), 0, 4});
  const auto list = bench.submit(DiskList{});
  CHECK(bench.take({list}).front().files.size() == 2);
  read_gate.open();
  bench.take({first, second});
}

TEST_CASE("a read of cached bytes completes at its submission, and one behind an append waits for it") {
  GatedDisk bench;
  bench.prepare(1);
  bench.take({bench.submit(DiskRead{segment(1), 0, 4})});  // opens the file
  is_cached = true;
  read_gate.shut();
  std::vector<DiskDone> done;
  const auto read = bench.submit(DiskRead{segment(1), 1, 2});
  bench.disk->poll(done);
  REQUIRE(done.size() == 1);
  CHECK(done[0].ticket == read);
  CHECK(done[0].status == DiskStatus::kOk);
  CHECK(done[0].bytes.view() == "ou");

  done.clear();
  sync_gate.shut();
  const auto append = bench.submit(DiskAppend{segment(1), Blob("more"), true});
  const auto held = bench.submit(DiskRead{segment(1), 2, 4});
  const auto at_the_end = bench.submit(DiskRead{segment(1), 6, 4});
  bench.disk->poll(done);
  CHECK(done.empty());
  sync_gate.open();
  read_gate.open();
  for (const auto& one : bench.take({append, held, at_the_end})) {
    if (one.ticket == held) CHECK(one.bytes.view() == "urmo");
    if (one.ticket == at_the_end) CHECK(one.bytes.view() == "re");
  }
}

TEST_CASE("a read that memory cannot answer in full is left to the pool") {
  GatedDisk bench;
  bench.prepare(1);
  bench.take({bench.submit(DiskRead{segment(1), 0, 4})});
  is_cached = true;
  for (const auto& what : {DiskRead{segment(1), 2, 10}, DiskRead{segment(1), 4, 1}, DiskRead{segment(1), 0, 0},
                           DiskRead{segment(1), 0, ThreadedDisk::kCachedReadBytesMax + 1}}) {
    const auto done = bench.take({bench.submit(what)}).front();
    CHECK(done.status == DiskStatus::kOk);
    CHECK(done.bytes.view() == std::string_view("four").substr(what.offset).substr(0, what.bytes));
  }
  CHECK(bench.take({bench.submit(DiskRead{segment(2), 0, 1})}).front().status == DiskStatus::kMissing);
}

TEST_CASE("the wake descriptor is readable while there is something to take") {
  GatedDisk bench({.wake_descriptor = true});
  CHECK_FALSE(bench.readable());
  for (int round = 0; round < 3; ++round) {
    bench.submit(DiskList{});
    bench.submit(DiskList{});
    ::pollfd watched{bench.disk->wake_descriptor(), POLLIN, 0};
    REQUIRE(::poll(&watched, 1, -1) == 1);
    std::vector<DiskDone> done;
    while (done.size() < 2) {
      bench.disk->poll(done);
    }
    CHECK_FALSE(bench.readable());
  }
}

TEST_CASE("a stop carries out all that was submitted") {
  GatedDisk bench;
  bench.prepare(1);
  std::set<DiskTicket> tickets;
  for (int i = 0; i < 300; ++i) {
    tickets.insert(bench.submit(DiskAppend{segment(1), Blob("x"), false}));
    if (i % 3 == 0) tickets.insert(bench.submit(DiskRead{segment(1), 0, 1000}));
  }
  bench.disk->stop();
  bench.disk->stop();
  for (const auto& done : bench.take(tickets)) CHECK(done.status == DiskStatus::kOk);
  std::vector<DiskDone> more;
  CHECK_FALSE(bench.disk->wait(more));
  bench.disk.reset();
  const auto reopened = open_disk(bench.folder.path());
  CHECK(reopened->carry_out({1, DiskList{}}).files.at(0).bytes == 304);
}

TEST_CASE("a disk that ends with answers untaken has done its work") {
  GatedDisk bench;
  bench.prepare(1);
  for (int i = 0; i < 50; ++i) bench.submit(DiskAppend{segment(1), Blob("x"), i == 49});
  bench.disk.reset();
  CHECK(open_disk(bench.folder.path())->carry_out({1, DiskList{}}).files.at(0).bytes == 54);
}

TEST_CASE("several threads submit while another takes") {
  constexpr std::uint64_t kThreads = 3;
  constexpr std::uint64_t kAppends = 200;
  GatedDisk bench;
  bench.prepare(kThreads);
  std::vector<std::thread> threads;
  for (std::uint64_t t = 1; t <= kThreads; ++t) {
    threads.emplace_back([&disk = *bench.disk, t] {
      for (std::uint64_t i = 0; i < kAppends; ++i) {
        disk.submit({t * 10000 + 2 * i, DiskAppend{segment(t), Blob(std::to_string(i % 10)), i % 64 == 0}});
        disk.submit({t * 10000 + 2 * i + 1, DiskRead{segment(t), 4 + i, 1}});
      }
    });
  }
  std::vector<DiskDone> done;
  while (done.size() < kThreads * kAppends * 2) {
    bench.disk->poll(done);
    std::this_thread::yield();
  }
  for (auto& thread : threads) thread.join();
  std::set<DiskTicket> tickets;
  bool all_ok = true;
  for (const auto& one : done) {
    tickets.insert(one.ticket);
    all_ok &= one.status == DiskStatus::kOk;
    if (one.ticket % 2 == 1) all_ok &= one.bytes.view() == std::to_string(one.ticket % 10000 / 2 % 10);
  }
  CHECK(all_ok);
  CHECK(tickets.size() == done.size());
  CHECK(bench.disk->last_error().empty());
}
