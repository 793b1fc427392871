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

// What a request costs; how long that takes is the world's to draw.
enum class DiskWork : std::uint8_t {
  kMetadata,  // create, remove, list, and whatever was refused at once
  kAppend,    // into the page cache
  kSync,      // writes out the file's bytes that are not durable yet
  kRead,
};

struct DiskDamage {
  enum class Kind : std::uint8_t {
    kRot,          // bits flipped
    kOverwritten,  // by a write that belonged elsewhere
    kUnwritten,    // where that write belonged: zeros
    kLostBySync,   // readable, but a sync failed and marked the bytes clean: a power loss may take them
  };
  FileName file;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  Kind kind = Kind::kRot;
  friend bool operator==(const DiskDamage&, const DiskDamage&) = default;
};
const char* disk_damage_name(DiskDamage::Kind kind) noexcept;

// The folder behind a node's disk port (engine/ports/disk.h), at the level of bytes: the page cache, what of it is
// durable, and the ways in which disks fail. A copyable value; a copy shares the bytes and goes on in the same way.
//
// Time belongs to the world. It calls begin(), draws how long such work takes, makes that an end with end_time(), and
// at that time calls finish(), unless a crash has cut the operation off (in_progress()) or the disk is stalled:
//
//   const DiskFolder::Begun begun = folder.begin(std::move(request));
//   schedule(folder.end_time(begun.id, now_ns + draw(begun.work, begun.bytes)), begun.id);
//   ...
//   if (!folder.in_progress(id)) return;
//   if (folder.stalled()) folder.hold(id); else deliver(folder.finish(id));
//   ... when a stall ends: for (id : folder.take_held()) deliver(folder.finish(id));
//
// What changes one file finishes in the order in which it began (asserted): end_time() sees to it when events of one
// time come in the order in which they were scheduled. Reads and lists end when they like.
//
// The page cache changes when an operation begins (reads take the bytes of that moment), the disk when it finishes. As
// with a directory that is synced, a create or remove that finishes with kOk makes those that began before it durable,
// also those that a crash cut off; a sync makes its file's own entry durable.
class DiskFolder {
 public:
  // The folder's own name for an operation: from 1, never used twice, whereas tickets start anew with each store.
  using OperationId = std::uint64_t;
  struct Begun {
    OperationId id = 0;
    DiskWork work = DiskWork::kMetadata;
    std::uint64_t bytes = 0;      // appended, read, or to be written out
    std::uint64_t end_bytes = 0;  // appends: the file's size with it
  };

  // Tickets ascend between crashes.
  Begun begin(DiskRequest&& request);
  TimeNs end_time(OperationId id, TimeNs drawn_end_ns);
  bool in_progress(OperationId id) const noexcept {
    return id >= first_id_ && id - first_id_ < operations_.size() && !operations_[id - first_id_].finished;
  }
  DiskDone finish(OperationId id);  // in progress, and the disk not stalled

  // The process ended: its operations are never answered; the page cache stays.
  void process_crash();
  // The machine lost power: durable bytes stay. Of each file any part of the others may survive: nothing, the first
  // appends, a cut inside an append, zeros from a sector on, some sectors with zeros between them, or everything; space
  // that was set aside may count as zeros. An unfinished create may be undone, and an unfinished remove.
  void power_loss(Stream random);
  // An empty disk in place of this one. Faults and the ledger of damages stay.
  void wipe();
  // What a backup holds that was made now: the durable bytes, and nothing else. It shares them.
  DiskFolder backup() const;
  // The files of a backup, of this disk or of another one, in place of those that are here. Else like wipe().
  void restore(const DiskFolder& backup);

  // --- Faults that last. Those with a flag nest: true adds one, false takes one away.
  // Syncs and appends with sync answer kFailed. Their bytes stay readable and are marked clean, as kernels do: no later
  // sync makes them durable.
  void fail_syncs(bool on);
  // Reads answer kFailed at this rate; 0 ends it.
  void read_errors(std::uint32_t rate_ppm, Stream random);
  // Space left for all that was not set aside before; nothing: without limit. An append that doesn't fit answers kFull
  // and leaves nothing. What is removed gives its space back; a create takes at least a byte.
  void set_free_bytes(std::optional<std::uint64_t> free_bytes);
  std::optional<std::uint64_t> free_bytes() const noexcept { return free_bytes_; }
  // While stalled nothing finishes: what is due is held, and finishes in that order, at once, when the stall ends.
  void stall(bool on);
  bool stalled() const noexcept { return stalls_ > 0; }
  void hold(OperationId id);
  std::vector<OperationId> take_held();  // those still in progress

