#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/placement.h"
#include "engine/core/types.h"
#include "engine/ports/observation.h"
#include "engine/ports/storage.h"
#include "engine/protocol/client.h"
#include "sim/disk/image.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/counts.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

struct Findings;

// What a session knows to have seen of a key, in the oracle's own terms: the last writes that it saw, which stand for
// all that their writers had seen. Opaque to clients, who keep it beside the store's context token and hand it in with
// the next write. Copyable; empty when nothing was seen.
class Seen {
 public:
  bool empty() const noexcept { return first_ == 0; }

 private:
  friend class CausalHistory;
  std::size_t size() const noexcept { return first_ == 0 ? 0 : 1 + more_.size(); }
  WriteTag tag(std::size_t i) const noexcept { return i == 0 ? first_ : more_[i - 1]; }

  WriteTag first_ = 0;  // the usual one costs no allocation
  std::vector<WriteTag> more_;
};

// Watches a run from outside and judges it. It is told what clients asked and were answered, and what reached which
// disk. It keeps its own causal history from write tags and never looks at a version vector, a dot's order or a
// timestamp of the store to decide what replaced what. Copyable with the world.
class Oracle {
 public:
  // Judges nothing: it is told everything and finds nothing. Tags are new all the same.
  Oracle();
  Oracle(const Scenario& scenario, std::shared_ptr<const Placement> placement);
  // Defined in the .cpp: slow to compile.
  Oracle(const Oracle&);
  Oracle(Oracle&&) noexcept;
  Oracle& operator=(const Oracle&);
  Oracle& operator=(Oracle&&) noexcept;
  ~Oracle();
  bool judges() const noexcept { return owner_.state != nullptr; }

  // --- Clients. key_index: dense numbers that the workload gives to its keys.
  struct WriteStart {
    std::uint32_t session = 0;
    std::uint32_t key_index = 0;
    bool remove = false;
    TimeNs ttl_ns = 0;  // of the value; 0: for ever
    std::uint8_t need = 0;
    std::uint8_t primary_need = 0;  // pw, or w when strict
    Seen seen;                      // of the context that goes with the write; empty for a blind write
  };
  // Answers with the tag that the request must carry; tags count from 1.
  WriteTag write_started(const WriteStart& start, const Key& key, TimeNs now_ns);
  // reply null: the client gave up waiting. Returns what the session has now seen of the key, when done.
  Seen write_finished(WriteTag tag, const ClientReply* reply, TimeNs now_ns);

  using ReadId = std::uint64_t;
  struct ReadStart {
    std::uint32_t session = 0;
    std::uint32_t key_index = 0;
    std::uint8_t primary_need = 0;  // pr, or r when strict
  };
  ReadId read_started(const ReadStart& start, const Key& key, TimeNs now_ns);
  // Returns what the answer shows; empty when it failed or found nothing ever written.
  Seen read_finished(ReadId read, const ClientReply* reply, TimeNs now_ns);

  // --- Disks. Every record on its way: first visible in the process, then durable.
  void appended(NodeId node, const Record& record, TimeNs now_ns);
  // Called just before the record is applied to the node's durable image.
  void durable(NodeId node, const Record& record, TimeNs now_ns);
  // The node's process ended; what was appended and not durable is gone when power_lost.
  void stopped(NodeId node, bool power_lost);
  // The node's process has begun again. kept: of the records that were not durable, those that its disk gave back all
  // the same, in their order; they are still not durable.
  void restarted(NodeId node, std::span<const Record> kept);
  // The node's disk is about to be emptied.
  void wiping(NodeId node, TimeNs now_ns);
  // The node is down, and its disk is another one now, which holds these records and nothing else.
  void disk_replaced(NodeId node, std::span<const Record> there, TimeNs now_ns);
  // The node's process ends, and its store keeps nothing over that.
  void forgetting(NodeId node, TimeNs now_ns);
  // The node's store has given up what it can't read: it holds object now (null: nothing) where more was durable.
  void damaged(NodeId node, const Key& key, const ObjectPtr& object, TimeNs now_ns);
  void hint_damaged(NodeId node, NodeId owner, const Key& key, const ObjectPtr& object, TimeNs now_ns);
  // The node lost power at lost_ns, and had not synced all it had acknowledged, as its policy lets it: it has fallen
  // back to this record, whose object may be null.
  void not_synced(NodeId node, const Record& now, TimeNs lost_ns);
  // The node's store kept the whole versions of a torn state, which was not durable, and no more of its clock.
  void clock_lost(const Key& key);
  // A node's wall clock is off by so much from now on.
  void clock_skewed(TimeNs by_ns) noexcept;
  // I10: what a start gave back is not what was durable.
  void recovered_wrongly(NodeId node, const Record& record, std::string detail, TimeNs now_ns);
  void observed(NodeId node, const Observation& observation, TimeNs now_ns);

  // --- The end. images[i] is the durable state of node i's disk. True when all primaries of all keys hold the same and
  // no hint is pending: cheap enough to poll.
  bool converged(std::span<const Image* const> images) const;
  // I1, I3, I4, I8 over the final images. timed_out: the time to converge ran out.
  void judge(std::span<const Image* const> images, bool timed_out, TimeNs now_ns);

  // What a judge beside this oracle has found, or why it could not judge.
  void report(Violation violation);
  void cannot_judge(Invariant invariant, std::string why);

  // Findings so far, at most kViolationsMax kept and the first of each invariant in any case (all are counted).
  static constexpr std::size_t kViolationsMax = 100;
  const std::vector<Violation>& violations() const noexcept;
  std::uint64_t violation_count() const noexcept;
  const std::vector<NotJudged>& not_judged() const noexcept;
  const std::vector<Excused>& excused() const noexcept;
  // Acknowledged writes that last-write-wins took away, the first kDiscardedMax of counters().discarded_by_lww.
  static constexpr std::size_t kDiscardedMax = 100;
  const std::vector<Excused>& discarded() const noexcept;

  // Every write of a key that a client began, ascending by tag, and what its writer had seen. For debuggers.
  struct WriteView {
    WriteTag tag = 0;
    bool remove = false;
    bool answered = false;
    bool acknowledged = false;
    bool refused = false;    // certainly not done
    std::optional<Dot> dot;  // once some node has stored it
    std::uint32_t session = 0;
    TimeNs started_ns = 0;
    TimeNs finished_ns = 0;      // answered
    std::vector<WriteTag> seen;  // the last ones that its writer had seen, which stand for all before them
  };
  std::vector<WriteView> history_of(const Key& key) const;

  using Counters = JudgeCounters;
  const Counters& counters() const noexcept;
  // What a copy takes in memory; an estimate.
  std::uint64_t copy_bytes() const noexcept;

 private:
  struct State;
  // A deep copy with each copy of the oracle.
  struct StateOwner {
    StateOwner();
    StateOwner(const StateOwner&);
    StateOwner(StateOwner&&) noexcept;
    StateOwner& operator=(const StateOwner&);
    StateOwner& operator=(StateOwner&&) noexcept;
    ~StateOwner();
    std::unique_ptr<State> state;
  };
  const Findings& findings() const noexcept;

  StateOwner owner_;       // empty: it judges nothing
  WriteTag last_tag_ = 0;  // then
};

}  // namespace dkv::sim
