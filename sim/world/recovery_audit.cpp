// Compares the records that a start finds with the records that were durable.
#include "sim/world/recovery_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/core/assert.h"
#include "sim/disk/disk_reference.h"

namespace dkv::sim {
namespace {

std::string describe(const ObjectPtr& object) {
  if (!object) return "nothing";
  std::string text;
  for (const Sibling& sibling : object->siblings()) text += fmt::format("{}#{}", text.empty() ? "" : " ", sibling.tag);
  return text;
}

// The store's state under a record's name.
ObjectPtr held(const Storage& store, const Record& record) {
  return record.space == KeySpace::kObjects ? store.find(record.key) : store.find_hint(record.owner, record.key);
}

// True when the disk's last whole record of the name is the expected one, although the shown state does not have all
// of it.
bool stands(const DiskReference& reference, const Record& name, const ObjectPtr& expected, const ObjectPtr& is) {
  return expected && digest_of(reference.last({name.space, name.owner, name.key})) == digest_of(expected) &&
         digest_of(merge(is, expected, ConflictPolicy::kSiblings)) != digest_of(is);
}

}  // namespace

// Each name must hold the state that was durable, or a later one whose bytes happened to survive. Such bytes may be in
// the page cache only, for example after a failed sync that marked them as clean. They become durable with the first
// sync that covers everything that the store has moved.
void RecoveryAudit::started() {
  const Storage& store = machine_.node->store();
  if (machine_.power_lost_ns >= 0) lose_unsynced(store);
  if (acknowledges_unsynced_) machine_.synced.restarted(store.last_append());
  std::vector<Record> pending;
  for (; !machine_.records.idle(); machine_.records.drop_next()) pending.push_back(machine_.records.next());
  machine_.ledger_open = true;
  std::vector<ObjectPtr> shown;
  for (const Record& record : pending) shown.push_back(held(store, record));
  const std::vector<Remains> remains = remains_of(pending, shown, machine_.records.durable());
  std::vector<Record> moved;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    if (remains[i] != Remains::kWhole) ++counters_.appends_lost;
    if (remains[i] == Remains::kNothing) continue;
    if (remains[i] == Remains::kParts) {
      pending[i].object = shown[i];
      oracle_.clock_lost(pending[i].key);
    }
    machine_.records.append({store.last_append(), pending[i]});
    moved.push_back(std::move(pending[i]));
  }
  oracle_.restarted(node_, moved);
  compare(store, moved, disk_failed());
}

// The names whose acknowledged states a power loss has taken, under a policy that does not wait for syncs. A name
// whose last state is still whole on the disk is not listed: its loss is a violation.
FallenBack RecoveryAudit::fallen_back(const Storage& store, const DiskFolder& folder) const {
  std::vector<Record> records;
  for (const Append& append : machine_.synced.unsynced()) records.push_back(append.record);
  const std::size_t acknowledged = records.size();
  for (const Append& append : machine_.records.all_pending()) records.push_back(append.record);
  std::vector<ObjectPtr> shown;
  for (const Record& record : records) shown.push_back(held(store, record));
  FallenBack back = fall_back(records, acknowledged, shown, machine_.synced.image(), machine_.records.durable());
  if (back.names.empty() || folder.ever_unreadable()) return back;
  const DiskReference reference(folder);
  std::erase_if(back.names, [&](const FallenBack::Name& name) {
    return stands(reference, name.now, state_of(machine_.records.durable(), name.now), name.now.object);
  });
  return back;
}

// From now on the ledger and the oracles continue with the records that the power loss has left. All of them are
// durable.
void RecoveryAudit::lose_unsynced(const Storage& store) {
  const TimeNs lost_ns = std::exchange(machine_.power_lost_ns, -1);
  const FallenBack back = fallen_back(store, machine_.folder);
  counters_.appends_lost += back.records_lost;
  for (const FallenBack::Name& name : back.names) {
    if (name.in_parts) oracle_.clock_lost(name.now.key);
    oracle_.not_synced(node_, name.now, lost_ns);
    machine_.records.review_pending([&](const Record& record) { return !same_name(record, name.now); });
    machine_.records.apply(name.now);
  }
  machine_.synced.take_over(machine_.records.durable());
}

