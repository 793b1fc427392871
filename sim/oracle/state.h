#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/node/config.h"
#include "sim/oracle/causal_history.h"
#include "sim/oracle/disks.h"
#include "sim/oracle/findings.h"
#include "sim/oracle/oracle.h"
#include "sim/oracle/writes.h"

namespace dkv::sim {

// The whole state of the oracle. The code is split into files by invariant:
// versions.cpp (I1, I2, I4 as records appear), acknowledgements.cpp (I5), reads.cpp (I6), hint_ledger.cpp (I8),
// expiry.cpp (I11), progress.cpp (I12), setbacks.cpp (what observers are told at once), reaping.cpp (I4 where
// tombstones are forgotten), losses.cpp (excuses), judge.cpp and final_state.cpp (I1, I3, I4, I8 at the end).
struct Oracle::State {
  static constexpr std::uint32_t kNoKey = std::numeric_limits<std::uint32_t>::max();

  struct PerKey {
    Key key;                              // empty: no client has asked for it yet
    std::uint32_t last_write = 0;         // tag; Write::previous leads to the others
    std::vector<std::uint32_t> frontier;  // acknowledged writes that no other acknowledged write had seen
    TimeNs latest_start_ns = -1;          // of the acknowledged writes
    std::uint32_t latest_primary = 0;     // last-write-wins: the winner of the acknowledged writes with a primary need
    std::uint32_t reaped = 0;             // tag of a write with Write::kReaped; under last-write-wins the latest one
    bool lww = false;                     // the policy of its bucket
    bool delete_lost = false;             // an acknowledged delete has gone with its last durable copy
    bool clock_lost = false;              // a disk lost a version, and its node the dots that this had replaced
  };
  struct Read {
    TimeNs started_ns = 0;
    TimeNs latest_start_ns = -1;  // of the key, when the read started
    std::uint32_t latest_primary = 0;
    std::uint32_t session = 0;
    std::uint32_t key = 0;
    std::uint8_t primary_need = 0;
  };
  enum class LossCause : std::uint8_t {
    kWiped,
    kHintExpired,
    kWipedAfterHandoff,
    kDamaged,
    kNotSynced,
    kForgotten,
    kReplaced
  };
  struct Loss {
    TimeNs at_ns = 0;
    NodeId node = kNoNode;   // the node with the last durable copy
    NodeId other = kNoNode;  // the node that the hint was for
    LossCause cause = LossCause::kWiped;
  };

  State(const Scenario& scenario, std::shared_ptr<const Placement> placement);

  // --- Names and look-ups.
  Write& write(WriteTag tag) noexcept { return writes[tag - 1]; }
  const Write& write(WriteTag tag) const noexcept { return writes[tag - 1]; }
  bool is_write_of(WriteTag tag, std::uint32_t key) const noexcept {
    return tag >= 1 && tag <= writes.size() && write(tag).key == key;
  }
  void add_key(std::uint32_t index, const Key& key);
  std::uint32_t key_index(const Key& key) const;
  std::uint32_t key_index(const Record& record) const;
  std::string key_name(std::uint32_t key) const { return key_text(keys[key].key); }
  std::string node_name(NodeId node) const;
  std::string describe(WriteTag tag) const;         // "put #12 by session 4 at 1.250s (w=2)"
  std::string list(const ObjectPtr& object) const;  // "#12 #14", "nothing"

  // --- Which write replaces which.
  // Whether a node that holds `by` needs no copy of `tag`: both are the same write, its writer had seen `tag`, or
  // last-write-wins prefers it. Both must be writes of the same key.
  bool covers(WriteTag by, WriteTag tag) const noexcept {
    return history.is_or_contains(by, tag) || (lww && keys[write(tag).key].lww && beats(by, tag));
  }
  // The same for a whole state. Reaped writes need no copy either.
  bool covers(const Object& object, std::uint32_t key, WriteTag tag) const noexcept;
  bool beats(WriteTag by, WriteTag tag) const noexcept {
    return timestamps[tag - 1] != 0 && timestamps[by - 1] >= timestamps[tag - 1];
  }

