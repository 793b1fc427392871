#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/ports/disk.h"
#include "engine/storage/backend.h"
#include "engine/storage/dictionary_plan.h"
#include "engine/storage/index.h"
#include "engine/storage/log.h"
#include "engine/storage/segment_scan.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/store_options.h"
#include "engine/storage/value_cache.h"
#include "engine/storage/value_codec.h"

namespace dkv {

// A log-structured store after Bitcask (Sheehy and Smith, 2010): append-only segments, and an index in memory of
// every key with its clock. So a write never reads, and a read needs one access to the disk. It is a pure state
// machine over engine/ports/disk.h. Copyable; not thread-safe.
//
// The order of the log is the order of events: a later record of a name replaces an earlier one. A merge appends the
// live records of a segment to the end of the log and removes the segment, so that the rule holds through merges, too.
// A record repeats only the values that are new; the others stay where they are.
class LogStore {
 public:
  // options must pass their check().
  explicit LogStore(const StoreOptions& options);
  // Defined in the .cpp: the copy constructor is slow to compile.
  LogStore(const LogStore&);
  LogStore(LogStore&&) noexcept;
  LogStore& operator=(LogStore&&) noexcept;
  ~LogStore();

  static StorageTraits traits(const StoreOptions& options) noexcept;

  // The first call: reads the folder. Answered with StoreRecovered, or with StoreFailed when the folder has a newer
  // format or cannot be read.
  void start(StoreOut out);
  void handle(DiskDone&& done, StoreOut out);
  // Called about once a second. Retries requests that a full disk refused, and begins merges.
  void tick(TimeNs now_ns, StoreOut out);
  // Hands the appends since the last call to the disk. Call it at the end of each turn.
  void flush(StoreOut out);
  // See Log::at() and Log::held_until_ns().
  void at(TimeNs now_ns) noexcept { log_.at(now_ns); }
  TimeNs held_until_ns() const noexcept { return log_.held_until_ns(); }

  enum class Phase : std::uint8_t { kNew, kRecovering, kOpen, kFailed };
  Phase phase() const noexcept { return phase_; }
  bool open() const noexcept { return phase_ == Phase::kOpen; }

  // --- From StoreRecovered on.
  // Null when the key is unknown or lost here. Its values may be cold.
  ObjectPtr find(const Key& key) const;
  // Like find(), but does not count as a use of the cache.
  ObjectPtr peek(const Key& key) const;
  // Puts a record of any key space except kDictionaries.
  AppendId put(const Record& record);
  // object: each value is resident, or cold and stored under the same dot. Ids ascend.
  AppendId put(const Key& key, const ObjectPtr& object);
  // Equal to a put of each in turn. It is faster, because it fetches the index's memory for the next ones meanwhile.
  AppendId put_all(std::span<const ObjectPut> puts);
  AppendId put_hint(NodeId owner, const Key& key, const ObjectPtr& object, TimeNs created_wall_ns);
  // Synced under any policy before it counts as durable. If a power loss took an epoch, it would be begun a second
  // time: its dots would name new writes, while other nodes know them as old ones.
  AppendId put_identity(const Identity& identity);
  AppendId erase_object(const Key& key) { return erase({KeySpace::kObjects, kNoNode, key}); }
  AppendId erase_hint(NodeId owner, const Key& key) { return erase({KeySpace::kHints, owner, key}); }
  AppendId last_append() const noexcept { return log_.last_append(); }
  // See Storage::room().
  Room room(std::uint64_t value_bytes) const noexcept {
    return value_bytes == 0 ? log_.room_for_removal() : log_.room(value_bytes + record::kHeadBytesMin);
  }
  bool accepts(std::uint64_t value_bytes) const noexcept { return room(value_bytes) == Room::kEnough; }

  StoreFetch fetch(const Key& key, StoreOut out) { return fetch({KeySpace::kObjects, kNoNode, key}, out); }
  StoreFetch fetch_hint(NodeId owner, const Key& key, StoreOut out) {
    return fetch({KeySpace::kHints, owner, key}, out);
  }

