// Reads of values that are not in memory.
#include <utility>

#include "engine/core/assert.h"
#include "engine/protocol/wire_format.h"
#include "engine/storage/log_store.h"

namespace dkv {

StoreFetch LogStore::fetch(const record::Name& name, StoreOut out) {
  DKV_ASSERT(phase_ == Phase::kOpen);
  if (name.space == KeySpace::kObjects) {
    if (const ObjectPtr* cached = cache_.find(name.key)) return {.object = *cached, .id = 0};
  }
  EntryPtr entry = index_.find(name);
  if (!entry || entry.erased()) return {};
  const FetchId id = ++last_fetch_;
  Fetching fetching{.name = name, .entry = entry, .state = index_.state(entry)};
  fetching.values.resize(fetching.state.versions.size());
  for (std::size_t i = 0; i < fetching.values.size(); ++i) {
    const StoredState::Version& version = fetching.state.versions[i];
    if (!version.has_value()) continue;
    const ValuePlace& place = version.place;
    if (const auto held = log_.in_memory(place.segment, place.offset, place.bytes_on_disk())) {
      DKV_ASSERT(take_value(fetching, i, *held));
      continue;
    }
    ++stats_.reads;
    ++fetching.reads_left;
    ask_value({.fetch = id, .version = static_cast<std::uint32_t>(i)}, place, out);
  }
  if (fetching.reads_left == 0) return {.object = finish_fetch(fetching, out), .id = 0};
  DKV_ASSERT(fetches_.empty() || fetches_.rbegin()->first < id);
  fetches_.emplace(id, std::move(fetching));
  return {.id = id};
}

void LogStore::ask_value(const ValueRead& read, const ValuePlace& place, StoreOut out) {
  DKV_ASSERT(!place.lost());
  const DiskTicket ticket =
      desk_.ask(DiskRead{{FileKind::kSegment, place.segment}, place.offset, place.bytes_on_disk()}, out.disk);
  DKV_ASSERT(value_reads_.empty() || value_reads_.rbegin()->first < ticket);
  value_reads_.emplace(ticket, read);
}

// False when the bytes differ from the value that was written.
bool LogStore::take_value(Fetching& fetching, std::size_t index, std::string_view bytes) {
  const StoredState::Version& version = fetching.state.versions[index];
  if (bytes.size() != version.place.bytes_on_disk()) return false;
  const std::string_view stored = bytes.substr(4);
  const std::uint32_t checksum = record::value_checksum(fetching.name.key, version.sibling.dot.counter, stored);
  if (wire::load<std::uint32_t>(bytes.data()) != checksum) return false;
  Result<Blob> value = codecs_.unpack(version.place.codec, stored, version.sibling.cold_bytes);
  if (!value) return false;
  fetching.values[index] = std::move(*value);
  return true;
}

void LogStore::value_read(const ValueRead& read, DiskDone& done, StoreOut out) {
  const auto found = fetches_.find(read.fetch);
  DKV_ASSERT(found != fetches_.end());
  Fetching& fetching = found->second;
  DKV_ASSERT(fetching.reads_left > 0 && read.version < fetching.values.size());
  DKV_ASSERT(fetching.values[read.version].empty());  // each value is read once
  if (done.status == DiskStatus::kFailed && read.failures + 1 < kReadTries) {
    ValueRead again = read;
    ++again.failures;
    return ask_value(again, fetching.state.versions[read.version].place, out);
  }
  if (done.status != DiskStatus::kOk || !take_value(fetching, read.version, done.bytes.view())) {
    fetching.state.versions[read.version].place = {};
    fetching.damaged = true;
    ++stats_.damaged_values;
  }
  if (--fetching.reads_left > 0) return;
  out.events.push_back(StoreFetched{read.fetch, finish_fetch(fetching, out)});
  fetches_.erase(found);
}

// The object as it was at the time of the request. The index may hold a newer state by now.
ObjectPtr LogStore::finish_fetch(Fetching& fetching, StoreOut out) {
  DKV_ASSERT(fetching.reads_left == 0);
  const bool current = index_.find(fetching.name) == fetching.entry;
  if (fetching.damaged) {
    if (current) forget_lost(fetching.name, fetching.entry, fetching.state, out);
    return {};
  }
  boost::container::small_vector<Sibling, 2> siblings;
  for (std::size_t i = 0; i < fetching.values.size(); ++i) {
    DKV_ASSERT(fetching.values[i].size() == fetching.state.versions[i].sibling.cold_bytes);
    Sibling& sibling = siblings.emplace_back(fetching.state.versions[i].sibling);
    sibling.value = std::move(fetching.values[i]);
    sibling.cold_bytes = 0;
  }
  ObjectPtr object = Object::make(fetching.state.seen, {siblings.data(), siblings.size()});
  if (current && fetching.name.space == KeySpace::kObjects) cache_.put(fetching.name.key, object);
  return object;
}

// The next start finds the same damage again, unless a newer record of the name follows it by then.
void LogStore::forget_lost(const record::Name& name, const EntryPtr& entry, StoredState state, StoreOut out) {
  DKV_ASSERT(entry && !entry.erased() && index_.find(name) == entry);
  const StoredState before = index_.state(entry);
  const NodeId hint_for = name.space == KeySpace::kHints ? name.owner : kNoNode;
  out.events.push_back(StoreDamaged{hint_for, name.key, before.seen});
  if (name.space == KeySpace::kObjects) cache_.erase(name.key);
  const EntryPtr held = entry;  // the index releases it below
  const bool left = state.forget_lost();
  DKV_ASSERT(state.versions.size() < before.versions.size());
  enter(name, held.place(), left ? &state : nullptr, &before, held, {});
  if (!left) forget(name, index_.find(name));
}

}  // namespace dkv
