// Snapshots of sealed segments, one at a time, written in the background.
#include <utility>

#include "engine/core/assert.h"
#include "engine/storage/log_store.h"

namespace dkv {

// The first sealed segment that needs a snapshot; 0: none. A segment that will be merged soon needs none.
std::uint32_t LogStore::next_unsnapped() const noexcept {
  for (const auto& [number, segment] : log_.segments()) {
    if (segment.state != Log::Segment::State::kSealed || segment.doomed) continue;
    if (!segment.snapshot && !segment.unsnappable && !worth_merging(segment)) return number;
  }
  return 0;
}

void LogStore::go_on_snapshotting(StoreOut out) {
  if (snapshot_ || phase_ != Phase::kOpen || log_.full()) return;
  const std::uint32_t segment = next_unsnapped();
  if (segment == 0) return;
  DKV_ASSERT(!merge_ || merge_->victim != segment);
  const std::uint64_t bytes = log_.segments().at(segment).bytes;
  snapshot_.emplace(SnapshotWriter{.scan = SegmentScan(segment, bytes, options_.scan_bytes),
                                   .builder = SnapshotBuilder(segment, bytes)});
  snapshot_->write_ticket = desk_.ask(DiskCreate{{FileKind::kSnapshot, segment}, 0}, out.disk);
}

void LogStore::snapshot_bytes(DiskDone& done, StoreOut out) {
  const std::uint32_t segment = snapshot_->scan.segment();
  DKV_ASSERT((snapshot_->read_ticket == 0) != (snapshot_->write_ticket == 0));  // one step at a time
  DKV_ASSERT(log_.segments().at(segment).state == Log::Segment::State::kSealed);
  if (done.ticket == snapshot_->read_ticket) {
    snapshot_->read_ticket = 0;
    if (done.status != DiskStatus::kOk) return abandon_snapshot(out);
    snapshot_->scan.feed(done.bytes.view(), [&](const SegmentScan::Found& found) {
      snapshot_->builder.add(found.place.offset, found.raw_head);
    });
    // A snapshot would hide the damage from the next start.
    if (snapshot_->scan.damaged_places() + snapshot_->scan.torn_bytes() > 0) return abandon_snapshot(out);
    snapshot_->finished = snapshot_->scan.done();
    if (snapshot_->finished) snapshot_->builder.finish();
    std::string bytes = snapshot_->builder.take(snapshot_->finished);
    if (!bytes.empty() || snapshot_->finished) {
      snapshot_->write_ticket =
          desk_.ask(DiskAppend{{FileKind::kSnapshot, segment}, Blob(bytes), snapshot_->finished}, out.disk);
      return;
    }
  } else {
    snapshot_->write_ticket = 0;
    if (done.status != DiskStatus::kOk) return abandon_snapshot(out);
    if (snapshot_->finished) {
      DKV_ASSERT(snapshot_->scan.done() && !log_.segments().at(segment).snapshot);
      log_.segments().at(segment).snapshot = true;
      snapshot_.reset();
      return go_on_snapshotting(out);
    }
  }
  snapshot_->read_ticket = desk_.ask(
      DiskRead{{FileKind::kSegment, segment}, snapshot_->scan.offset(), snapshot_->scan.want_bytes()}, out.disk);
}

// The next start will read the segment instead.
void LogStore::abandon_snapshot(StoreOut out) {
  const std::uint32_t segment = snapshot_->scan.segment();
  DKV_ASSERT(!log_.segments().at(segment).snapshot);
  desk_.ask(DiskRemove{{FileKind::kSnapshot, segment}}, out.disk);
  log_.segments().at(segment).unsnappable = true;
  snapshot_.reset();
}

}  // namespace dkv