  const MerkleTree& tree(PartitionId partition) const { return index_.tree(partition); }
  // See Index::keys().
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const {
    return index_.keys(partition, leaf_mask);
  }
  std::vector<HintName> hints() const;
  // Null when there is none. Its values are cold.
  ObjectPtr find_hint(NodeId owner, const Key& key) const;
  std::vector<Key> object_keys() const;  // ascending
  std::uint64_t object_count() const noexcept { return index_.object_count(); }
  std::optional<Identity> identity() const;

  StoreStats stats() const;
  const StoreOptions& options() const noexcept { return options_; }

 private:
  struct Fetching {
    record::Name name;
    EntryPtr entry;
    StoredState state;
    boost::container::small_vector<Blob, 2> values;  // by version; empty until it is read
    std::uint32_t reads_left = 0;
    bool damaged = false;
  };
  struct ValueRead {
    FetchId fetch = 0;
    std::uint32_t version = 0;
    std::uint32_t failures = 0;
  };
  struct Recovery {
    std::vector<DiskDone::File> segments;   // not yet read, last one first
    std::vector<DiskDone::File> snapshots;  // ascending
    std::vector<std::uint32_t> unsealed;    // moved into a new segment before anything is acknowledged
    SegmentScan scan;
    SnapshotScan snapshot;
    bool listed = false;
    bool from_snapshot = false;
    std::uint32_t last_segment = 0;
    // Objects whose latest record so far is incomplete: its place, and its clock.
    struct Incomplete {
      std::uint32_t segment = 0;
      std::uint64_t offset = 0;
      VersionVector seen;
    };
    std::map<Key, Incomplete> incomplete;
    struct BrokenBody {
      std::uint64_t record_offset = 0;
      std::uint64_t bytes = 0;  // of values
    };
    std::vector<BrokenBody> broken_bodies;  // in the segment that is being read
    std::vector<std::pair<TimeNs, Key>> expiring;
    RecoveryReport report;
  };
  struct Merge {
    std::uint32_t victim = 0;
    SegmentScan scan;  // of the victim; done at once when a start has emptied it
    DiskTicket ticket = 0;
    AppendId wait_for = 0;  // the records moved so far are durable once this append is
    bool synced = false;
    bool removing = false;  // at a start: `ticket` removes the victim
  };
  struct Evacuated {
    std::uint32_t segment = 0;
    AppendId wait_for = 0;
  };
  struct Dictionary {
    std::uint32_t id = 0;
    std::uint32_t number = 0;  // ascends; 0: none
    std::uint32_t saved_percent = 0;
  };
  struct AwaitedDictionary {
    AppendId durable_with = 0;
    DiskTicket sync_ticket = 0;
    bool synced = false;
  };

  // log_store.cpp
  AppendId put(const record::Name& name, const ObjectPtr& object, TimeNs created_wall_ns);
  void prefetch(const ObjectPut& put, std::size_t step) const;
  AppendId erase(const record::Name& name);
  // Appends the state, with the values marked `here` in body, and puts it into the index.
  void append_state(const record::Name& name, StoredState& state, const StoredState* before, const EntryPtr& old,
                    std::string_view body, const ObjectPtr& object = {});
  // Sets the index and updates the counts of live bytes. after: null for an erased entry. before: at least the
  // versions of `old`. object: the object of `after`, if the caller has it. A record that only moved does not change
  // the tree.
  enum class Change : std::uint8_t { kState, kPlace };
  void enter(const record::Name& name, const RecordPlace& place, const StoredState* after, const StoredState* before,
             const EntryPtr& old, std::string_view erased_state, Change change = Change::kState,
             const ObjectPtr& object = {});
  void update_tree(const Key& key, const StoredState* after, const EntryPtr& old, const ObjectPtr& object);
  void count_live(std::uint32_t segment, std::int64_t bytes);
  void append_keyless(const record::Name& name, std::string_view state);
  void fail(std::string what, StoreOut out);
  void tell_durable(StoreOut out);

