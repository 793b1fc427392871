// The dictionaries with which a store packs small values. Each is a record of its own, which is written once, moved
// by merges and never erased, so that each value finds its dictionary. A dictionary packs values only after it has
// been synced: a power loss may take any unsynced bytes, and no value may be left without its dictionary.
#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "engine/protocol/wire_format.h"
#include "engine/storage/log_store.h"

namespace dkv {
namespace {

// The state of a dictionary's record: u32 its serial number (the last one packs), u32 percentage saved on its
// samples, the bytes.
constexpr std::size_t kFactsBytes = 8;

std::string dictionary_state(std::uint32_t number, std::uint32_t saved_percent, std::string_view bytes) {
  std::string state(kFactsBytes, '\0');
  wire::store(state.data(), number);
  wire::store(state.data() + 4, saved_percent);
  return state.append(bytes);
}

// The id is a hash of the bytes. So a dictionary that was lost to damage never shares its id with the next one, which
// would unpack the values of the lost one to wrong bytes.
std::uint32_t dictionary_id(std::string_view bytes) {
  return static_cast<std::uint32_t>(hash64(bytes));
}

record::Name dictionary_name(std::uint32_t id) {
  return {KeySpace::kDictionaries, id, Key()};
}

}  // namespace

// Called at the end of a turn, so that no put finds an unexpected record after its own.
void LogStore::train_dictionary(StoreOut out) {
  if (!plan_.due() ||
      log_.room(record::kHeadBytesMin + kFactsBytes + DictionaryTrainer::kDictionaryBytesMax) != Room::kEnough) {
    return;
  }
  const auto trained = plan_.train();
  if (!trained) return;
  const std::string_view bytes = trained->dictionary.view();
  const std::uint32_t id = dictionary_id(bytes);
  if (codecs_.has_dictionary(id) || !codecs_.add_dictionary(id, trained->dictionary)) return plan_.rest();
  last_dictionary_ = {.id = id, .number = last_dictionary_.number + 1, .saved_percent = trained->saved_percent};
  append_keyless(dictionary_name(id), dictionary_state(last_dictionary_.number, trained->saved_percent, bytes));
  await_dictionary(out);
}

// False when the state is damaged.
bool LogStore::recover_dictionary(std::uint32_t id, std::string_view state) {
  if (state.size() < kFactsBytes || dictionary_id(state.substr(kFactsBytes)) != id) return false;
  if (!codecs_.add_dictionary(id, Blob(state.substr(kFactsBytes)))) return false;
  const auto number = wire::load<std::uint32_t>(state.data());
  if (number < last_dictionary_.number) return true;
  last_dictionary_ = {.id = id, .number = number, .saved_percent = wire::load<std::uint32_t>(state.data() + 4)};
  return true;
}

void LogStore::begin_dictionaries(StoreOut out) {
  if (!options_.dictionaries) return;
  if (last_dictionary_.number == 0) return plan_.gather();
  await_dictionary(out);
}

// Waits for all appends so far, because a start may have moved the dictionary's record.
void LogStore::await_dictionary(StoreOut out) {
  DKV_ASSERT(!awaited_ && codecs_.has_dictionary(last_dictionary_.id));
  awaited_.emplace(AwaitedDictionary{.durable_with = log_.last_append()});
  use_dictionary(out);
}

void LogStore::use_dictionary(StoreOut out) {
  if (!awaited_ || awaited_->sync_ticket != 0 || log_.durable() < awaited_->durable_with) return;
  if (options_.sync != SyncPolicy::kAlways && !awaited_->synced) {
    DKV_ASSERT(index_.find(dictionary_name(last_dictionary_.id)));
    const std::uint32_t segment = index_.find(dictionary_name(last_dictionary_.id)).place().segment;
    awaited_->sync_ticket = desk_.ask(DiskSync{{FileKind::kSegment, segment}}, out.disk);
    return;
  }
  codecs_.pack_with(last_dictionary_.id);
  plan_.packs(last_dictionary_.saved_percent, codecs_.dictionaries() < DictionaryPlan::kDictionariesMax);
  awaited_.reset();
}

void LogStore::dictionary_synced(const DiskDone& done, StoreOut out) {
  DKV_ASSERT(awaited_->sync_ticket == done.ticket && log_.durable() >= awaited_->durable_with);
  awaited_->sync_ticket = 0;
  if (done.status != DiskStatus::kOk) return fail("a sync failed", out);
  awaited_->synced = true;
  use_dictionary(out);
}

}  // namespace dkv
