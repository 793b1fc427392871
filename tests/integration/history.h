// The requests and answers of real clients, and their judgement by the simulator's oracle.
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

// A version as a client sees it.
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
  std::optional<std::size_t> context_from = {};  // the operation whose answer had this write's context; not set: blind
  // The begin and the end: places in one order of all such moments, and times.
  std::uint64_t began = 0, ended = 0;  // ended 0: never
  TimeNs began_ns = 0, ended_ns = 0;
  Outcome outcome = Outcome::kUnknown;
  std::string context_sent = {}, context = {};  // tokens in base64; context: from the answer
  std::vector<Shown> shown = {};                // of a get
};

// Several threads may write to it.
class History {
 public:
  // Returns the operation's number. Its value is made from this number.
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
// The operation that writes exactly this value; nothing when none does.
std::optional<std::size_t> operation_of(const std::string& value);
Key load_key(std::uint32_t number);

// The final contents of the nodes: by node and key, the "object" of /api/v1/admin/keys (null: nothing).
using Finals = std::vector<std::map<std::uint32_t, nlohmann::json>>;

struct Cast {
  std::vector<Member> members;  // ids 0, 1, ...
  std::uint32_t partitions = kPartitionsDefault;
  std::uint32_t replicas = 3;
};

struct Judgement {
  std::vector<sim::Violation> violations;
  sim::Oracle::Counters counters;
  std::size_t keys = 0;           // keys that were judged
  std::size_t keys_left_out = 0;  // a delete of them had an unknown outcome, so its tombstone cannot be identified
  std::string text() const;       // the violations, one a line
};

// Judges I1, I2, I3, I4 and, where primary_need promises it, I6. From outside it is unknown which record reached
// which disk at what time. So I5 (honest acknowledgement), I8 (hint ledger) and I10 (recovery) are left out. I4 and
// the lineage of versions are judged only at the end.
Judgement judge(const std::vector<Operation>& operations, const Finals& finals, const Cast& cast);

}  // namespace dkv::integration
