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

// The writes of a key that a session has seen, in the oracle's own terms: the last ones, which stand for all that
// their writers had seen. Opaque to clients. A client keeps it with the store's context token and passes it in with
// the next write. Copyable; empty when nothing was seen.
class Seen {
 public:
  bool empty() const noexcept { return first_ == 0; }

 private:
  friend class CausalHistory;
  std::size_t size() const noexcept { return first_ == 0 ? 0 : 1 + more_.size(); }
  WriteTag tag(std::size_t i) const noexcept { return i == 0 ? first_ : more_[i - 1]; }

  WriteTag first_ = 0;  // the usual single one needs no allocation
  std::vector<WriteTag> more_;
};

// Watches a run from outside and judges it. It is told the requests and answers of clients, and the records that
// reach each disk. It keeps its own causal history from write tags. To decide which write replaced which, it never
// uses the store's version vectors, timestamps or order of dots. Copied with the world.
class Oracle {
 public:
  // An oracle that judges nothing. It still issues tags.
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
    TimeNs ttl_ns = 0;  // of the value; 0: no end
    std::uint8_t need = 0;
    std::uint8_t primary_need = 0;  // pw; w under a strict quorum
    Seen seen;                      // belongs to the context of the write; empty for a blind write
  };
  // Returns the tag that the request must carry. Tags count from 1.
  WriteTag write_started(const WriteStart& start, const Key& key, TimeNs now_ns);
  // reply null: the client gave up waiting. Returns the writes that the session has now seen of the key, if the
  // outcome is done.
  Seen write_finished(WriteTag tag, const ClientReply* reply, TimeNs now_ns);

  using ReadId = std::uint64_t;
  struct ReadStart {
    std::uint32_t session = 0;
    std::uint32_t key_index = 0;
    std::uint8_t primary_need = 0;  // pr; r under a strict quorum
  };
  ReadId read_started(const ReadStart& start, const Key& key, TimeNs now_ns);
  // Returns the writes that the answer shows. Empty when the read failed or found a key that was never written.
  Seen read_finished(ReadId read, const ClientReply* reply, TimeNs now_ns);

  // --- Disks. Each record is first visible in the process, then durable.
  void appended(NodeId node, const Record& record, TimeNs now_ns);
  // Called just before the record is applied to the node's durable image.
  void durable(NodeId node, const Record& record, TimeNs now_ns);
  // The node's process has ended. With power_lost, the appends that were not durable are gone.
  void stopped(NodeId node, bool power_lost);
  // The node's process has started again. kept: the records that were not durable and that the disk still gave back,
  // in their order. They are still not durable.
  void restarted(NodeId node, std::span<const Record> kept);
  // Called just before the node's disk is emptied.
  void wiping(NodeId node, TimeNs now_ns);
  // The node is down, and its disk was replaced by one that holds exactly the records `there`. unsynced: the records
  // that were appended to that disk and not durable on it, in their order. The next start may find them.
  void disk_replaced(NodeId node, std::span<const Record> there, std::span<const Record> unsynced, TimeNs now_ns);
  // The node's process ends, and its store keeps nothing.
  void forgetting(NodeId node, TimeNs now_ns);
  // The node's store has given up values that it cannot read: it now holds `object` (null: nothing) instead of the
  // durable state.
  void damaged(NodeId node, const Key& key, const ObjectPtr& object, TimeNs now_ns);
  void hint_damaged(NodeId node, NodeId owner, const Key& key, const ObjectPtr& object, TimeNs now_ns);
  // The node lost power at lost_ns before it had synced everything that it had acknowledged, as its sync policy
  // allows. It has fallen back to this record, whose object may be null.
  void not_synced(NodeId node, const Record& now, TimeNs lost_ns);
  // The node's store kept the whole versions of a torn state that was not durable, without the rest of its clock.
  void clock_lost(const Key& key);
  // From now on the wall clock of some node is off by this much.
  void clock_skewed(TimeNs by_ns) noexcept;
  // I10: the records that a start found differ from the durable ones.
  void recovered_wrongly(NodeId node, const Record& record, std::string detail, TimeNs now_ns);
  void observed(NodeId node, const Observation& observation, TimeNs now_ns);

  // --- The end. images[i] is the durable state of node i's disk. True when all primaries of all keys hold the same
  // state and no hint is pending. Cheap enough to call repeatedly.
  bool converged(std::span<const Image* const> images) const;
  // Judges I1, I3, I4 and I8 on the final images. timed_out: the time to converge ran out.
  void judge(std::span<const Image* const> images, bool timed_out, TimeNs now_ns);

  // Adds a violation from a judge outside this class, or the reason why it could not judge.
  void report(Violation violation);
  void cannot_judge(Invariant invariant, std::string why);

  // The findings so far. All are counted; the first kViolationsMax are kept, and of each invariant at least the
  // first.
  static constexpr std::size_t kViolationsMax = 100;
  const std::vector<Violation>& violations() const noexcept;
  std::uint64_t violation_count() const noexcept;
  const std::vector<NotJudged>& not_judged() const noexcept;
  const std::vector<Excused>& excused() const noexcept;
  // Acknowledged writes that last-write-wins discarded: the first kDiscardedMax of counters().discarded_by_lww.
  static constexpr std::size_t kDiscardedMax = 100;
  const std::vector<Excused>& discarded() const noexcept;
  // The first kStaleReadsMax of counters().stale_reads.
  static constexpr std::size_t kStaleReadsMax = 100;
  const std::vector<StaleRead>& stale_reads() const noexcept;

  // Every write of a key that a client began, ascending by tag, with the writes that its writer had seen. For
  // debuggers.
  struct WriteView {
    WriteTag tag = 0;
    bool remove = false;
    bool answered = false;
    bool acknowledged = false;
    bool refused = false;    // certainly not done
    std::optional<Dot> dot;  // known once a node has stored the write
    std::uint32_t session = 0;
    TimeNs started_ns = 0;
    TimeNs finished_ns = 0;  // the time of the answer
    // What became of it so far. A write may have given way at one node and still be held by another one.
    std::vector<NodeId> held_by;  // nodes whose disks have held it at some time, as an object or as a hint; ascending
    WriteTag gave_way_to = 0;     // last-write-wins preferred this write, whose writer had not seen it; 0: none
    NodeId gave_way_at = kNoNode;
    TimeNs gave_way_ns = -1;
    std::string lost;     // how the last durable copy of it, and of what had seen it, was destroyed; empty: it was not
    bool reaped = false;  // a replica has forgotten its tombstone
    std::vector<WriteTag> seen;  // the last writes that its writer had seen; they stand for all before them
  };
  std::vector<WriteView> history_of(const Key& key) const;

  // What has happened to acknowledged writes since the last call: at most kSetbacksMax.
  static constexpr std::size_t kSetbacksMax = 256;
  bool has_setbacks() const noexcept;
  std::vector<Setback> take_setbacks();

  using Counters = JudgeCounters;
  const Counters& counters() const noexcept;
  // The memory that a copy needs; an estimate.
  std::uint64_t copy_bytes() const noexcept;

 private:
  struct State;
  // Owns the state. A copy of the oracle makes a deep copy of it.
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

  StateOwner owner_;       // empty: nothing is judged
  WriteTag last_tag_ = 0;  // used when owner_ is empty
};

}  // namespace dkv::sim
