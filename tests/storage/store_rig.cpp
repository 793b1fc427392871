#include "tests/storage/store_rig.h"

#include <rapidcheck.h>

#include <algorithm>

namespace dkv::testing {

Key store_key(std::string_view name) {
  return *Key::make(kDefaultBucket, name);
}

ObjectPtr one_version(std::string_view value, std::uint64_t counter, const Actor& actor) {
  Sibling sibling{.dot = {actor, counter}, .hlc = {counter << 16}, .tag = counter, .value = Blob(value)};
  return Object::make(VersionVector().merged(VersionVector::from_sorted({{{actor, counter}}})), {&sibling, 1});
}

std::string text_of(const ObjectPtr& object) {
  if (!object) return "none";
  std::string text;
  for (const Sibling& sibling : object->siblings()) {
    if (!text.empty()) text += "|";
    text += sibling.tombstone ? "deleted" : sibling.cold_bytes > 0 ? "cold" : std::string(sibling.value.view());
  }
  return text;
}

StoreOptions StoreRig::small() {
  StoreOptions options;
  options.partitions = 8;
  options.segment_bytes = 64u << 10;
  options.cache_bytes = 0;  // every value is cold once it is on the disk
  options.scan_bytes = 4u << 10;
  return options;
}

void StoreRig::start() {
  store.emplace(options_);
  durable = 0;
  failure.clear();
  report = {};
  disk.waiting.clear();
  store->start(out());
  settle();
}

void StoreRig::lose_power_and_start(std::size_t keep) {
  disk.lose_power(keep);
  start();
}

bool StoreRig::step() {
  hand_over();
  std::optional<DiskDone> done = disk.carry_out();
  if (!done) return false;
  store->handle(std::move(*done), out());
  hand_over();
  take_events();
  return true;
}

void StoreRig::settle() {
  while (step()) {
  }
}

void StoreRig::flush() {
  store->flush(out());
  hand_over();
}

void StoreRig::flush_and_settle() {
  flush();
  settle();
}

void StoreRig::damage(std::string_view bytes) {
  std::string& segment = *disk.segment(1);
  const std::size_t at = segment.find(bytes);
  REQUIRE(at != std::string::npos);
  segment[at] ^= 1;
}

AppendId StoreRig::put(std::string_view key, std::string_view value, std::uint64_t counter) {
  return store->put(store_key(key), one_version(value, counter));
}

void StoreRig::write(std::string_view key, std::string_view value, std::uint64_t counter) {
  const AppendId id = put(key, value, counter);
  flush_and_settle();
  REQUIRE(durable >= id);
}

void StoreRig::tick() {
  now_ns += kSecond;
  store->tick(now_ns, out());
  settle();
}

std::string StoreRig::read(std::string_view key) {
  const bool known = static_cast<bool>(store->find(store_key(key)));
  const StoreFetch fetch = store->fetch(store_key(key), out());
  if (fetch.id == 0) return fetch.object || !known ? text_of(fetch.object) : "lost";
  settle();
  REQUIRE(fetched.count(fetch.id) == 1);
  const ObjectPtr object = fetched.at(fetch.id);
  return object ? text_of(object) : "lost";
}

void be_a_map(StoreRig& rig, const std::function<std::string(std::size_t)>& make_value) {
  std::map<std::string, std::vector<std::string>> written;  // by key: every value, oldest first
  std::map<std::string, std::size_t> durable;               // by key: the least number of durable ones
  std::vector<std::pair<AppendId, std::string>> pending;
  std::uint64_t counter = 0;
  const auto note_durable = [&] {
    while (!pending.empty() && pending.front().first <= rig.durable) {
      const std::string& key = pending.front().second;
      durable[key] = std::max(durable[key], durable[key] + 1);
      pending.erase(pending.begin());
    }
  };
  const int steps = *rc::gen::inRange(20, 200);
  for (int i = 0; i < steps; ++i) {
    const int what = *rc::gen::inRange(0, 20);
    const std::string key = "k" + std::to_string(*rc::gen::inRange(0, 8));
    if (what < 12) {
      const std::string value = make_value(static_cast<std::size_t>(*rc::gen::inRange(0, 6'000)));
      written[key].push_back(value);
      pending.emplace_back(rig.put(key, value, ++counter), key);
      rig.flush();
    } else if (what < 15) {
      for (int step = *rc::gen::inRange(1, 12); step > 0 && rig.step(); --step) {
      }
      note_durable();
    } else if (what < 17) {
      rig.tick();
      note_durable();
    } else {
      rig.lose_power_and_start(what == 19 ? 0 : static_cast<std::size_t>(*rc::gen::inRange(0, 3'000)));
      RC_ASSERT(rig.store->phase() == LogStore::Phase::kOpen);
      RC_ASSERT(rig.report.damaged_places == 0u);
      pending.clear();
      for (auto& [name, values] : written) {
        const std::string found = rig.read(name);
        std::size_t at = values.size();
        while (at > 0 && values[at - 1] != found) --at;
        RC_ASSERT(at >= durable[name]);
        RC_ASSERT(at > 0 || found == "none");
        values.resize(at);
        durable[name] = at;  // everything that a start has shown is durable once it has finished
      }
      rig.flush_and_settle();
    }
  }
  rig.flush_and_settle();
  for (const auto& [name, values] : written) {
    RC_ASSERT(rig.read(name) == (values.empty() ? "none" : values.back()));
  }
}

void StoreRig::hand_over() {
  for (DiskRequest& request : requests_) disk.waiting.push_back(std::move(request));
  requests_.clear();
}

void StoreRig::take_events() {
  for (StoreEvent& event : events) {
    if (const auto* recovered = std::get_if<StoreRecovered>(&event)) {
      report = recovered->report;
      identity = recovered->identity;
    } else if (const auto* synced = std::get_if<StoreDurable>(&event)) {
      REQUIRE(synced->upto > durable);
      durable = synced->upto;
    } else if (auto* got = std::get_if<StoreFetched>(&event)) {
      fetched[got->fetch] = got->object;
    } else if (auto* lost = std::get_if<StoreDamaged>(&event)) {
      damaged.push_back(std::move(*lost));
    } else {
      failure = std::get<StoreFailed>(event).what;
    }
  }
  events.clear();
}

}  // namespace dkv::testing
