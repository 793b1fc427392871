#include "tests/storage/conformance.h"

namespace dkv::testing {
namespace {

constexpr Actor kActor{ActorId{7, 9}, 1};

std::string text_of(const ObjectPtr& object) {
  if (!object) return "none";
  std::string text;
  for (const Sibling& sibling : object->siblings()) {
    text += (text.empty() ? "" : ",") + std::string(sibling.value.view());
  }
  return text;
}

}  // namespace

std::vector<StorageOptions> all_backends() {
  std::vector<StorageOptions> all;
  for (const StorageBackendName& name : kStorageBackends) {
    for (const SyncPolicy policy : {SyncPolicy::kAlways, SyncPolicy::kInterval, SyncPolicy::kNever}) {
      StorageOptions options;
      options.backend = name.backend;
      options.partitions = 8;
      options.segment_bytes = 64u << 10;
      options.cache_bytes = 0;  // a value is cold as soon as it is on a disk
      options.sync = policy;
      if (policy != SyncPolicy::kAlways && !storage_traits(options).uses_disk) continue;
      all.push_back(options);
    }
  }
  return all;
}

std::string described(const StorageOptions& options) {
  return std::string(storage_backend_name(options.backend)) + ", sync " + sync_policy_name(options.sync);
}

Key ConformanceRig::conformance_key(std::string_view name) {
  return *Key::make("b", name);
}

ObjectPtr ConformanceRig::object(std::string_view value, std::uint64_t counter) {
  Sibling sibling{.dot = {kActor, counter}, .hlc = {counter << 16}, .tag = counter, .value = Blob(value)};
  return Object::make(VersionVector().with(sibling.dot), {&sibling, 1});
}

ConformanceRig::ConformanceRig(const StorageOptions& options) : store(options), options_(options) {
  begin();
}

void ConformanceRig::begin() {
  durable = 0;
  recovered = false;
  identity.reset();
  fetched_.clear();
  out_.clear();
  CHECK_FALSE(store.open());
  store.begin_turn(++now_ns_);
  store.start(out_);
  end_turn();
  settle();
  REQUIRE(recovered);
  REQUIRE(store.open());
}

void ConformanceRig::exit_and_start() {
  // The operating system carries out the appends that it has received, but nobody gets an answer.
  while (disk.carry_out()) {
  }
  store = Storage::fresh(store);
  begin();
}

void ConformanceRig::lose_power_and_start() {
  disk.lose_power();
  store = Storage::fresh(store);
  begin();
}

void ConformanceRig::end_turn() {
  take_events();
  store.end_turn(out_);
  take_events();
  for (DiskRequest& request : out_.disk_requests()) {
    ++disk_requests;
    disk.waiting.push_back(std::move(request));
  }
  CHECK(out_.effects().empty());  // only a node adds effects
  out_.clear();
}

bool ConformanceRig::step() {
  auto done = disk.carry_out();
  if (!done) return false;
  store.begin_turn(++now_ns_);
  store.handle(std::move(*done), out_);
  end_turn();
  return true;
}

void ConformanceRig::settle() {
  while (step()) {
  }
}

AppendId ConformanceRig::put(std::string_view key, std::string_view value, std::uint64_t counter) {
  return put_record({.key = conformance_key(key), .object = object(value, counter)});
}

AppendId ConformanceRig::put_hint(NodeId owner, std::string_view key, std::string_view value, std::uint64_t counter) {
  return put_record({.space = KeySpace::kHints,
                     .owner = owner,
                     .key = conformance_key(key),
                     .object = object(value, counter),
                     .created_wall_ns = static_cast<TimeNs>(counter)});
}

AppendId ConformanceRig::put_record(Record record) {
  store.begin_turn(++now_ns_);
  const AppendId before = store.last_append();
  const AppendId id = store.put(record);
  CHECK(id > before);
  CHECK(id > durable);
  end_turn();
  return id;
}

std::string ConformanceRig::read(std::string_view key) {
  store.begin_turn(++now_ns_);
  return wait_for(store.fetch(conformance_key(key), out_));
}

std::string ConformanceRig::read_hint(NodeId owner, std::string_view key) {
  store.begin_turn(++now_ns_);
  return wait_for(store.fetch_hint(owner, conformance_key(key), out_));
}

std::string ConformanceRig::wait_for(const StoreFetch& fetch) {
  end_turn();
  if (fetch.id == 0) {
    if (fetch.object) CHECK(fetch.object->resident());
    return text_of(fetch.object);
  }
  CHECK_FALSE(fetch.object);
  settle();
  const auto found = fetched_.find(fetch.id);
  REQUIRE(found != fetched_.end());
  REQUIRE(found->second);
  CHECK(found->second->resident());
  return text_of(found->second);
}

void ConformanceRig::take_events() {
  while (const auto event = store.next_event()) {
    if (const auto* start = std::get_if<StoreRecovered>(&*event)) {
      CHECK_FALSE(recovered);
      recovered = true;
      report = start->report;
      identity = start->identity;
    } else if (const auto* mark = std::get_if<StoreDurable>(&*event)) {
      CHECK(mark->upto > durable);
      CHECK(mark->upto <= store.last_append());
      durable = mark->upto;
    } else if (const auto* fetched = std::get_if<StoreFetched>(&*event)) {
      INFO("a fetch is answered twice");
      CHECK(fetched_.emplace(fetched->fetch, fetched->object).second);
    } else {
      FAIL("a whole disk damaged or failed a store");
    }
  }
}

}  // namespace dkv::testing
