#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ports/disk.h"
#include "engine/storage/entry.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/record.h"
#include "engine/storage/store_options.h"

namespace dkv {

// Numbers the disk requests of one store.
class DiskDesk {
 public:
  template <typename What>
  DiskTicket ask(What what, std::vector<DiskRequest>& out) {
    out.push_back({++last_, std::move(what)});
    return last_;
  }

 private:
  DiskTicket last_ = 0;
};

// The segments of a store, and the end of its log. Records go into a buffer. The buffer is written in one piece while
// the next one fills (group commit). When a segment is full, the log continues in a new one; empty ones are kept in
// reserve.
class Log {
 public:
  struct Segment {
    enum class State : std::uint8_t {
      kSpare,    // created and empty
      kActive,   // the end of the log
      kClosing,  // full; its last bytes are not durable yet
      kSealed,   // full and durable
    };
    State state = State::kSpare;
    bool snapshot = false;
    bool unsnappable = false;  // a snapshot was tried and failed
    bool doomed = false;       // a merge is emptying it
    std::uint64_t bytes = 0;   // appended, including buffered bytes
    std::uint64_t live_bytes = 0;
  };
  using Segments = std::map<std::uint32_t, Segment>;

  explicit Log(const StoreOptions& options);

  // --- Recovery.
  // Adopts a segment of an earlier life: a sealed one, or an empty one for new records.
  void adopt(std::uint32_t number, std::uint64_t bytes, bool snapshot);
  // From here on records can be appended. Numbers of new segments come after `last`.
  void open(std::uint32_t last);

  // --- Appending.
  // Ids ascend by one. state: as in write_head(). body: with its checksums.
  RecordPlace append(const record::Name& name, bool erased, std::string_view state, std::string_view body);
  // The write that takes the buffered records will be synced under any policy.
  void sync_next() noexcept { sync_next_ = true; }
  AppendId last_append() const noexcept { return last_append_; }
  AppendId durable() const noexcept { return durable_; }
  // Issues the buffered records. They wait while a write is under way, or for more appends: see GroupCommit.
  void flush(DiskDesk& desk, std::vector<DiskRequest>& out);
  // From here on, writes may wait for more appends. A start has no clients whose appends it could wait for.
  void begin_group_commits() noexcept { groups_commits_ = true; }
  // Sets the time, on any clock that never goes back. Without this call, no write waits for more appends.
  void at(TimeNs now_ns) noexcept { now_ns_ = now_ns; }
  // The latest time at which flush() must be called again, because buffered records wait; 0: none wait.
  TimeNs held_until_ns() const noexcept { return held() ? group_commit_.hold_until_ns() : 0; }
  bool idle() const noexcept { return flights_.empty() && buffer_.empty(); }
  // True while a full segment is not durable.
  bool closing() const noexcept;

  // Whether a client's record of `bytes` bytes finds room.
  Room room(std::uint64_t bytes) const noexcept;
  // Whether a tombstone or an erasure finds room, in the space that is kept for these.
  Room room_for_removal() const noexcept;
  bool full() const noexcept { return full_; }
  // True when the log can continue in another segment without asking the disk for space.
  bool has_spare() const noexcept { return !spares_.empty(); }
  // True while the disk is asked for another segment.
  bool creating() const noexcept { return create_ticket_ != 0; }
  // True after the disk had no room for the next records. They stay buffered, and retry() writes them again.
  bool stuck() const noexcept { return full_ && !flights_.empty() && flights_.front().ticket == 0; }
  // Repeats the requests that a full disk refused.
  void retry(DiskDesk& desk, std::vector<DiskRequest>& out);

  // The bytes, if the disk has not received them yet; otherwise nothing.
  std::optional<std::string_view> in_memory(std::uint32_t segment, std::uint64_t offset, std::uint64_t bytes) const;

  // --- The disk.
  // True when the ticket belonged to the log.
  bool handle(const DiskDone& done, DiskDesk& desk, std::vector<DiskRequest>& out);
  // Retries what a full disk has refused. Syncs under SyncPolicy::kInterval.
  void tick(TimeNs now_ns, DiskDesk& desk, std::vector<DiskRequest>& out);
  // Not empty after a failed append or sync, or when a segment could not be created.
  const std::string& failure() const noexcept { return failure_; }

  Segments& segments() noexcept { return segments_; }
  const Segments& segments() const noexcept { return segments_; }
  std::uint32_t active() const noexcept { return active_; }
  void remove(std::uint32_t segment);
  std::uint64_t flushes() const noexcept { return flushes_; }

 private:
  struct Flight {
    std::uint32_t segment = 0;
    std::uint64_t offset = 0;
    Blob bytes;
    AppendId upto = 0;
    bool last = false;      // the last one of its segment
    DiskTicket ticket = 0;  // 0: not issued
    bool sync_only = false;
    bool sync = false;  // synced under any policy
  };
  // On a full disk the log goes on until this number of spares is left, and its active segment is full.
  Room room(std::uint64_t bytes, std::size_t kept_spares, std::uint64_t waiting_max) const noexcept;
  void start_segment(std::uint32_t number);
  std::uint32_t take_spare();
  void close_active();
  void sync_closed(std::uint32_t segment, DiskDesk& desk, std::vector<DiskRequest>& out);
  bool held() const noexcept;
  void take_off(bool last);
  bool all_synced_by_then() const noexcept;
  void pump(DiskDesk& desk, std::vector<DiskRequest>& out);
  void landed(const DiskDone& done, DiskDesk& desk, std::vector<DiskRequest>& out);
  void keep_spares(DiskDesk& desk, std::vector<DiskRequest>& out);

  StoreOptions options_;
  Segments segments_;
  std::uint32_t active_ = 0;
  std::uint32_t last_number_ = 0;
  std::deque<std::uint32_t> spares_;  // created and empty, ascending
  std::string buffer_;                // the end of the active segment
  std::deque<Flight> flights_;
  std::uint64_t flying_bytes_ = 0;  // of flights_
  DiskTicket create_ticket_ = 0;
  std::uint32_t creating_ = 0;
  DiskTicket interval_sync_ticket_ = 0;
  std::map<DiskTicket, std::uint32_t> closing_;  // syncs of full segments, beside the writes: not under kAlways
  bool unsynced_ = false;                        // some bytes await the next sync under kInterval
  TimeNs next_sync_ns_ = 0;
  bool full_ = false;
  bool sync_next_ = false;
  AppendId last_append_ = 0;
  AppendId durable_ = 0;
  std::uint64_t flushes_ = 0;
  bool groups_commits_ = false;
  GroupCommit group_commit_;
  TimeNs now_ns_ = 0;
  std::string failure_;
};

}  // namespace dkv
