#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/types.h"
#include "engine/ports/disk.h"
#include "sim/disk/disk_bytes.h"
#include "sim/kernel/rng.h"

namespace dkv::sim {

inline constexpr std::uint64_t kSectorBytes = 512;  // written whole or not at all

// The kind of work that a request causes. The world draws its duration.
enum class DiskWork : std::uint8_t {
  kMetadata,  // create, remove, list, and requests that are refused at once
  kAppend,    // into the page cache
  kSync,      // writes out the bytes of the file that are not durable yet
  kRead,
};

struct DiskDamage {
  enum class Kind : std::uint8_t {
    kRot,          // bits flipped
    kOverwritten,  // by a write that belonged to another place
    kUnwritten,    // the place where that write belonged: zeros
    kLostBySync,   // readable, but a failed sync marked the bytes clean: a power loss may take them
  };
  FileName file;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  Kind kind = Kind::kRot;
  friend bool operator==(const DiskDamage&, const DiskDamage&) = default;
};
const char* disk_damage_name(DiskDamage::Kind kind) noexcept;

// The folder behind a node's disk port (engine/ports/disk.h), at the level of bytes: the page cache, its durable
// part, and the ways in which disks fail. A copyable value; a copy shares the bytes and behaves identically.
//
// The world owns the time. It calls begin(), draws the duration of such work, turns that into an end with end_time(),
// and calls finish() at that time, unless a crash has cut the operation off (in_progress()) or the disk is stalled:
//
//   const DiskFolder::Begun begun = folder.begin(std::move(request));
//   schedule(folder.end_time(begun.id, now_ns + draw(begun.work, begun.bytes)), begun.id);
//   ...
//   if (!folder.in_progress(id)) return;
//   if (folder.stalled()) folder.hold(id); else deliver(folder.finish(id));
//   ... when a stall ends: for (id : folder.take_held()) deliver(folder.finish(id));
//
// Changes of one file finish in the order in which they began (asserted). end_time() ensures this, provided that
// events of equal times are delivered in the order in which they were scheduled. Reads and lists finish in any order.
//
// An operation changes the page cache when it begins (a read takes the bytes of that moment), and the disk when it
// finishes. As with a directory that is synced, a create or remove that finishes with kOk also makes all earlier ones
// durable, including changes that a crash cut off. A sync makes the directory entry of its file durable.
class DiskFolder {
 public:
  // Identifies an operation, from 1, and is never used twice. Tickets are not enough: they begin again with each
  // store.
  using OperationId = std::uint64_t;
  struct Begun {
    OperationId id = 0;
    DiskWork work = DiskWork::kMetadata;
    std::uint64_t bytes = 0;      // to be appended, read, or written out
    std::uint64_t end_bytes = 0;  // appends: the size of the file after it
  };

  // Tickets ascend between crashes.
  Begun begin(DiskRequest&& request);
  TimeNs end_time(OperationId id, TimeNs drawn_end_ns);
  // The caller ends all operations in progress by then, in their order. Later ones no longer wait for the times that
  // end_time() gave to those.
  void end_by(TimeNs end_ns);
  bool in_progress(OperationId id) const noexcept {
    return id >= first_id_ && id - first_id_ < operations_.size() && !operations_[id - first_id_].finished;
  }
  DiskDone finish(OperationId id);  // it is in progress, and the disk is not stalled

  // The process has ended: its operations are never answered. The page cache stays.
  void process_crash();
  // The machine lost power: durable bytes stay. Any part of the other bytes of each file may survive: nothing, the
  // first appends, a cut inside an append, zeros from some sector on, some sectors with zeros between them, or
  // everything. Space that was set aside may appear as zeros. An unfinished create or remove may be undone.
  void power_loss(Stream random);
  // Replaces the disk by an empty one. Faults and the ledger of damage stay.
  void wipe();
  // A backup made now: it holds the durable bytes only, and shares them. It knows their damage.
  DiskFolder backup() const;
  // Replaces the files by those of a backup, of this disk or of another one, and takes over the damage that they had.
  // Otherwise like wipe().
  void restore(const DiskFolder& backup);

  // --- Faults with a duration. Those with a flag nest: true adds one, false removes one.
  // Syncs, and appends with sync, are answered with kFailed. Their bytes stay readable and are marked clean, as
  // kernels do: no later sync makes them durable.
  void fail_syncs(bool on);
  // Reads are answered with kFailed at this rate; 0 ends the fault.
  void read_errors(std::uint32_t rate_ppm, Stream random);
  // Limits the space for all bytes that were not set aside before; nothing: no limit. An append that does not fit is
  // answered with kFull and changes nothing. A remove frees its space; a create takes at least one byte.
  void set_free_bytes(std::optional<std::uint64_t> free_bytes);
  std::optional<std::uint64_t> free_bytes() const noexcept { return free_bytes_; }
  // While the disk is stalled nothing finishes. Operations that are due are held, and finish in that order, at once,
  // when the stall ends.
  void stall(bool on);
  bool stalled() const noexcept { return stalls_ > 0; }
  void hold(OperationId id);
  std::vector<OperationId> take_held();  // only those still in progress

