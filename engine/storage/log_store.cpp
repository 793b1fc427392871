#include "engine/storage/log_store.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/protocol/wire_format.h"
#include "engine/protocol/wire_reader.h"
#include "engine/protocol/wire_writer.h"
#include "engine/storage/prefetch.h"

namespace dkv {
namespace {

const StoredState::Version* version_of(const StoredState& state, const Dot& dot) {
  const auto found = std::ranges::lower_bound(state.versions, dot, {}, [](const auto& v) { return v.sibling.dot; });
  return found == state.versions.end() || found->sibling.dot != dot ? nullptr : &*found;
}

// Calls gone(place) for each value of `of` that `other` does not hold in the same place. Both ascend by dot, so one
// pass is enough: a key may have thousands of siblings.
template <typename Gone>
void each_place_not_in(const StoredState* of, const StoredState* other, Gone&& gone) {
  if (!of) return;
  std::size_t at = 0;
  for (const StoredState::Version& version : of->versions) {
    if (!version.has_value()) continue;
    while (other && at < other->versions.size() && other->versions[at].sibling.dot < version.sibling.dot) ++at;
    const bool kept = other && at < other->versions.size() && other->versions[at].has_value() &&
                      other->versions[at].place == version.place;
    if (!kept) gone(version.place);
  }
}

void prefetch_object(const Object* object) {
  for (const std::size_t line : {0, 64, 128}) prefetch_line(reinterpret_cast<const char*>(object) + line);
}

// Prefetches the memory that an object points to. It considers one sibling only, since nearly all objects have one.
void prefetch_parts(const Object& object) {
  prefetch_line(object.seen().entries().data());
  const std::string_view value = object.siblings().front().value.view();
  prefetch_line(value.data() - 1);  // the reference count
  prefetch_line(value.data() + value.size() / 2);
}

std::string identity_state(const Actor& actor) {
  std::string bytes(32, '\0');
  wire::Writer to(bytes.data());
  to.u64(actor.id.high);
  to.u64(actor.id.low);
  to.varint(actor.epoch);
  bytes.resize(static_cast<std::size_t>(to.at() - bytes.data()));
  return bytes;
}

}  // namespace

LogStore::LogStore(const LogStore&) = default;
LogStore::LogStore(LogStore&&) noexcept = default;
LogStore& LogStore::operator=(LogStore&&) noexcept = default;
LogStore::~LogStore() = default;

LogStore::LogStore(const StoreOptions& options)
    : options_(options),
      index_(options.partitions, options.hash_salt),
      log_(options),
      cache_(options.cache_bytes, options.cache_policy, options.hash_salt),
      codecs_({options.compress_over_bytes, options.compression_level}),
      plan_(std::min<std::uint64_t>(DictionaryTrainer::kSamplesBytesDefault, options.segment_bytes)) {
  DKV_ASSERT(options_.check());
}

StorageTraits LogStore::traits(const StoreOptions& options) noexcept {
  // A process hands its bytes to the operating system before it acknowledges them. So the end of the process alone
  // loses none.
  return {.uses_disk = true,
          .after_exit = Kept::kAll,
          .after_power_loss = options.sync == SyncPolicy::kAlways ? Kept::kAll : Kept::kOlder,
          .tick_every_ns = kSecond};
}

void LogStore::fail(std::string what, StoreOut out) {
  if (phase_ == Phase::kFailed) return;
  phase_ = Phase::kFailed;
  out.events.push_back(StoreFailed{std::move(what)});
}

void LogStore::handle(DiskDone&& done, StoreOut out) {
  if (phase_ == Phase::kFailed) return;
  DKV_ASSERT(phase_ != Phase::kNew && done.ticket != 0);
  if (done.ticket == recovery_ticket_) {
    DKV_ASSERT(phase_ == Phase::kRecovering && recovery_);
    recovery_ticket_ = 0;
    return recovery_->listed ? recovered_bytes(done, out) : listed(done, out);
  }
  if (const auto read = value_reads_.find(done.ticket); read != value_reads_.end()) {
    const ValueRead what = read->second;
    value_reads_.erase(read);
    return value_read(what, done, out);
  }
  if (merge_ && done.ticket == merge_->ticket) return merge_bytes(done, out);
  if (snapshot_ && (done.ticket == snapshot_->read_ticket || done.ticket == snapshot_->write_ticket)) {
    return snapshot_bytes(done, out);
  }
  if (awaited_ && done.ticket == awaited_->sync_ticket) return dictionary_synced(done, out);
  if (!log_.handle(done, desk_, out.disk)) return;
  if (!log_.failure().empty()) return fail(log_.failure(), out);
  tell_durable(out);
  if (phase_ == Phase::kRecovering) return go_on_evacuating(out);
  if (phase_ != Phase::kOpen) return;
  use_dictionary(out);
  if (merge_) go_on_merging(out);
}

void LogStore::tell_durable(StoreOut out) {
  if (log_.durable() == told_durable_ || phase_ != Phase::kOpen) return;
  DKV_ASSERT(log_.durable() > told_durable_ && log_.durable() <= log_.last_append());
  told_durable_ = log_.durable();
  out.events.push_back(StoreDurable{told_durable_});
}

void LogStore::flush(StoreOut out) {
  if (phase_ != Phase::kOpen) return;
  train_dictionary(out);
  log_.flush(desk_, out.disk);
}

void LogStore::tick(TimeNs now_ns, StoreOut out) {
  if (phase_ != Phase::kOpen) return;
  log_.tick(now_ns, desk_, out.disk);
  if (!merge_) choose_victim(out);
  go_on_snapshotting(out);
}

ObjectPtr LogStore::find(const Key& key) const {
  if (const ObjectPtr* cached = cache_.find(key)) return *cached;
  return state_of(key);
}

ObjectPtr LogStore::peek(const Key& key) const {
  if (const ObjectPtr* cached = cache_.peek(key)) return *cached;
  return state_of(key);
}

ObjectPtr LogStore::state_of(const Key& key) const {
  const EntryPtr entry = index_.find_object(key);
  return entry && !entry.erased() ? index_.state(entry).object() : ObjectPtr();
}

AppendId LogStore::put(const Record& record) {
  switch (record.space) {
    case KeySpace::kObjects: return record.object ? put(record.key, record.object) : erase_object(record.key);
    case KeySpace::kHints:
      return record.object ? put_hint(record.owner, record.key, record.object, record.created_wall_ns)
                           : erase_hint(record.owner, record.key);
    case KeySpace::kIdentity: return put_identity(record.actor);
    case KeySpace::kDictionaries: break;
  }
  DKV_ASSERT(!"a record of a key space that is the store's own");
  return 0;
}

AppendId LogStore::put(const Key& key, const ObjectPtr& object) {
  cache_.prefetch(key);
  index_.prefetch(key);
  cache_.prefetch_entry(key);
  const AppendId id = put({KeySpace::kObjects, kNoNode, key}, object, 0);
  if (object->resident()) {
    cache_.put(key, object);
  } else {
    cache_.erase(key);
  }
  return id;
}

// A put waits for memory at each of these consecutive steps. Between two of them, other puts are worked on.
void LogStore::prefetch(const ObjectPut& put, std::size_t step) const {
  const auto& [key, object] = put;
  switch (step) {
    case 0:
      index_.prefetch(key);
      cache_.prefetch(key);
      prefetch_object(object.get());
      return prefetch_line(key.encoded().data());
    case 1:
      index_.prefetch_entry(key);
      cache_.prefetch_entry(key);
      return prefetch_parts(*object);
    case 2: return cache_.prefetch_object(key);
    default:
      if (const ObjectPtr* held = cache_.peek(key)) prefetch_parts(**held);
  }
}

AppendId LogStore::put_all(std::span<const ObjectPut> puts) {
  constexpr std::size_t kSteps = 4;
  constexpr std::size_t kApart = 2;  // puts between two steps of the same put
  for (std::size_t i = 0; i < puts.size() + kSteps * kApart; ++i) {
    for (std::size_t step = 0; step < kSteps; ++step) {
      const std::size_t upcoming = i - step * kApart;  // wraps to a huge number while there is no such put
      if (upcoming < puts.size()) prefetch(puts[upcoming], step);
    }
    if (i >= kSteps * kApart) put(puts[i - kSteps * kApart].first, puts[i - kSteps * kApart].second);
  }
  return log_.last_append();
}

AppendId LogStore::put_hint(NodeId owner, const Key& key, const ObjectPtr& object, TimeNs created_wall_ns) {
  return put({KeySpace::kHints, owner, key}, object, created_wall_ns);
}

AppendId LogStore::put(const record::Name& name, const ObjectPtr& object, TimeNs created_wall_ns) {
  DKV_ASSERT(phase_ == Phase::kOpen && object);
  const EntryPtr old = index_.find(name);
  std::optional<StoredState> before;
  if (old && !old.erased()) before = index_.versions(old);
  StoredState state{.seen = object->seen(), .created_wall_ns = created_wall_ns};
  std::string& body = scratch_body_;
  body.clear();
  for (const Sibling& sibling : object->siblings()) {
    StoredState::Version& version =
        state.versions.emplace_back(StoredState::Version{.sibling = {.dot = sibling.dot,
                                                                     .hlc = sibling.hlc,
                                                                     .tag = sibling.tag,
                                                                     .expires_wall_ns = sibling.expires_wall_ns,
                                                                     .tombstone = sibling.tombstone}});
    if (sibling.value.empty() && sibling.cold_bytes == 0) continue;
    version.sibling.cold_bytes = static_cast<std::uint32_t>(sibling.value.size()) + sibling.cold_bytes;
    const StoredState::Version* held = before ? version_of(*before, sibling.dot) : nullptr;
    DKV_ASSERT((held && held->has_value()) || sibling.cold_bytes == 0);
    if (held && held->has_value()) {
      version.place = held->place;
      continue;
    }
    const std::size_t at = body.size();
    body.append(4, '\0');
    version.here = true;
    version.place.codec = codecs_.pack(sibling.value.view(), body);
    version.place.stored_bytes = static_cast<std::uint32_t>(body.size() - at - 4);
    const std::string_view stored = std::string_view(body).substr(at + 4);
    wire::store(body.data() + at, record::value_checksum(name.key, sibling.dot.counter, stored));
    stats_.values_bytes += sibling.value.size();
    stats_.stored_bytes += stored.size();
    if (version.place.codec == ValueCodec::kZstdDictionary) {
      stats_.dictionary_saved_bytes += sibling.value.size() - stored.size();
    }
    plan_.note(sibling.value.view(), stored.size());
  }
  const AppendId last = log_.last_append();
  append_state(name, state, before ? &*before : nullptr, old, body, object);
  DKV_ASSERT(log_.last_append() == last + 1);
  ++stats_.appends;
  return log_.last_append();
}

void LogStore::append_state(const record::Name& name, StoredState& state, const StoredState* before,
                            const EntryPtr& old, std::string_view body, const ObjectPtr& object) {
  scratch_state_.clear();
  write_disk_state(state, scratch_state_);
  const RecordPlace place = log_.append(name, false, scratch_state_, body);
  std::uint32_t at = place.body_offset();
  for (StoredState::Version& version : state.versions) {
    if (!version.here) continue;
    version.place.segment = place.segment;
    version.place.offset = at;
    at += version.place.bytes_on_disk();
  }
  DKV_ASSERT(at == place.body_offset() + body.size());  // the body consists of these values only
  enter(name, place, &state, before, old, {}, object ? Change::kState : Change::kPlace, object);
}

void LogStore::enter(const record::Name& name, const RecordPlace& place, const StoredState* after,
                     const StoredState* before, const EntryPtr& old, std::string_view erased_state, Change change,
                     const ObjectPtr& object) {
  DKV_ASSERT(after ? !after->versions.empty() : erased_state.empty() || erased_state.size() == sizeof(std::uint32_t));
  DKV_ASSERT(!before || (old && !old.erased()));
  EntryPtr::Facts facts{.place = place, .erased = !after};
  scratch_state_.clear();
  if (after) {
    write_memory_state(*after, index_.actors(), place.segment, place.body_offset(), scratch_state_);
  } else {
    scratch_state_ = erased_state;
  }
  // Dead bytes are subtracted first. So the live bytes never exceed the segment's, although a record may replace
  // itself.
  if (old) count_live(old.place().segment, -std::int64_t{old.place().head_bytes});
  each_place_not_in(before, after,
                    [&](const ValuePlace& at) { count_live(at.segment, -std::int64_t{at.bytes_on_disk()}); });
  count_live(place.segment, place.head_bytes);
  each_place_not_in(after, before, [&](const ValuePlace& at) { count_live(at.segment, at.bytes_on_disk()); });
  if (change == Change::kState && name.space == KeySpace::kObjects && index_.tree_is_kept(name.key)) {
    update_tree(name.key, after, old, object);
  }
  // The tree and the counts of live bytes were updated from the same state that the index held.
  const EntryPtr replaced = index_.set(name, EntryPtr::make(facts, name.key.encoded(), scratch_state_));
  DKV_ASSERT(replaced == old);
}

void LogStore::update_tree(const Key& key, const StoredState* after, const EntryPtr& old, const ObjectPtr& object) {
  DKV_ASSERT(!object || after);
  std::uint64_t was = 0;
  if (old && !old.erased()) {
    const ObjectPtr* cached = cache_.peek(key);
    was = cached ? (*cached)->digest() : index_.state(old).object()->digest();
  }
  const std::uint64_t is = object ? object->digest() : after ? after->object()->digest() : 0;
  index_.update_tree(key, was, is);
}

// A segment that was removed is not counted.
void LogStore::count_live(std::uint32_t segment, std::int64_t bytes) {
  const auto found = log_.segments().find(segment);
  if (found == log_.segments().end()) return;
  const std::int64_t live = static_cast<std::int64_t>(found->second.live_bytes) + bytes;
  DKV_ASSERT(live >= 0 && static_cast<std::uint64_t>(live) <= found->second.bytes);
  found->second.live_bytes = static_cast<std::uint64_t>(live);
}

AppendId LogStore::put_identity(const Actor& actor) {
  DKV_ASSERT(phase_ == Phase::kOpen);
  append_keyless({KeySpace::kIdentity, kNoNode, Key()}, identity_state(actor));
  return log_.last_append();
}

void LogStore::append_keyless(const record::Name& name, std::string_view state) {
  DKV_ASSERT(record::is_keyless(name.space) && name.key.empty());
  const EntryPtr old = index_.find(name);
  const RecordPlace place = log_.append(name, false, state, {});
  log_.sync_next();
  count_live(place.segment, place.head_bytes);
  if (old) count_live(old.place().segment, -std::int64_t{old.place().head_bytes});
  index_.set(name, EntryPtr::make({.place = place}, {}, state));
}

std::optional<Actor> LogStore::identity() const {
  const EntryPtr entry = index_.find({KeySpace::kIdentity, kNoNode, Key()});
  if (!entry) return std::nullopt;
  wire::Reader in(entry.state());
  Actor actor;
  const bool read = in.u64("", actor.id.high) && in.u64("", actor.id.low) && in.varint32("", actor.epoch);
  return read ? std::optional(actor) : std::nullopt;
}

// The record must stay until the disk holds no older record of the name. All of those are in segments up to the
// present one.
AppendId LogStore::erase(const record::Name& name) {
  DKV_ASSERT(phase_ == Phase::kOpen);
  const EntryPtr old = index_.find(name);
  std::optional<StoredState> before;
  if (old && !old.erased()) before = index_.state(old);
  std::string state(4, '\0');
  wire::store(state.data(), log_.active());
  const RecordPlace place = log_.append(name, true, state, {});
  DKV_ASSERT(place.segment >= wire::load<std::uint32_t>(state.data()));  // the limit is not above the record itself
  enter(name, place, nullptr, before ? &*before : nullptr, old, state);
  if (name.space == KeySpace::kObjects) cache_.erase(name.key);
  ++stats_.appends;
  return log_.last_append();
}

ObjectPtr LogStore::find_hint(NodeId owner, const Key& key) const {
  const EntryPtr entry = index_.find({KeySpace::kHints, owner, key});
  return entry && !entry.erased() ? index_.state(entry).object() : ObjectPtr();
}

std::vector<Key> LogStore::object_keys() const {
  std::vector<Key> keys;
  index_.each_object([&](const EntryPtr& entry) {
    if (!entry.erased()) keys.push_back(*Key::decode(entry.key()));
  });
  DKV_ASSERT(keys.size() == object_count());
  std::ranges::sort(keys);
  return keys;
}

std::vector<HintName> LogStore::hints() const {
  std::vector<HintName> names;
  index_.each_other([&](const record::Name& name, const EntryPtr& entry) {
    if (name.space != KeySpace::kHints || entry.erased()) return;
    names.push_back({name.owner, name.key, index_.state(entry).created_wall_ns});
  });
  return names;
}

StoreStats LogStore::stats() const {
  StoreStats stats = stats_;
  stats.segments = log_.segments().size();
  for (const auto& [number, segment] : log_.segments()) {
    stats.live_bytes += segment.live_bytes;
    if (segment.bytes > record::kSegmentHeaderBytes) {
      stats.dead_bytes += segment.bytes - record::kSegmentHeaderBytes - segment.live_bytes;
    }
  }
  stats.keys = index_.object_count();
  index_.each_other([&](const record::Name& name, const EntryPtr& entry) {
    stats.keys += name.space == KeySpace::kHints && !entry.erased() ? 1 : 0;
  });
  stats.index_bytes = index_.bytes();
  stats.dictionaries = codecs_.dictionaries();
  stats.cache_bytes = cache_.bytes();
  stats.cache_hits = cache_.stats().hits;
  stats.cache_misses = cache_.stats().misses;
  stats.flushes = log_.flushes();
  stats.full = log_.full();
  if (merge_) {
    stats.merging_segment = merge_->victim;
    stats.merging_offset = merge_->scan.offset();
  }
  return stats;
}

}  // namespace dkv
