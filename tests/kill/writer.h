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

// The process that is killed. It recovers, compares its findings with the history, and writes until it is killed. Its
// messages on the descriptor, one a line:
//   bad TEXT          an error
//   found SLOT WRITE  the finding of a restart (0: nothing)
//   epoch EPOCH       the identity's epoch that a restart found
//   ready RECORDS SNAPSHOTS  recovery and comparison are over; counts of the report
//   i SLOT WRITE, I EPOCH    the write or the epoch is about to be requested
//   a SLOT WRITE, A EPOCH    it was acknowledged
//   merges COUNT      since the start
class Writer {
 public:
  Writer(const std::filesystem::path& folder, const History& history, std::uint64_t seed, int out);
  // Recovers and compares; with `load` it then writes and never returns. False after "bad".
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
  std::optional<Identity> identity_;
  bool recovered_ = false;
  bool checking_ = false;
  std::uint64_t turns_ = 0;
  std::uint64_t merges_ = 0;
};

}  // namespace dkv::kill_tests