  // --- versions.cpp
  // Checks a version wherever it is stored. False when it is not a write of this key at all.
  bool inspect(NodeId node, const Sibling& sibling, std::uint32_t key, TimeNs now_ns);
  void inspect_dot(NodeId node, const Sibling& sibling, TimeNs now_ns);
  void appended(NodeId node, const Record& record, TimeNs now_ns);
  void note_giving_way(NodeId node, std::uint32_t key, const ObjectPtr& before, const ObjectPtr& after, TimeNs now_ns);
  void lineage(NodeId node, std::uint32_t key, const Object& before, const Object& after, TimeNs now_ns);
  void compare_versions(NodeId node, std::uint32_t key, const Object& before, const Object& after, TimeNs now_ns);
  void durable(NodeId node, const Record& record, TimeNs now_ns);
  void restarted(NodeId node, std::span<const Record> kept);
  // hint_for: the primary that it holds the object for; kNoNode: its own copy.
  void note_holder(NodeId node, std::uint32_t key, const Object& object, NodeId hint_for);

  // --- reaping.cpp
  // A replica forgets the whole state `before`.
  void reaped(NodeId node, std::uint32_t key, const Object& before, TimeNs now_ns);
  void bury(WriteTag seen_by);
  // A reaped write of the key whose writer had seen this buried one; for the report.
  WriteTag buried_by(std::uint32_t key, WriteTag tag) const;
  void judge_return(NodeId node, std::uint32_t key, const Object& object, TimeNs now_ns);
  // Whether the version came back with a disk that was replaced: no store can forget a tombstone so that it does not
  // return. The first time is told in the result.
  bool put_back(WriteTag tag);

  // --- acknowledgements.cpp
  WriteTag write_started(const WriteStart& start, const Key& key, TimeNs now_ns);
  Seen write_finished(WriteTag tag, const ClientReply* reply, TimeNs now_ns);
  void refused(WriteTag tag, TimeNs now_ns);
  void acknowledged(WriteTag tag);
  void check_copies(WriteTag tag, const ClientReply& reply, TimeNs now_ns);
  // Adds the claims to the finding when fewer disks or places hold the write.
  void count_copies(WriteTag tag, std::uint32_t total_claimed, std::uint32_t primary_claimed, Violation found);

  // --- reads.cpp
  ReadId read_started(const ReadStart& start, const Key& key, TimeNs now_ns);
  Seen read_finished(ReadId id, const ClientReply* reply, TimeNs now_ns);
  void judge_read(const Read& read, TimeNs now_ns);
  void judge_read_lww(const Read& read, TimeNs now_ns);
  bool shows(WriteTag tag) const noexcept;
  void stale(const Read& read, WriteTag missed, TimeNs now_ns);
  void missed(const Read& read, WriteTag tag, TimeNs now_ns);

  // --- setbacks.cpp
  Setback* setback(SetbackKind kind, WriteTag tag, TimeNs now_ns);  // null: observers have enough of them
  void tell_stale(const Read& read, WriteTag missed, TimeNs now_ns);
  void tell_discarded(WriteTag tag, TimeNs now_ns);
  void tell_lost(WriteTag tag, const Loss& loss);
  void tell_returned(const Read& read, const Object& shown, TimeNs now_ns);
  void fill_value(WriteTag tag, const ObjectPtr& object, bool& known, Blob& value) const;

  // --- expiry.cpp
  void judge_expiry(const Read& read, const Sibling& sibling, TimeNs now_ns);

  // --- progress.cpp
  // Whether the answer of an honest client's operation violates I12.
  static bool wrong_answer(const ClientReply& reply, std::uint8_t primary_need) noexcept {
    if (reply.outcome != Outcome::kUnknown) return reply.reason == Reason::kBadRequest;
    return reply.acks.need > 0 && reply.acks.total >= reply.acks.need && reply.acks.primary >= primary_need;
  }
  // what: the operation, in words. tag: of the write; 0 for a read.
  void report_answer(const std::string& what, std::uint32_t key, WriteTag tag, const ClientReply& reply, TimeNs now_ns);

