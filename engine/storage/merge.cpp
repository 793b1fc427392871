// Merges: the live records of a segment are appended to the end of the log. Once they are durable, the segment is
// removed.
#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/protocol/wire_format.h"
#include "engine/storage/log_store.h"

namespace dkv {

// A merge that moves nearly as many bytes as it frees is no gain.
bool LogStore::worth_merging(const Log::Segment& segment) const noexcept {
  if (segment.state != Log::Segment::State::kSealed || segment.doomed || options_.merge_dead_percent >= 100)
    return false;
  const std::uint64_t all = segment.bytes - record::kSegmentHeaderBytes;
  return (all - segment.live_bytes) * 100 >= all * options_.merge_dead_percent;
}

// Small, because a client's write may have to wait for one window. At a start no client waits.
std::uint32_t LogStore::merge_window() const noexcept {
  constexpr std::uint32_t kWindowBytes = 64u << 10;
  return phase_ == Phase::kRecovering ? options_.scan_bytes : std::min(options_.scan_bytes, kWindowBytes);
}

void LogStore::begin_merge(std::uint32_t victim, StoreOut out) {
  Log::Segment& segment = log_.segments().at(victim);
  DKV_ASSERT(!merge_ && segment.state == Log::Segment::State::kSealed && !segment.doomed);
  segment.doomed = true;
  // A segment without live records is not read. Under a load that rewrites its keys, most segments end like this.
  const std::uint64_t end = segment.live_bytes > 0 ? segment.bytes : 0;
  // The records that replaced the live ones may not be durable yet.
  merge_.emplace(
      Merge{.victim = victim, .scan = SegmentScan(victim, end, merge_window()), .wait_for = log_.last_append()});
  go_on_merging(out);
}

// Chooses first the segments that a start has emptied, then the sealed one with the largest dead share.
void LogStore::choose_victim(StoreOut out) {
  DKV_ASSERT(!merge_ && phase_ == Phase::kOpen);
  if (!evacuated_.empty()) {
    merge_.emplace(Merge{.victim = evacuated_.back().segment, .wait_for = evacuated_.back().wait_for});
    evacuated_.pop_back();
    return go_on_merging(out);
  }
  std::uint32_t victim = 0;
  std::uint64_t most_dead_ppm = 0;
  for (const auto& [number, segment] : log_.segments()) {
    if (!worth_merging(segment)) continue;
    if (snapshot_ && snapshot_->scan.segment() == number) continue;
    const std::uint64_t dead_ppm = (segment.bytes - segment.live_bytes) * 1'000'000 / segment.bytes;
    if (dead_ppm <= most_dead_ppm) continue;
    most_dead_ppm = dead_ppm;
    victim = number;
  }
  if (victim != 0) begin_merge(victim, out);
}

// Reads one window at a time, and the next only when the records moved so far are durable. So a merge never occupies
// more of the disk than that. At a start there is nobody to disturb.
void LogStore::go_on_merging(StoreOut out) {
  DKV_ASSERT(merge_ && merge_->victim != log_.active() && merge_->wait_for <= log_.last_append());
  if (merge_->ticket != 0) return;
  const bool starting = phase_ == Phase::kRecovering;
  if (!merge_->scan.done()) {
    if (log_.durable() < merge_->wait_for && !starting) return;
    merge_->ticket = desk_.ask(
        DiskRead{{FileKind::kSegment, merge_->victim}, merge_->scan.offset(), merge_->scan.want_bytes()}, out.disk);
    return;
  }
  if (starting) return end_evacuation(out);
  if (moved_durably(out)) end_merge(out);
}

// A moved record must not become less durable than it was. If a sync is needed for that, it is asked for.
bool LogStore::moved_durably(StoreOut out) {
  if (log_.durable() < merge_->wait_for) return false;
  if (options_.sync == SyncPolicy::kAlways || merge_->synced) return true;
  if (!log_.closing()) merge_->ticket = desk_.ask(DiskSync{{FileKind::kSegment, log_.active()}}, out.disk);
  return false;
}

void LogStore::go_on_evacuating(StoreOut out) {
  DKV_ASSERT(phase_ == Phase::kRecovering && recovery_->segments.empty());
  if (merge_) return go_on_merging(out);
  if (log_.creating()) return;
  evacuate_.empty() ? finish_recovery(out) : begin_merge(evacuate_.back(), out);
}

// A start removes the segments that it has emptied later, when nobody waits. But on a full disk it needs their space
// for the others. So it goes on only when there is another segment to continue in.
void LogStore::end_evacuation(StoreOut out) {
  DKV_ASSERT(!evacuate_.empty() && evacuate_.back() == merge_->victim && merge_->scan.done());
  if (!log_.has_spare() && !log_.full()) log_.flush(desk_, out.disk);  // asks for a segment
  if (log_.creating()) return;
  if (!log_.has_spare() && log_.full() && !log_.stuck()) {
    if (!moved_durably(out)) return;
    log_.remove(merge_->victim);
    merge_->removing = true;
    desk_.ask(DiskRemove{{FileKind::kSnapshot, merge_->victim}}, out.disk);
    merge_->ticket = desk_.ask(DiskRemove{{FileKind::kSegment, merge_->victim}}, out.disk);
    return;
  }
  evacuated_.push_back({merge_->victim, log_.last_append()});
  evacuate_.pop_back();
  merge_.reset();
  go_on_evacuating(out);
}

void LogStore::end_merge(StoreOut out) {
  const std::uint32_t victim = merge_->victim;
  DKV_ASSERT(merge_->scan.done() && log_.durable() >= merge_->wait_for);
  DKV_ASSERT(!snapshot_ || snapshot_->scan.segment() != victim);
  log_.remove(victim);
  desk_.ask(DiskRemove{{FileKind::kSegment, victim}}, out.disk);
  desk_.ask(DiskRemove{{FileKind::kSnapshot, victim}}, out.disk);
  ++stats_.merges;
  merge_.reset();
  choose_victim(out);
}

void LogStore::merge_bytes(DiskDone& done, StoreOut out) {
  DKV_ASSERT(merge_->ticket != 0 && (!merge_->synced || merge_->removing));
  merge_->ticket = 0;
  if (merge_->removing) {
    if (done.status != DiskStatus::kOk) return fail("a segment could not be removed", out);
    DKV_ASSERT(phase_ == Phase::kRecovering && evacuate_.back() == merge_->victim);
    evacuate_.pop_back();
    merge_.reset();
    ++stats_.merges;
    log_.retry(desk_, out.disk);
    return go_on_evacuating(out);
  }
  if (merge_->scan.done()) {
    if (done.status != DiskStatus::kOk) return fail("a sync failed", out);
    merge_->synced = true;
    return go_on_merging(out);
  }
  if (done.status != DiskStatus::kOk) {
    merge_->scan.unreadable();
  } else {
    merge_->scan.feed(done.bytes.view(), [&](const SegmentScan::Found& found) { move(found, out); });
  }
  if (merge_->scan.done()) lose_unmoved(merge_->victim, out);
  merge_->wait_for = log_.last_append();
  log_.flush(desk_, out.disk);
  go_on_merging(out);
}

// Live bytes that remain in a segment after its last window were in a damaged place.
void LogStore::lose_unmoved(std::uint32_t victim, StoreOut out) {
  if (log_.segments().at(victim).live_bytes == 0) return;
  std::vector<record::Name> names;
  const auto concerned = [&](const EntryPtr& entry) {
    if (entry.place().segment == victim) return true;
    if (entry.erased()) return false;
    const StoredState state = index_.state(entry);
    return std::ranges::any_of(state.versions, [&](const auto& v) { return v.place.segment == victim; });
  };
  index_.each_object([&](const EntryPtr& entry) {
    if (concerned(entry)) names.push_back({KeySpace::kObjects, kNoNode, *Key::decode(entry.key())});
  });
  std::ranges::sort(names);  // the order of the table must not reach the log
  index_.each_other([&](const record::Name& name, const EntryPtr& entry) {
    const bool here = record::is_keyless(name.space) ? entry.place().segment == victim : concerned(entry);
    if (here) names.push_back(name);
  });
  for (const record::Name& name : names) {
    const EntryPtr entry = index_.find(name);
    if (record::is_keyless(name.space)) {
      append_keyless(name, entry.state());
    } else {
      rewrite(name, victim, {}, 0, out);
    }
  }
  DKV_ASSERT(log_.segments().at(victim).live_bytes == 0);
}

void LogStore::move(const SegmentScan::Found& found, StoreOut out) {
  const record::Name& name = found.head.name;
  const EntryPtr entry = index_.find(name);
  if (!entry) return;
  const std::uint32_t victim = found.place.segment;
  DKV_ASSERT(victim == merge_->victim);
  if (record::is_keyless(name.space)) {
    if (entry.place() == found.place) append_keyless(name, entry.state());
    return;
  }
  const bool current = entry.place() == found.place;
  if (entry.erased()) {
    if (!current) return;
    return may_forget(entry, victim) ? forget(name, entry) : rewrite(name, victim, {}, 0, out);
  }
  const std::uint32_t begin = found.place.body_offset();
  const auto in_body = [&](const StoredState::Version& v) {
    return v.has_value() && v.place.segment == victim && v.place.offset >= begin &&
           v.place.offset < begin + found.body.size();
  };
  if (!current && std::ranges::none_of(index_.versions(entry).versions, in_body)) return;
  // Passes the whole window, so that a key with many siblings moves all values in it at once.
  rewrite(name, victim, found.window, found.window_offset, out);
}

// Appends the name's entry again. The victim's values in `body` are copied as they were packed. A value is lost if
// its bytes or its dictionary are damaged, or if no body holds it (body is empty).
void LogStore::rewrite(const record::Name& name, std::uint32_t victim, std::string_view body, std::uint32_t body_offset,
                       StoreOut out) {
  EntryPtr old = index_.find(name);
  DKV_ASSERT(old && victim < log_.active());  // a copy comes after the original
  if (old.erased()) {
    const std::string state(old.state());
    const RecordPlace place = log_.append(name, true, state, {});
    return enter(name, place, nullptr, nullptr, old, state);
  }
  StoredState before = index_.state(old);
  StoredState state = before;
  bool damaged = false;
  scratch_body_.clear();
  for (StoredState::Version& version : state.versions) {
    version.here = false;
    if (!version.has_value() || version.place.segment != victim) continue;
    const std::uint64_t at = std::uint64_t{version.place.offset} - body_offset;
    const bool here = version.place.offset >= body_offset && at + version.place.bytes_on_disk() <= body.size();
    if (!here && !body.empty()) continue;  // it is in another record of the victim, which is moved separately
    const std::string_view bytes = here ? body.substr(at, version.place.bytes_on_disk()) : std::string_view();
    if (!here ||
        wire::load<std::uint32_t>(bytes.data()) !=
            record::value_checksum(name.key, version.sibling.dot.counter, bytes.substr(4)) ||
        !codecs_.can_unpack(version.place.codec, bytes.substr(4))) {
      version.place = {};
      ++stats_.damaged_values;
      damaged = true;
      continue;
    }
    version.here = true;
    scratch_body_.append(bytes);
  }
  if (damaged) {
    if (recovery_) ++recovery_->report.damaged_places;
    forget_lost(name, old, state, out);
    old = index_.find(name);
    if (!old) return;
    before = index_.state(old);
    state.forget_lost();
  }
  append_state(name, state, &before, old, scratch_body_);
  stats_.merged_bytes += scratch_body_.size();
}

// An erasure is needed as long as a segment may hold an older record of its name. Such segments have numbers up to
// that of the segment in which the erasure was first written.
bool LogStore::may_forget(const EntryPtr& entry, std::uint32_t victim) const {
  DKV_ASSERT(entry.erased() && entry.state().size() == sizeof(std::uint32_t));
  const auto floor = wire::load<std::uint32_t>(entry.state().data());
  return std::ranges::none_of(log_.segments(), [&](const auto& held) {
    return held.first <= floor && held.first != victim && held.second.state != Log::Segment::State::kSpare;
  });
}

void LogStore::forget(const record::Name& name, const EntryPtr& entry) {
  count_live(entry.place().segment, -std::int64_t{entry.place().head_bytes});
  const EntryPtr removed = index_.remove(name);
  DKV_ASSERT(removed == entry);
}

}  // namespace dkv