// Compares every name with the durable image. `explained` are names that may differ from it.
void RecoveryAudit::compare(const Storage& store, std::span<const Record> explained, bool excused) {
  std::optional<DiskReference> reference;
  std::vector<Record> names = machine_.records.durable().records();
  for (const Key& key : store.object_keys()) names.push_back({.space = KeySpace::kObjects, .key = key});
  for (const HintName& hint : store.hints()) {
    names.push_back({.space = KeySpace::kHints, .owner = hint.owner, .key = hint.key});
  }
  for (const Record& name : names) {
    if (name.space == KeySpace::kIdentity) continue;
    // The states of these names are explained already.
    if (std::ranges::any_of(explained, [&](const Record& record) { return same_name(record, name); })) continue;
    const ObjectPtr expected = state_of(machine_.records.durable(), name);
    const ObjectPtr is = held(store, name);
    if (digest_of(is) == digest_of(expected)) continue;
    // Damage excuses the records that it has hit, and no others.
    if (excused && !reference) reference.emplace(machine_.folder);
    const bool standing = excused && !machine_.folder.ever_unreadable() && stands(*reference, name, expected, is);
    if (!excused || standing) {
      oracle_.recovered_wrongly(node_, name,
                                fmt::format("its disk holds {} where {} was durable{}", describe(is),
                                            describe(expected), standing ? " and is still there undamaged" : ""),
                                now_ns_);
      if (!excused) continue;
    }
    take_over(name, is);
  }
}

// From now on the ledgers and the oracles continue with the state that the store shows.
void RecoveryAudit::take_over(const Record& name, const ObjectPtr& is) {
  if (name.space == KeySpace::kObjects) {
    oracle_.damaged(node_, name.key, is, now_ns_);
  } else {
    oracle_.hint_damaged(node_, name.owner, name.key, is, now_ns_);
  }
  sim::take_over(machine_.records, name, is);
  if (!acknowledges_unsynced_) return;
  Record now = name;
  now.object = is;
  machine_.synced.take_over(now);
}

void RecoveryAudit::hint_lost(NodeId owner, const Key& key) {
  take_over({.space = KeySpace::kHints, .owner = owner, .key = key}, {});
}

void RecoveryAudit::damage_found(const Key& key) {
  if (!machine_.ledger_open || !disk_failed()) return;
  take_over({.space = KeySpace::kObjects, .key = key}, machine_.node->store().find(key));
}

void RecoveryAudit::last_power_loss(Stream random) {
  DKV_ASSERT(!disk_failed());
  DiskFolder folder = machine_.folder;
  folder.process_crash();
  folder.power_loss(random);
  Storage store = Storage::fresh(machine_.node->store());
  Outbox out;
  store.start(out);
  while (!store.open() && !out.disk_requests().empty()) {
    const std::vector<DiskRequest> asked = std::move(out.disk_requests());
    out.clear();
    for (const DiskRequest& request : asked) {
      store.handle(folder.finish(folder.begin(DiskRequest(request)).id), out);
    }
  }
  if (!store.open()) {
    return oracle_.recovered_wrongly(node_, {}, "its disk cannot be read after a power loss", now_ns_);
  }
  // Pending records may have survived or not, so there is nothing to expect of them.
  if (!machine_.records.idle()) return;
  std::vector<Record> explained;
  if (acknowledges_unsynced_) {
    for (FallenBack::Name& name : fallen_back(store, folder).names) explained.push_back(std::move(name.now));
  }
  compare(store, explained, false);
}

}  // namespace dkv::sim