  // --- hint_ledger.cpp
  void hint_durable(NodeId node, const Record& record, std::uint32_t key, TimeNs now_ns);
  void hint_erased(const Disks::HintName& name, Disks::Hint& hint, TimeNs now_ns);
  void hint_delivered(const Disks::HintName& name, const Disks::Hint& hint, TimeNs now_ns);
  void observed(NodeId node, const Observation& observation, TimeNs now_ns);
  void judge_hints(std::span<const Image* const> images, TimeNs now_ns);
  Violation unaccounted_hint(std::span<const Image* const> images) const;

  // --- losses.cpp
  void wiping(NodeId node, TimeNs now_ns, LossCause cause);
  void disk_replaced(NodeId node, std::span<const Record> there, std::span<const Record> unsynced, TimeNs now_ns);
  void note_gone(std::span<const Disks::Gone> gone, const Loss& loss);
  void damaged(NodeId node, const Key& key, const ObjectPtr& object, TimeNs now_ns);
  void hint_damaged(NodeId node, NodeId owner, const Key& key, const ObjectPtr& object, TimeNs now_ns);
  void not_synced(NodeId node, const Record& now, TimeNs lost_ns);
  // The node's disk holds this state, and more may have been durable.
  void take_over(NodeId node, std::uint32_t key, const Record& now, const Loss& loss);
  void clock_lost(const Key& key);
  // The states `gone` have left their disk: notes the writes that now have no durable copy.
  void note_losses(std::uint32_t key, std::span<const ObjectPtr> gone, const Loss& loss);
  void forget_destroyed(std::uint32_t key);
  std::string describe_loss(const Loss& loss) const;

  // --- judge.cpp, final_state.cpp
  bool converged(std::span<const Image* const> images);
  void judge(std::span<const Image* const> images, bool timed_out, TimeNs now_ns);
  void judge_key(std::uint32_t key, std::span<const Image* const> images, TimeNs now_ns);
  void judge_missing(std::uint32_t key, std::span<const WriteTag> finals, TimeNs now_ns);
  void discarded(std::uint32_t key, WriteTag tag);
  void report_missing(std::uint32_t key, WriteTag tag, TimeNs now_ns);
  void judge_siblings(std::uint32_t key, const Object& object, TimeNs now_ns);
  void judge_differing(std::uint32_t key, std::span<const Image* const> images, TimeNs now_ns);

  bool is_lww(const Key& key) const { return config->policy_of(key) == ConflictPolicy::kLastWriteWins; }
  std::shared_ptr<const NodeConfig> config;  // of all nodes
  bool lww = false;                          // some bucket has last-write-wins; each key knows its own policy
  std::vector<std::string> names;            // of the nodes
  Disks disks;
  CausalHistory history;
  ChunkedVector<Write> writes;              // by tag - 1
  ChunkedVector<std::uint64_t> timestamps;  // last-write-wins only: the compared timestamps; 0: not seen yet
  Dots dots;
  std::vector<PerKey> keys;
  boost::unordered_flat_map<Key, std::uint32_t, KeyHash> key_indexes;
  std::vector<Read> reads;  // by id; entries in reads_free are unused
  std::vector<std::uint32_t> reads_free;
  boost::unordered_flat_map<std::uint32_t, Loss> losses;  // by tag; only for look-ups
  struct GivingWay {
    std::uint32_t to = 0;  // tag
    NodeId node = kNoNode;
    TimeNs at_ns = 0;
    ObjectPtr from_state, to_state;  // until observers have been told
  };
  boost::unordered_flat_map<std::uint32_t, GivingWay> giving_way;  // by tag, only for look-ups; the first time of each
  boost::unordered_flat_map<std::uint32_t, TimeNs> lifetimes;      // by tag, only for look-ups: times to live
  struct PutBack {
    NodeId node = kNoNode;
    TimeNs at_ns = 0;
  };
  // By tag: versions on a replaced disk that the disk before it did not hold any more.
  boost::unordered_flat_map<std::uint32_t, PutBack> put_backs;
  bool told_put_back = false;
  TimeNs skew_most_ns = 0;  // the largest skew of any clock so far
  Findings findings;
  std::uint32_t first_differing = 0;  // the key where converged() last found a difference; checked first
  std::vector<WriteTag> answer;       // of the read that is being judged, ascending
  std::vector<WriteTag> stack;        // work space
};

}  // namespace dkv::sim