  // fetch.cpp
  StoreFetch fetch(const record::Name& name, StoreOut out);
  void ask_value(const ValueRead& read, const ValuePlace& place, StoreOut out);
  void value_read(const ValueRead& read, DiskDone& done, StoreOut out);
  bool take_value(Fetching& fetching, std::size_t version, std::string_view bytes);
  ObjectPtr state_of(const Key& key) const;  // without the cache
  ObjectPtr finish_fetch(Fetching& fetching, StoreOut out);
  // Removes the versions whose places are lost from the index.
  void forget_lost(const record::Name& name, const EntryPtr& entry, StoredState state, StoreOut out);

  // recovery.cpp
  void listed(DiskDone& done, StoreOut out);
  void next_segment(StoreOut out);
  void read_on(StoreOut out);
  void recovered_bytes(DiskDone& done, StoreOut out);
  void recover_snapshot(std::string_view window);
  void scanned(StoreOut out);
  // body: empty when it was not read (from a snapshot, whose segment is durable).
  void recover(const record::Head& head, const RecordPlace& place, std::string_view body);
  static bool is_whole(const record::Name& name, const StoredState::Version& version, std::string_view body,
                       std::uint32_t body_offset);
  void open(StoreOut out);
  void finish_recovery(StoreOut out);

  // merge.cpp
  bool worth_merging(const Log::Segment& segment) const noexcept;
  std::uint32_t merge_window() const noexcept;
  void begin_merge(std::uint32_t victim, StoreOut out);
  void choose_victim(StoreOut out);
  void go_on_merging(StoreOut out);
  bool moved_durably(StoreOut out);
  void go_on_evacuating(StoreOut out);
  void end_evacuation(StoreOut out);
  void merge_bytes(DiskDone& done, StoreOut out);
  void end_merge(StoreOut out);
  void move(const SegmentScan::Found& found, StoreOut out);
  void rewrite(const record::Name& name, std::uint32_t victim, std::string_view body, std::uint32_t body_offset,
               StoreOut out);
  void lose_unmoved(std::uint32_t victim, StoreOut out);
  bool may_forget(const EntryPtr& entry, std::uint32_t victim) const;
  void forget(const record::Name& name, const EntryPtr& entry);

  // dictionaries.cpp
  void train_dictionary(StoreOut out);
  bool recover_dictionary(std::uint32_t id, std::string_view state);
  void begin_dictionaries(StoreOut out);
  void await_dictionary(StoreOut out);
  void use_dictionary(StoreOut out);
  void dictionary_synced(const DiskDone& done, StoreOut out);

  // snapshotting.cpp
  void snapshot_bytes(DiskDone& done, StoreOut out);
  std::uint32_t next_unsnapped() const noexcept;
  void go_on_snapshotting(StoreOut out);
  void abandon_snapshot(StoreOut out);

  StoreOptions options_;
  Phase phase_ = Phase::kNew;
  DiskDesk desk_;
  Index index_;
  Log log_;
  mutable ValueCache cache_;
  ValueCodecs codecs_;
  DictionaryPlan plan_;
  Dictionary last_dictionary_;                // in the log, or being appended
  std::optional<AwaitedDictionary> awaited_;  // until it is durable and packs
  std::map<FetchId, Fetching> fetches_;
  std::map<DiskTicket, ValueRead> value_reads_;
  FetchId last_fetch_ = 0;
  DiskTicket recovery_ticket_ = 0;
  std::optional<Recovery> recovery_;
  std::optional<Merge> merge_;
  std::vector<std::uint32_t> evacuate_;  // at a start: unsealed segments that are not emptied yet, last one first
  std::vector<Evacuated> evacuated_;     // emptied by the start and not yet removed, last one first
  std::optional<SnapshotWriter> snapshot_;
  AppendId told_durable_ = 0;
  std::string scratch_state_;  // work space, like the next one
  std::string scratch_body_;
  StoreStats stats_;
};

}  // namespace dkv