  // --- Faults that strike once, at a durable place: each byte, or sector, of the folder is as likely as any other.
  // Reads that begin later see the damage, as if the page had left the cache. Nothing when there is no such place.
  // Flips one to eight bits within at most 64 bytes.
  std::optional<DiskDamage> rot(Stream random);
  // A sector's bytes went over another place, and zeros stayed where they belonged.
  struct Misdirected {
    DiskDamage unwritten;
    DiskDamage overwritten;
  };
  std::optional<Misdirected> misdirect(Stream random);

  // --- For oracles and tests.
  // All damage ever done, also to files that are gone by now. Grows only; the last one may still become longer.
  const std::vector<DiskDamage>& damages() const noexcept { return damages_; }
  // True when durable bytes are not what was written. What a failed sync left in the page cache never was durable.
  bool ever_damaged() const noexcept;
  // True when one place has failed to be read so often that a store may take it for lost (kReadTries), also when other
  // readers of it had luck between.
  bool ever_unreadable() const noexcept { return ever_unreadable_; }
  std::vector<DiskDone::File> files() const;  // ascending by name
  // How many of the file's first bytes a power loss now would certainly keep. 0 without the file.
  std::uint64_t durable_bytes(FileName file) const;
  // As a read would see it, without faults. Nothing without the file.
  std::optional<Blob> peek(FileName file, std::uint64_t offset, std::uint64_t bytes) const;
  std::uint64_t total_bytes() const;     // space that was set aside does not count
  std::uint64_t unsynced_bytes() const;  // those that a power loss may take
  std::size_t operations_in_progress() const noexcept;
  // What a copy takes in memory, which shares the files' bytes; an estimate.
  std::uint64_t copy_bytes() const noexcept;

 private:
  struct File {
    FileName name;
    OperationId created_by = 0;  // tells files of one name apart
    DiskBytes bytes;
    std::uint64_t settled_bytes = 0;  // before it all is durable, except what is lost; behind it nothing is
    std::vector<DiskRange> lost;      // ascending, apart: marked clean by failed syncs, not durable
    std::uint64_t reserved_bytes = 0;
    bool entry_durable = false;
    OperationId removed_by = 0;
    bool removal_durable = false;
    std::uint64_t begun = 0;     // changes
    std::uint64_t finished = 0;  // the first so many of them
    TimeNs latest_end_ns = 0;

    std::uint64_t space_bytes() const noexcept { return std::max(bytes.size(), reserved_bytes); }
    std::uint64_t durable_bytes() const noexcept;
    // Where what may yet vanish with the file's end begins.
    std::uint64_t tail_begin() const noexcept;
  };
  enum class Kind : std::uint8_t { kCreate, kAppend, kSync, kRead, kRemove, kList };
  struct Operation {
    DiskTicket ticket = 0;
    FileName file;
    OperationId created_by = 0;    // of the file; 0 when the operation concerns none
    std::uint64_t change = 0;      // its place among the file's changes, from 1; 0: changes nothing
    std::uint64_t upto_bytes = 0;  // what a sync covers
    Blob bytes;
    Kind kind = Kind::kList;
    DiskStatus status = DiskStatus::kOk;
    bool sync = false;
    bool finished = false;
  };

  Operation& operation(OperationId id);
  std::size_t position(FileName name) const;  // in files_, also of one that is not there
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
  Place durable_byte(std::uint64_t index);    // to the end of what is durable of its file
  Place durable_sector(std::uint64_t index);  // the last one of a file may be short
  void record(const DiskDamage& damage);

  std::vector<File> files_;    // by name; what the directory shows
  std::vector<File> removed_;  // in the order of removal: may still come back
  std::deque<Operation> operations_;
  OperationId first_id_ = 1;  // of the front
  DiskTicket last_ticket_ = 0;
  std::vector<OperationId> held_;

  std::uint32_t failing_syncs_ = 0;
  std::uint32_t stalls_ = 0;
  std::uint32_t read_error_ppm_ = 0;
  Stream read_error_stream_;
  std::map<std::pair<FileName, std::uint64_t>, std::uint32_t> failed_reads_;  // how often, by place
  bool ever_unreadable_ = false;
  std::optional<std::uint64_t> free_bytes_;
  std::vector<DiskDamage> damages_;
};

}  // namespace dkv::sim
