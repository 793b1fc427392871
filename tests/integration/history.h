// What real clients asked and were answered, and the judgement of it by the simulator's oracle.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/placement.h"
#include "engine/protocol/client.h"
#include "sim/oracle/oracle.h"

namespace dkv::integration {

// A version as a client is shown it.
struct Shown {
  std::string vtag;
  std::string value;
  bool deleted = false;
};

struct Operation {
  RequestKind kind = RequestKind::kGet;
  std::uint32_t session = 0;
  std::uint32_t key = 0;
  std::uint8_t primary_need = 0;                 // pr or pw
  std::optional<std::size_t> context_from = {};  // the operation whose answer's context went with a write; unset: blind
  // When it began and ended: a place in the order of all such moments, and a time.
  std::uint64_t began = 0, ended = 0;  // ended 0: never
  TimeNs began_ns = 0, ended_ns = 0;
  Outcome outcome = Outcome::kUnknown;
  std::string context_sent = {}, context = {};  // tokens in base64; context: of the answer
  std::vector<Shown> shown = {};                // of a get
};

// Written by many threads.
class History {
 public:
  // Answers with the operation's number, which is what its value is made of.
  std::size_t begin(Operation operation);
  void end(std::size_t number, const Operation& with_answer);
  std::size_t size() const;
  Operation operation(std::size_t number) const;
  std::vector<Operation> operations() const;

 private:
  TimeNs now_ns() const;
  mutable std::mutex mutex_;
  std::vector<Operation> operations_;
  std::uint64_t moments_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string value_of(std::size_t operation);
// The operation that writes this value; nothing when none does, byte by byte.
std::optional<std::size_t> operation_of(const std::string& value);
Key load_key(std::uint32_t number);

// What the nodes hold at the end: by node and key, the "object" of /api/v1/admin/keys (null: nothing).
using Finals = std::vector<std::map<std::uint32_t, nlohmann::json>>;

struct Cast {
  std::vector<Member> members;  // ids 0, 1, ...
  std::uint32_t partitions = kPartitionsDefault;
  std::uint32_t replicas = 3;
};

struct Judgement {
  std::vector<sim::Violation> violations;
  sim::Oracle::Counters counters;
  std::size_t keys = 0;           // that were judged
  std::size_t keys_left_out = 0;  // a delete of them ended nobody knows how: its tombstone can't be told from others
  std::string text() const;       // the violations, a line each
};

// Judges I1, I2, I3, I4 and, as far as primary_need promises something, I6. From outside nobody sees what reached which
// disk when: I5 (honest acknowledgements), I8 (the ledger of hints), I10 (recovery) are left out, and I4 and the
// lineage of versions are judged at the end only.
Judgement judge(const std::vector<Operation>& operations, const Finals& finals, const Cast& cast);

}  // namespace dkv::integration