  // --- Faults that strike once, at a durable place. Each byte, or sector, of the folder is equally likely. Reads
  // that begin later see the damage, as if the page had left the cache. The result is empty when there is no such
  // place.
  // Flips one to eight bits within at most 64 bytes.
  std::optional<DiskDamage> rot(Stream random);
  // The bytes of a sector were written over another place, and zeros stayed in their own place.
  struct Misdirected {
    DiskDamage unwritten;
    DiskDamage overwritten;
  };
  std::optional<Misdirected> misdirect(Stream random);

  // --- For oracles and tests.
  // All damage so far, including that to files which are gone by now. The list only grows; its last entry may still
  // become longer.
  const std::vector<DiskDamage>& damages() const noexcept { return damages_; }
  // True when durable bytes differ from the bytes that were written. Bytes that a failed sync left in the page cache
  // were never durable.
  bool ever_damaged() const noexcept;
  // True when reads of one place have failed kReadTries times, so that a store may give it up, even if some reads in
  // between succeeded.
  bool ever_unreadable() const noexcept { return ever_unreadable_; }
  std::vector<DiskDone::File> files() const;  // ascending by name
  // The size of the file's prefix that a power loss now would certainly keep. 0 when the file does not exist.
  std::uint64_t durable_bytes(FileName file) const;
  // The bytes that a read without faults would return. Nothing when the file does not exist.
  std::optional<Blob> peek(FileName file, std::uint64_t offset, std::uint64_t bytes) const;
  std::uint64_t total_bytes() const;     // without space that was set aside
  std::uint64_t unsynced_bytes() const;  // bytes that a power loss may take
  std::size_t operations_in_progress() const noexcept;
  // The memory that a copy needs. It shares the bytes of files. An estimate.
  std::uint64_t copy_bytes() const noexcept;

 private:
  struct File {
    FileName name;
    OperationId created_by = 0;  // distinguishes files of the same name
    DiskBytes bytes;
    std::uint64_t settled_bytes = 0;  // the bytes before it are durable, except `lost`; the bytes after it are not
    std::vector<DiskRange> lost;      // marked clean by failed syncs and not durable; ascending, not overlapping
    std::uint64_t reserved_bytes = 0;
    bool entry_durable = false;
    OperationId removed_by = 0;
    bool removal_durable = false;
    std::uint64_t begun = 0;     // the number of changes that have begun
    std::uint64_t finished = 0;  // the number of them that have finished; they finish in order
    TimeNs latest_end_ns = 0;

    std::uint64_t space_bytes() const noexcept { return std::max(bytes.size(), reserved_bytes); }
    std::uint64_t durable_bytes() const noexcept;
    // The offset from which a power loss may take the end of the file.
    std::uint64_t tail_begin() const noexcept;
  };
  enum class Kind : std::uint8_t { kCreate, kAppend, kSync, kRead, kRemove, kList };
  struct Operation {
    DiskTicket ticket = 0;
    FileName file;
    OperationId created_by = 0;    // of the file; 0 when the operation is about no file
    std::uint64_t change = 0;      // its number among the changes of the file, from 1; 0: it changes nothing
    std::uint64_t upto_bytes = 0;  // of a sync: the bytes before it become durable
    Blob bytes;
    Kind kind = Kind::kList;
    DiskStatus status = DiskStatus::kOk;
    bool sync = false;
    bool finished = false;
  };

  Operation& operation(OperationId id);
  std::size_t position(FileName name) const;  // in files_, also for a file that does not exist
  File* find(FileName name);
  const File* find(FileName name) const;
  File& file_of(const Operation& operation);
  static void join(Operation& operation, File& file);

  Begun begin_create(const DiskCreate& create, Operation& operation);
  Begun begin_append(DiskAppend&& append, Operation& operation);
  Begun begin_sync(const DiskSync& sync, Operation& operation);
  Begun begin_read(const DiskRead& read, Operation& operation);
  Begun begin_remove(const DiskRemove& remove, Operation& operation);

  bool has_space(std::uint64_t bytes) const noexcept { return !free_bytes_ || bytes <= *free_bytes_; }
  void take_space(std::uint64_t bytes);
  void give_space(std::uint64_t bytes);
  void end_sync(Operation& operation, File& file);
  void settle_directory(OperationId upto);
  void forget_removed();
  void drop_operations();

  std::uint64_t used_space_bytes() const;
  void draw_entries(Stream& random);
  static void draw_contents(File& file, Stream& random);

  struct Place {
    File* file = nullptr;
    DiskRange range;
  };
  std::uint64_t durable_sectors() const;
  Place durable_byte(std::uint64_t index);    // reaches to the end of the durable bytes of its file
  Place durable_sector(std::uint64_t index);  // the last sector of a file may be short
  void record(const DiskDamage& damage);

  std::vector<File> files_;    // by name; the entries that the directory shows
  std::vector<File> removed_;  // in the order of removal; a power loss may bring them back
  std::deque<Operation> operations_;
  OperationId first_id_ = 1;  // of the front of operations_
  DiskTicket last_ticket_ = 0;
  std::vector<OperationId> held_;

  std::uint32_t failing_syncs_ = 0;
  std::uint32_t stalls_ = 0;
  std::uint32_t read_error_ppm_ = 0;
  Stream read_error_stream_;
  std::map<std::pair<FileName, std::uint64_t>, std::uint32_t> failed_reads_;  // count by place
  bool ever_unreadable_ = false;
  std::optional<std::uint64_t> free_bytes_;
  std::vector<DiskDamage> damages_;
};

}  // namespace dkv::sim
