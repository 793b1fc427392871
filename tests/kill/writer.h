#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/runtime/disk/threaded_disk.h"
#include "engine/storage/storage.h"
#include "tests/kill/history.h"

namespace dkv::kill_tests {

// The process that is killed: recovers, checks what it finds against the history, and writes until the end. What it
// says, a line each, on the descriptor:
//   bad TEXT          what must not be
//   found SLOT WRITE  what a restart found (0: nothing)
//   epoch EPOCH       the same of the identity's
//   ready RECORDS SNAPSHOTS  recovery and check are over: what the report counted
//   i SLOT WRITE, I EPOCH    the store is going to be asked for it
//   a SLOT WRITE, A EPOCH    it was acknowledged
//   merges COUNT      since the start
class Writer {
 public:
  Writer(const std::filesystem::path& folder, const History& history, std::uint64_t seed, int out);
  // Recovers and checks; with load it writes then and never returns. False after "bad".
  bool run(bool load);

 private:
  struct Waiting {
    AppendId id = 0;
    std::string acknowledgement;
  };

  bool recover();
  bool check();
  bool check_names();
  bool check_identity();
  bool look_at(std::uint32_t slot, const ObjectPtr& object);
  void write_some();
  void read_one();
  bool turn();
  bool take_events();
  void submit();
  void say(const std::string& line) { said_ += line + '\n'; }
  void send();
  bool bad(const std::string& what);
  StoreFetch fetch(std::uint32_t slot);

  std::filesystem::path folder_;
  History history_;
  std::mt19937_64 random_;
  int out_;
  std::string said_;
  std::unique_ptr<ThreadedDisk> disk_;
  std::unique_ptr<Storage> store_;
  Outbox outbox_;
  std::vector<DiskDone> done_;
  std::vector<Waiting> waiting_;
  std::map<FetchId, std::uint32_t> fetching_;  // slots
  AppendId durable_ = 0;
  RecoveryReport report_;
  std::optional<Actor> identity_;
  bool recovered_ = false;
  bool checking_ = false;
  std::uint64_t turns_ = 0;
  std::uint64_t merges_ = 0;
};

}  // namespace dkv::kill_tests
