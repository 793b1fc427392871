// The start of a store. The index is built from snapshots, and from segments without one. A segment without a
// snapshot may hold bytes that look correct and are not durable (after a crash or a failed sync). So its live records
// are appended to a new segment before anything is acknowledged.
#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/assert.h"
#include "engine/protocol/wire_format.h"
#include "engine/storage/log_store.h"

namespace dkv {
namespace {

// Sizes for a short key, a clock of one actor and a small value. Most entries and records are larger.
constexpr std::uint64_t kSnapshotEntryBytes = 80;
constexpr std::uint64_t kRecordBytes = 160;
constexpr std::uint64_t kExpectedMax = 1u << 27;  // limits the effect of wrong file sizes

// A guess. Tables that need not grow on the way save a start a seventh of its time.
std::uint64_t objects_in(const std::vector<DiskDone::File>& segments, const std::vector<DiskDone::File>& snapshots,
                         std::uint64_t segment_bytes) {
  std::uint64_t all_bytes = 0;
  std::uint64_t snapshot_bytes = 0;
  for (const DiskDone::File& file : segments) all_bytes += file.bytes;
  for (const DiskDone::File& file : snapshots) snapshot_bytes += file.bytes;
  const std::uint64_t unsnapped = segments.size() - std::min(segments.size(), snapshots.size());
  const std::uint64_t unsnapped_bytes = std::min(all_bytes, unsnapped * segment_bytes);
  const std::uint64_t guess = snapshot_bytes / kSnapshotEntryBytes + unsnapped_bytes / kRecordBytes;
  return std::min({guess, all_bytes / record::kHeadBytesMin, kExpectedMax});
}

ValuePlace place_of(const StoredState& state, const Dot& dot) {
  const auto dot_of = [](const StoredState::Version& v) { return v.sibling.dot; };
  const auto held = std::ranges::lower_bound(state.versions, dot, {}, dot_of);
  return held == state.versions.end() || held->sibling.dot != dot ? ValuePlace() : held->place;
}

std::size_t dots(const VersionVector& seen) {
  return seen.entries().size() + seen.isolated().size();
}

}  // namespace

void LogStore::start(StoreOut out) {
  DKV_ASSERT(phase_ == Phase::kNew);
  phase_ = Phase::kRecovering;
  DKV_ASSERT(log_.segments().empty() && index_.object_count() == 0 && !recovery_);
  recovery_.emplace(Recovery{});
  recovery_ticket_ = desk_.ask(DiskList{}, out.disk);
}

void LogStore::listed(DiskDone& done, StoreOut out) {
  if (done.status != DiskStatus::kOk) return fail("the folder can't be listed", out);
  DKV_ASSERT(recovery_->segments.empty() && recovery_->snapshots.empty());
  recovery_->listed = true;
  for (const DiskDone::File& file : done.files) {
    if (file.name.number == 0 || file.name.number > UINT32_MAX) return fail("a file has a number out of range", out);
    recovery_->last_segment = std::max(recovery_->last_segment, static_cast<std::uint32_t>(file.name.number));
    if (file.name.kind == FileKind::kSegment) {
      recovery_->segments.push_back(file);
    } else {
      recovery_->snapshots.push_back(file);
    }
  }
  // Snapshots without a segment: a crash came between the two removals.
  for (const DiskDone::File& file : recovery_->snapshots) {
    const bool held = std::ranges::any_of(recovery_->segments,
                                          [&](const DiskDone::File& s) { return s.name.number == file.name.number; });
    if (!held) desk_.ask(DiskRemove{file.name}, out.disk);
  }
  index_.expect(objects_in(recovery_->segments, recovery_->snapshots, options_.segment_bytes));
  std::ranges::reverse(recovery_->segments);
  next_segment(out);
}

void LogStore::next_segment(StoreOut out) {
  Recovery& recovery = *recovery_;
  while (!recovery.segments.empty()) {
    const DiskDone::File file = recovery.segments.back();
    const auto number = static_cast<std::uint32_t>(file.name.number);
    if (file.bytes > UINT32_MAX) return fail("segment " + std::to_string(number) + " is too long", out);
    if (file.bytes == 0) {
      recovery.segments.pop_back();
      // Later segments have records, so this one was not a spare: it has lost its bytes. New records in it would
      // count as older than they are.
      if (std::ranges::any_of(recovery.segments, [](const DiskDone::File& later) { return later.bytes > 0; })) {
        desk_.ask(DiskRemove{file.name}, out.disk);
      } else {
        log_.adopt(number, 0, false);
      }
      continue;
    }
    ++recovery.report.segments;
    log_.adopt(number, file.bytes, false);
    const auto snapshot = std::ranges::find_if(
        recovery.snapshots, [&](const DiskDone::File& s) { return s.name.number == file.name.number; });
    recovery.from_snapshot = snapshot != recovery.snapshots.end();
    if (recovery.from_snapshot) {
      recovery.snapshot = SnapshotScan(number, file.bytes, snapshot->bytes, options_.scan_bytes);
    } else {
      recovery.scan = SegmentScan(number, file.bytes, options_.scan_bytes);
    }
    return read_on(out);
  }
  open(out);
}

void LogStore::read_on(StoreOut out) {
  DKV_ASSERT(recovery_ticket_ == 0 && !recovery_->segments.empty());
  const FileName name = {recovery_->from_snapshot ? FileKind::kSnapshot : FileKind::kSegment,
                         recovery_->segments.back().name.number};
  const std::uint64_t offset = recovery_->from_snapshot ? recovery_->snapshot.offset() : recovery_->scan.offset();
  const std::uint32_t bytes =
      recovery_->from_snapshot ? recovery_->snapshot.want_bytes() : recovery_->scan.want_bytes();
  recovery_ticket_ = desk_.ask(DiskRead{name, offset, bytes}, out.disk);
}

void LogStore::recovered_bytes(DiskDone& done, StoreOut out) {
  Recovery& recovery = *recovery_;
  const auto number = static_cast<std::uint32_t>(recovery.segments.back().name.number);
  DKV_ASSERT(recovery.from_snapshot || recovery.scan.segment() == number);
  if (recovery.from_snapshot) {
    // The entries of a broken snapshot are correct up to the break. The segment repeats them.
    recover_snapshot(done.status == DiskStatus::kOk ? done.bytes.view() : std::string_view());
    if (!recovery.snapshot.done()) return read_on(out);
    if (recovery.snapshot.complete()) {
      ++recovery.report.snapshots;
      log_.segments().at(number).snapshot = true;
      recovery.segments.pop_back();
      return next_segment(out);
    }
    ++recovery.report.snapshots_damaged;
    recovery.from_snapshot = false;
    recovery.scan = SegmentScan(number, recovery.segments.back().bytes, options_.scan_bytes);
    return read_on(out);
  }
  if (done.status != DiskStatus::kOk) {
    recovery.scan.unreadable();
  } else {
    recovery.scan.feed(done.bytes.view(),
                       [&](const SegmentScan::Found& found) { recover(found.head, found.place, found.body); });
  }
  if (recovery.scan.newer_format()) {
    return fail("segment " + std::to_string(number) + ": " + recovery.scan.header_error(), out);
  }
  if (!recovery.scan.done()) return read_on(out);
  scanned(out);
}

// Entries are applied with a delay of a few, so that the index's memory for them has been fetched by then.
void LogStore::recover_snapshot(std::string_view window) {
  constexpr std::size_t kAhead = 8;
  std::array<std::pair<record::Head, RecordPlace>, kAhead> waiting;
  std::size_t found = 0;
  std::size_t recovered = 0;
  const auto recover_next = [&] {
    const auto& [head, place] = waiting[recovered++ % kAhead];
    recover(head, place, {});
  };
  recovery_->snapshot.feed(window, [&](const record::Head& head, const RecordPlace& place) {
    if (found - recovered == kAhead) recover_next();
    index_.prefetch(head.name.key);
    waiting[found++ % kAhead] = {head, place};
  });
  while (recovered < found) recover_next();
  DKV_ASSERT(recovered == found);
}

void LogStore::scanned(StoreOut out) {
  Recovery& recovery = *recovery_;
  const SegmentScan& scan = recovery.scan;
  DKV_ASSERT(scan.done() && scan.synced_upto() <= scan.offset());
  DKV_ASSERT(recovery.unsealed.empty() || recovery.unsealed.back() < scan.segment());
  recovery.report.damaged_places += scan.damaged_places();
  recovery.report.damaged_bytes += scan.damaged_bytes();
  recovery.report.torn_bytes += scan.torn_bytes();
  for (const Recovery::BrokenBody& broken : recovery.broken_bodies) {
    const bool synced = broken.record_offset < scan.synced_upto();
    recovery.report.damaged_places += synced ? 1 : 0;
    (synced ? recovery.report.damaged_bytes : recovery.report.torn_bytes) += broken.bytes;
  }
  recovery.broken_bodies.clear();
  std::erase_if(recovery.incomplete, [&](const auto& object) {
    return object.second.segment == scan.segment() && object.second.offset >= scan.synced_upto();
  });
  recovery.unsealed.push_back(scan.segment());
  recovery.segments.pop_back();
  next_segment(out);
}

// True when the body holds the value with a matching checksum.
bool LogStore::is_whole(const record::Name& name, const StoredState::Version& version, std::string_view body,
                        std::uint32_t body_offset) {
  const std::uint64_t at = std::uint64_t{version.place.offset} - body_offset;
  if (version.place.offset < body_offset || at + version.place.bytes_on_disk() > body.size()) return false;
  const std::string_view bytes = body.substr(at, version.place.bytes_on_disk());
  return wire::load<std::uint32_t>(bytes.data()) ==
         record::value_checksum(name.key, version.sibling.dot.counter, bytes.substr(4));
}

// A merge repeats values of older records. If the new copy is torn, the older one is still whole. Every other value
// that is missing from its record is lost: it is torn by a power loss (then it was not durable), or damaged. The
// remaining versions of the record are joined with the state of the older records. Reading a record twice (after its
// segment's snapshot broke off) changes nothing.
void LogStore::recover(const record::Head& head, const RecordPlace& place, std::string_view body) {
  EntryPtr old = index_.find(head.name);
  if (old && old.place() == place) return;
  ++recovery_->report.records;
  if (record::is_keyless(head.name.space)) {
    if (head.name.space == KeySpace::kDictionaries && !recover_dictionary(head.name.owner, head.state)) {
      ++recovery_->report.damaged_places;
      return;
    }
    count_live(place.segment, place.head_bytes);
    if (old) count_live(old.place().segment, -std::int64_t{old.place().head_bytes});
    index_.set(head.name, EntryPtr::make({.place = place}, {}, head.state));
    return;
  }
  std::optional<StoredState> before;
  if (old && !old.erased()) before = index_.state(old);
  const bool is_object = head.name.space == KeySpace::kObjects;
  if (head.marks.erased) {
    if (head.state.size() != 4) return;
    if (is_object) recovery_->incomplete.erase(head.name.key);
    return enter(head.name, place, nullptr, before ? &*before : nullptr, old, head.state);
  }
  Result<StoredState> state = read_disk_state(head.state, place.segment, place.body_offset());
  if (!state) {
    // The checksum is right, but this program never writes such a record. Its content must come from other replicas.
    ++recovery_->report.damaged_places;
    recovery_->report.damaged_bytes += head.bytes();
    return;
  }
  bool whole = true;
  std::uint64_t broken_bytes = 0;
  for (StoredState::Version& version : state->versions) {
    recovery_->report.latest_hlc = std::max(recovery_->report.latest_hlc, version.sibling.hlc);
    if (is_object && version.sibling.expires_wall_ns != 0 && !version.sibling.tombstone) {
      recovery_->expiring.emplace_back(version.sibling.expires_wall_ns, head.name.key);
    }
    if (!version.has_value()) continue;
    if (version.here && (body.empty() || is_whole(head.name, version, body, place.body_offset()))) continue;
    const bool broken = std::exchange(version.here, false);
    const std::uint32_t bytes = version.place.bytes_on_disk();
    version.place = before ? place_of(*before, version.sibling.dot) : ValuePlace();
    if (!version.place.lost()) continue;
    whole = false;
    broken_bytes += broken ? bytes : 0;
  }
  if (broken_bytes > 0) recovery_->broken_bodies.push_back({place.offset, broken_bytes});
  if (is_object && whole) recovery_->incomplete.erase(head.name.key);
  if (is_object && !whole) recovery_->incomplete[head.name.key] = {place.segment, place.offset, state->seen};
  if (!whole) {
    if (!state->forget_lost()) return;
    if (before && dots(state->seen) + dots(before->seen) > kVersionVectorEntriesMax) return;
    if (before) state->join(*before);
  }
  enter(head.name, place, &*state, before ? &*before : nullptr, old, {});
}

void LogStore::open(StoreOut out) {
  DKV_ASSERT(recovery_->segments.empty() && recovery_->broken_bodies.empty() && recovery_ticket_ == 0);
  log_.open(recovery_->last_segment);
  evacuate_ = recovery_->unsealed;
  std::ranges::reverse(evacuate_);
  go_on_evacuating(out);
}

// By now the new segment holds everything that was in unsealed segments. The new epoch, which the node appends next,
// comes after it. So the sync that makes the epoch durable makes the rest durable, too.
void LogStore::finish_recovery(StoreOut out) {
  DKV_ASSERT(phase_ == Phase::kRecovering && evacuate_.empty() && !merge_ && fetches_.empty());
  phase_ = Phase::kOpen;
  log_.begin_group_commits();
  index_.fit();
  const Recovery recovery = std::move(*recovery_);
  recovery_.reset();
  out.events.push_back(StoreRecovered{recovery.report, identity(), recovery.expiring});
  for (const auto& [key, object] : recovery.incomplete) {
    out.events.push_back(StoreDamaged{kNoNode, key, object.seen});
  }
  log_.flush(desk_, out.disk);
  begin_dictionaries(out);
  choose_victim(out);
  go_on_snapshotting(out);
}

}  // namespace dkv
