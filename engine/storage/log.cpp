#include "engine/storage/log.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"

namespace dkv {
namespace {

// One to continue in. On a full disk one is kept for deletes, and one for merges and for the next start, because these
// free space.
constexpr std::size_t kSparesWanted = 3;
// At most the bytes of a tombstone's record, or of an erasure, of a key with a short clock.
constexpr std::uint64_t kRemovalBytes = 4096;

FileName file_of(std::uint32_t segment) {
  return {FileKind::kSegment, segment};
}

}  // namespace

Log::Log(const StoreOptions& options) : options_(options) {}

void Log::adopt(std::uint32_t number, std::uint64_t bytes, bool snapshot) {
  DKV_ASSERT(active_ == 0 && number > 0 && !segments_.contains(number));
  const bool spare = bytes == 0;
  segments_[number] = {
      .state = spare ? Segment::State::kSpare : Segment::State::kSealed, .snapshot = snapshot, .bytes = bytes};
  DKV_ASSERT(!spare || spares_.empty() || spares_.back() < number);
  if (spare) spares_.push_back(number);
}

void Log::open(std::uint32_t last) {
  DKV_ASSERT(active_ == 0 && flights_.empty() && buffer_.empty());
  DKV_ASSERT(segments_.empty() || segments_.rbegin()->first <= last);
  last_number_ = last;
  if (!spares_.empty()) return start_segment(take_spare());
  creating_ = ++last_number_;  // appends wait for it
  segments_[creating_];
  start_segment(creating_);
}

std::uint32_t Log::take_spare() {
  DKV_ASSERT(!spares_.empty() && segments_.at(spares_.front()).state == Segment::State::kSpare);
  const std::uint32_t number = spares_.front();
  spares_.pop_front();
  return number;
}

void Log::start_segment(std::uint32_t number) {
  // Segments are numbered in the order of the log, so the end of the log has the highest number.
  DKV_ASSERT(number > active_ && buffer_.empty());
  active_ = number;
  Segment& segment = segments_.at(number);
  DKV_ASSERT(segment.bytes == 0 && segment.live_bytes == 0);
  segment.state = Segment::State::kActive;
  buffer_ = record::segment_header(number);
  segment.bytes = buffer_.size();
}

Room Log::room(std::uint64_t bytes, std::size_t kept_spares, std::uint64_t waiting_max) const noexcept {
  const std::uint64_t waiting = flying_bytes_ + buffer_.size();
  // A record that is larger than the limit is taken when nothing waits before it.
  if (waiting > 0 && waiting + bytes > waiting_max) return Room::kBehind;
  if (!full_ || spares_.size() > kept_spares) return Room::kEnough;
  const auto active = segments_.find(active_);
  const bool fits = spares_.size() == kept_spares && active != segments_.end() &&
                    active->second.bytes + bytes <= options_.segment_bytes;
  return fits ? Room::kEnough : Room::kDiskFull;
}

Room Log::room(std::uint64_t bytes) const noexcept {
  return room(bytes, kSparesWanted - 1, options_.unsynced_bytes_max);
}

Room Log::room_for_removal() const noexcept {
  return room(kRemovalBytes, kSparesWanted - 2, 2 * options_.unsynced_bytes_max);
}

// Turns the buffered records into a write.
void Log::take_off(bool last) {
  if (buffer_.empty() && !last) return;
  const std::uint64_t end = segments_.at(active_).bytes;
  DKV_ASSERT(end >= buffer_.size());
  DKV_ASSERT(flights_.empty() || flights_.back().upto <= last_append_);
  // Within a segment, each write begins where the previous one ends.
  DKV_ASSERT(flights_.empty() || flights_.back().segment != active_ ||
             flights_.back().offset + flights_.back().bytes.size() == end - buffer_.size());
  flights_.push_back({.segment = active_,
                      .offset = end - buffer_.size(),
                      .bytes = Blob(buffer_),
                      .upto = last_append_,
                      .last = last,
                      .sync_only = buffer_.empty(),
                      .sync = !buffer_.empty() && std::exchange(sync_next_, false)});
  flying_bytes_ += flights_.back().bytes.view().size();
  buffer_.clear();
}

void Log::close_active() {
  take_off(true);
  DKV_ASSERT(buffer_.empty() && flights_.back().last && flights_.back().segment == active_);
  segments_.at(active_).state = Segment::State::kClosing;
}

RecordPlace Log::append(const record::Name& name, bool erased, std::string_view state, std::string_view body) {
  const std::size_t bytes = record::kHeadBytesMin + name.key.encoded().size() + state.size() + body.size();
  DKV_ASSERT(active_ != 0);
  const bool begun = segments_.at(active_).bytes > record::kSegmentHeaderBytes;
  if (begun && segments_.at(active_).bytes + bytes > options_.segment_bytes) {
    if (!spares_.empty()) {
      close_active();
      start_segment(take_spare());
    }
  }
  Segment& segment = segments_.at(active_);
  DKV_ASSERT(segment.bytes + bytes <= UINT32_MAX);
  const auto offset = static_cast<std::uint32_t>(segment.bytes);
  const std::size_t at = buffer_.size();
  const record::Marks marks{.erased = erased, .behind_sync = at == 0 && all_synced_by_then()};
  record::write_head(name, marks, state, static_cast<std::uint32_t>(body.size()), buffer_);
  record::seal_head(buffer_.data() + at, active_, offset);
  buffer_.append(body);
  segment.bytes += bytes;
  ++last_append_;
  return {active_, offset, static_cast<std::uint32_t>(bytes - body.size())};
}

// True when every earlier record was durable before this write began.
bool Log::all_synced_by_then() const noexcept {
  if (options_.sync == SyncPolicy::kAlways) return true;
  if (options_.sync == SyncPolicy::kNever) return false;
  return flights_.empty() && !unsynced_ && interval_sync_ticket_ == 0;
}

std::optional<std::string_view> Log::in_memory(std::uint32_t segment, std::uint64_t offset, std::uint64_t bytes) const {
  const auto within = [&](std::uint64_t start, std::string_view held) -> std::optional<std::string_view> {
    if (offset < start || offset + bytes > start + held.size()) return std::nullopt;
    return held.substr(offset - start, bytes);
  };
  DKV_ASSERT(bytes > 0);
  if (segment == active_) {
    if (auto found = within(segments_.at(active_).bytes - buffer_.size(), buffer_)) return found;
  }
  for (const Flight& flight : flights_) {
    if (flight.segment != segment) continue;
    if (auto found = within(flight.offset, flight.bytes.view())) return found;
  }
  return std::nullopt;
}

bool Log::held() const noexcept {
  return groups_commits_ && flights_.empty() && !buffer_.empty() && group_commit_.holds(now_ns_, last_append_);
}

void Log::flush(DiskDesk& desk, std::vector<DiskRequest>& out) {
  if (flights_.empty() && !held()) take_off(false);
  pump(desk, out);
  // The end of a closed segment may have left to be synced beside the writes. Then the buffer need not wait for it.
  if (flights_.empty() && !buffer_.empty() && !held()) {
    take_off(false);
    pump(desk, out);
  }
  if (!full_) keep_spares(desk, out);
}

// Only one write is under way at a time, so that the durable records are a prefix of the log.
void Log::pump(DiskDesk& desk, std::vector<DiskRequest>& out) {
  if (flights_.empty() || !failure_.empty()) return;
  const bool beside = options_.sync != SyncPolicy::kAlways;
  while (beside && !flights_.empty() && flights_.front().sync_only) {
    sync_closed(flights_.front().segment, desk, out);
    DKV_ASSERT(flights_.front().bytes.view().empty());
    flights_.pop_front();
  }
  if (flights_.empty()) return;
  Flight& flight = flights_.front();
  DKV_ASSERT(flights_.size() == 1 || flights_[1].ticket == 0);
  if (flight.ticket != 0 || flight.segment == creating_) return;
  const bool sync = options_.sync == SyncPolicy::kAlways || flight.sync;
  ++flushes_;
  if (flight.sync_only) {
    flight.ticket = desk.ask(DiskSync{file_of(flight.segment)}, out);
  } else {
    flight.ticket = desk.ask(DiskAppend{file_of(flight.segment), flight.bytes, sync, flight.upto}, out);
    group_commit_.issued(now_ns_);
  }
}

// This sync runs beside the writes: the records of the next segment need not wait for it.
void Log::sync_closed(std::uint32_t segment, DiskDesk& desk, std::vector<DiskRequest>& out) {
  DKV_ASSERT(segments_.at(segment).state == Segment::State::kClosing);
  closing_.emplace(desk.ask(DiskSync{file_of(segment)}, out), segment);
}

bool Log::closing() const noexcept {
  return std::ranges::any_of(segments_,
                             [](const auto& segment) { return segment.second.state == Segment::State::kClosing; });
}

void Log::keep_spares(DiskDesk& desk, std::vector<DiskRequest>& out) {
  if (create_ticket_ != 0 || !failure_.empty()) return;
  if (creating_ == 0) {
    if (spares_.size() >= kSparesWanted) return;
    DKV_ASSERT(last_number_ < UINT32_MAX);
    creating_ = ++last_number_;
    segments_[creating_];
  }
  create_ticket_ = desk.ask(DiskCreate{file_of(creating_), options_.segment_bytes}, out);
}

bool Log::handle(const DiskDone& done, DiskDesk& desk, std::vector<DiskRequest>& out) {
  if (!flights_.empty() && done.ticket == flights_.front().ticket) {
    landed(done, desk, out);
    return true;
  }
  if (done.ticket == interval_sync_ticket_) {
    interval_sync_ticket_ = 0;
    if (done.status != DiskStatus::kOk) failure_ = "a sync failed";
    return true;
  }
  if (const auto closing = closing_.find(done.ticket); closing != closing_.end()) {
    DKV_ASSERT(segments_.at(closing->second).state == Segment::State::kClosing);
    if (done.status == DiskStatus::kOk) {
      segments_.at(closing->second).state = Segment::State::kSealed;
    } else {
      failure_ = "a sync failed";
    }
    closing_.erase(closing);
    return true;
  }
  if (done.ticket != create_ticket_) return false;
  create_ticket_ = 0;
  DKV_ASSERT(creating_ != 0 && segments_.contains(creating_));
  if (done.status == DiskStatus::kOk) {
    if (creating_ != active_) spares_.push_back(creating_);
    creating_ = 0;
    full_ = false;
  } else if (done.status == DiskStatus::kFull) {
    full_ = true;
  } else {
    failure_ = "segment " + std::to_string(creating_) + " could not be created";
  }
  flush(desk, out);
  return true;
}

void Log::landed(const DiskDone& done, DiskDesk& desk, std::vector<DiskRequest>& out) {
  Flight& flight = flights_.front();
  DKV_ASSERT(flight.upto >= durable_ && flight.upto <= last_append_);
  if (done.status == DiskStatus::kFull) {
    // Retried when there may be room again. Until then nothing of it is announced as durable.
    flight.ticket = 0;
    full_ = true;
    return;
  }
  if (done.status != DiskStatus::kOk) {
    failure_ = "writing segment " + std::to_string(flight.segment) + " failed";
    return;
  }
  if (options_.sync == SyncPolicy::kAlways) {
    group_commit_.landed(now_ns_, flight.upto - std::min(durable_, flight.upto), last_append_);
  }
  durable_ = flight.upto;
  const Segment& written = segments_.at(flight.segment);
  DKV_ASSERT(flight.offset + flight.bytes.size() <= written.bytes);
  DKV_ASSERT(!flight.last ||
             (written.state == Segment::State::kClosing && flight.offset + flight.bytes.size() == written.bytes));
  if (creating_ == 0) full_ = false;
  unsynced_ = unsynced_ || options_.sync == SyncPolicy::kInterval;
  if (flight.last && options_.sync != SyncPolicy::kAlways) {
    sync_closed(flight.segment, desk, out);
  } else if (flight.last) {
    segments_.at(flight.segment).state = Segment::State::kSealed;
  }
  DKV_ASSERT(flying_bytes_ >= flight.bytes.view().size());
  flying_bytes_ -= flight.bytes.view().size();
  flights_.pop_front();
  flush(desk, out);
}

void Log::retry(DiskDesk& desk, std::vector<DiskRequest>& out) {
  pump(desk, out);
  keep_spares(desk, out);
}

void Log::tick(TimeNs now_ns, DiskDesk& desk, std::vector<DiskRequest>& out) {
  if (full_) retry(desk, out);
  if (options_.sync != SyncPolicy::kInterval || !unsynced_ || interval_sync_ticket_ != 0 || now_ns < next_sync_ns_) {
    return;
  }
  DKV_ASSERT(active_ != 0);
  unsynced_ = false;
  next_sync_ns_ = now_ns + options_.sync_every_ns;
  interval_sync_ticket_ = desk.ask(DiskSync{file_of(active_)}, out);
}

void Log::remove(std::uint32_t segment) {
  DKV_ASSERT(segment != active_ && segments_.at(segment).state == Segment::State::kSealed);
  DKV_ASSERT(segments_.at(segment).live_bytes == 0);  // all live records have been moved
  segments_.erase(segment);
}

}  // namespace dkv
