// The nodes' disks: requests take their time, faults break them, and what a start gives back is held against what was
// durable.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "sim/disk/disk_reference.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

// Of the page cache and of metadata; syncs and reads are the scenario's.
constexpr TimeNs kAppendNs = 10 * kMicrosecond;

std::string describe(const ObjectPtr& object) {
  if (!object) return "nothing";
  std::string text;
  for (const Sibling& sibling : object->siblings()) text += fmt::format("{}#{}", text.empty() ? "" : " ", sibling.tag);
  return text;
}

// What the store holds under a record's name.
ObjectPtr held(const LogStore& store, const Record& record) {
  return record.space == KeySpace::kObjects ? store.find(record.key) : store.find_hint(record.owner, record.key);
}

// Whether what was expected is the last whole record of its name on the disk, and what is shown lacks some of it.
bool stands(const DiskReference& reference, const Record& name, const ObjectPtr& expected, const ObjectPtr& is) {
  return expected && digest_of(reference.last({name.space, name.owner, name.key})) == digest_of(expected) &&
         digest_of(merge(is, expected, ConflictPolicy::kSiblings)) != digest_of(is);
}

}  // namespace

void World::ask_disk(NodeId node, DiskRequest&& request) {
  Slot& slot = slots_[node];
  DiskEnds ends{.node = node};
  if (const auto* append = std::get_if<DiskAppend>(&request.what)) {
    ends.file = append->file;
    ends.sync = append->sync;
    if (append->sync || acknowledges_unsynced()) ends.upto = append->upto;
  } else if (const auto* sync = std::get_if<DiskSync>(&request.what)) {
    ends.file = sync->file;
    ends.sync = true;
  }
  const DiskFolder::Begun begun = slot.folder.begin(std::move(request));
  ends.operation = begun.id;
  ends.end_bytes = begun.end_bytes;
  TimeNs latency_ns = kAppendNs;
  switch (begun.work) {
    case DiskWork::kAppend: break;
    case DiskWork::kRead:
      ++counters_.disk_reads;
      latency_ns = scenario_->disk.read.at(disk_stream_.next());
      break;
    case DiskWork::kMetadata:
    case DiskWork::kSync: latency_ns = scenario_->disk.sync.at(disk_stream_.next()); break;
  }
  for (const auto& [fault, delay] : slot.slow_disk) latency_ns += delay.at(disk_stream_.next());
  const TimeNs end_ns = slot.folder.end_time(begun.id, now_ns_ + std::max<TimeNs>(latency_ns, 1));
  push(end_ns, ends);
}

void World::on(DiskEnds& ends, Pending&) {
  Slot& slot = slots_[ends.node];
  if (!slot.folder.in_progress(ends.operation)) return;
  if (slot.folder.stalled()) {
    slot.folder.hold(ends.operation);
    slot.stalled.push_back(ends);
    return;
  }
  finish_disk(ends);
}

void World::finish_disk(DiskEnds& ends) {
  Slot& slot = slots_[ends.node];
  DiskAnswers answers{ends.node, slot.incarnation, slot.folder.finish(ends.operation)};
  const bool ok = answers.done.status == DiskStatus::kOk;
  // During a start the store moves what it finds; what of it was appended by the last life shows once it is done.
  if (slot.ledger_open && ends.upto != 0 && ok) {
    while (!slot.disk.idle() && slot.disk.next_id() <= ends.upto) settle_next(ends.node);
  }
  if (ok && acknowledges_unsynced()) {
    if (ends.upto != 0) slot.synced.landed(ends.upto, ends.file, ends.end_bytes);
    if (ends.sync) slot.synced.synced(ends.file, slot.folder.durable_bytes(ends.file));
  }
  Pending pending{std::move(answers)};
  on(std::get<DiskAnswers>(pending.what), pending);
}

void World::on(DiskAnswers& answers, Pending& pending) {
  const NodeId node = answers.node;
  const Incarnation incarnation = answers.incarnation;
  if (!held_back(node, pending)) give(node, {.incarnation = incarnation, .what = std::move(answers.done)});
}

void World::on(Respawn& respawn, Pending&) {
  Slot& slot = slots_[respawn.node];
  if (!slot.node || slot.incarnation != respawn.incarnation) return;
  end_process(respawn.node, false);
  if (observer_) observer_->on_node(respawn.node, NodeChange::kCrashed, now_ns_);
  start_node(respawn.node);
}

void World::begin_disk_fault(NodeId node, const Fault& fault) {
  if (!log_backend()) return;
  Slot& slot = slots_[node];
  const Stream random(seed_, Purpose::kDiskFault, ++damage_draws_);
  switch (fault.kind) {
    case FaultKind::kFailSync: slot.folder.fail_syncs(true); break;
    case FaultKind::kReadErrors: slot.folder.read_errors(fault.rate_ppm, random); break;
    case FaultKind::kStalledDisk: slot.folder.stall(true); break;
    case FaultKind::kDiskFull:
      if (slot.full++ == 0) slot.folder.set_free_bytes(0);
      break;
    case FaultKind::kBitRot: counters_.disk_damages += slot.folder.rot(random) ? 1 : 0; break;
    case FaultKind::kMisdirected: counters_.disk_damages += slot.folder.misdirect(random) ? 1 : 0; break;
    default: DKV_ASSERT(!"a fault that neither the network nor a node knows");
  }
}

void World::end_disk_fault(NodeId node, const Fault& fault) {
  if (!log_backend()) return;
  Slot& slot = slots_[node];
  switch (fault.kind) {
    case FaultKind::kFailSync: slot.folder.fail_syncs(false); break;
    case FaultKind::kReadErrors: slot.folder.read_errors(0, Stream()); break;
    case FaultKind::kDiskFull:
      DKV_ASSERT(slot.full > 0);
      if (--slot.full == 0) slot.folder.set_free_bytes(std::nullopt);
      break;
    case FaultKind::kStalledDisk: {
      slot.folder.stall(false);
      if (slot.folder.stalled()) break;
      slot.folder.take_held();
      std::vector<DiskEnds> held = std::move(slot.stalled);
      slot.stalled.clear();
      for (DiskEnds& ends : held) {
        if (slot.folder.in_progress(ends.operation)) finish_disk(ends);
      }
      break;
    }
    default: break;
  }
}

// The store's index is whole again. Each name must hold what was durable, or a state that was appended after it and
// whose bytes happened to survive. Such bytes may be in the page cache only, as those are that a failed sync marked
// clean: they are durable once the store has moved them, that is with the first sync that covers all it has appended.
void World::recovered(NodeId node) {
  Slot& slot = slots_[node];
  const LogStore& store = *slot.node->store().log();
  if (slot.power_lost_ns >= 0) lose_unsynced(node, store);
  if (acknowledges_unsynced()) slot.synced.restarted(store.last_append());
  std::vector<Record> pending;
  for (; !slot.disk.idle(); slot.disk.drop_next()) pending.push_back(slot.disk.next());
  slot.ledger_open = true;
  std::vector<ObjectPtr> shown;
  for (const Record& record : pending) shown.push_back(held(store, record));
  const std::vector<Remains> remains = remains_of(pending, shown, slot.disk.durable());
  std::vector<Record> moved;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    if (remains[i] != Remains::kWhole) ++counters_.appends_lost;
    if (remains[i] == Remains::kNothing) continue;
    if (remains[i] == Remains::kParts) {
      pending[i].object = shown[i];
      if (oracle_) oracle_->clock_lost(pending[i].key);
    }
    slot.disk.append({store.last_append(), pending[i]});
    moved.push_back(std::move(pending[i]));
  }
  if (oracle_) oracle_->restarted(node, moved);
  compare(node, store, moved, slot.folder.ever_damaged() || slot.folder.ever_unreadable());
}

// Of what was acknowledged under a policy that does not wait for syncs: the names that a power loss has thrown back, as
// it may. Where the last state stands whole on the disk it may not.
FallenBack World::fallen_back(NodeId node, const LogStore& store, const DiskFolder& folder) const {
  const Slot& slot = slots_[node];
  std::vector<Record> records;
  for (const Append& append : slot.synced.unsynced()) records.push_back(append.record);
  const std::size_t acknowledged = records.size();
  for (const Append& append : slot.disk.all_pending()) records.push_back(append.record);
  std::vector<ObjectPtr> shown;
  for (const Record& record : records) shown.push_back(held(store, record));
  FallenBack back = fall_back(records, acknowledged, shown, slot.synced.image(), slot.disk.durable());
  if (back.names.empty() || folder.ever_unreadable()) return back;
  const DiskReference reference(folder);
  std::erase_if(back.names, [&](const FallenBack::Name& name) {
    return stands(reference, name.now, state_of(slot.disk.durable(), name.now), name.now.object);
  });
  return back;
}

// From here on the ledger and the oracles go by what the power loss has left; all of that is durable.
void World::lose_unsynced(NodeId node, const LogStore& store) {
  Slot& slot = slots_[node];
  const TimeNs lost_ns = std::exchange(slot.power_lost_ns, -1);
  const FallenBack back = fallen_back(node, store, slot.folder);
  counters_.appends_lost += back.records_lost;
  for (const FallenBack::Name& name : back.names) {
    if (oracle_ && name.in_parts) oracle_->clock_lost(name.now.key);
    if (oracle_) oracle_->not_synced(node, name.now, lost_ns);
    slot.disk.review_pending([&](const Record& record) { return !same_name(record, name.now); });
    slot.disk.apply(name.now);
  }
  slot.synced.take_over(slot.disk.durable());
}

// Every name against the durable image, and against what comes after it.
void World::compare(NodeId node, const LogStore& store, std::span<const Record> explained, bool excused) {
  Slot& slot = slots_[node];
  std::optional<DiskReference> reference;
  std::vector<Record> names = slot.disk.durable().records();
  for (const Key& key : store.object_keys()) names.push_back({.space = KeySpace::kObjects, .key = key});
  for (const LogStore::HintName& hint : store.hints()) {
    names.push_back({.space = KeySpace::kHints, .owner = hint.owner, .key = hint.key});
  }
  for (const Record& name : names) {
    if (name.space == KeySpace::kIdentity) continue;
    // What survived is shown: that is how it was found.
    if (std::ranges::any_of(explained, [&](const Record& record) { return same_name(record, name); })) continue;
    const ObjectPtr expected = state_of(slot.disk.durable(), name);
    const ObjectPtr is = held(store, name);
    if (digest_of(is) == digest_of(expected)) continue;
    // Damage excuses what it has hit, and nothing beside it.
    if (excused && !reference) reference.emplace(slot.folder);
    const bool standing = excused && !slot.folder.ever_unreadable() && stands(*reference, name, expected, is);
    if (!excused || standing) {
      if (oracle_) {
        oracle_->recovered_wrongly(node, name,
                                   fmt::format("its disk holds {} where {} was durable{}", describe(is),
                                               describe(expected), standing ? " and stands there undamaged" : ""),
                                   now_ns_);
      }
      if (!excused) continue;
    }
    take_over(node, name, is);
  }
}

// The disk is what it is: from here on the oracles go by it.
void World::take_over(NodeId node, const Record& name, const ObjectPtr& is) {
  if (name.space == KeySpace::kObjects) {
    if (oracle_) oracle_->damaged(node, name.key, is, now_ns_);
  } else if (oracle_) {
    oracle_->hint_damaged(node, name.owner, name.key, is, now_ns_);
  }
  sim::take_over(slots_[node].disk, name, is);
  if (!acknowledges_unsynced()) return;
  Record now = name;
  now.object = is;
  slots_[node].synced.take_over(now);
}

// Where nothing was damaged nothing may be forgotten: that is for I10 to find.
void World::damaged(NodeId node, const Key& key) {
  Slot& slot = slots_[node];
  if (!slot.ledger_open || !(slot.folder.ever_damaged() || slot.folder.ever_unreadable())) return;
  take_over(node, {.space = KeySpace::kObjects, .key = key}, slots_[node].node->store().log()->find(key));
}

// At the end: a power loss now, and a start by itself. What it finds must be what was durable, or what the policy lets
// a power loss make of it.
void World::audit(NodeId node) {
  Slot& slot = slots_[node];
  if (slot.folder.ever_damaged() || slot.folder.ever_unreadable()) return;
  DiskFolder folder = slot.folder;
  folder.process_crash();
  folder.power_loss(Stream(seed_, Purpose::kPowerLoss, ++damage_draws_));
  LogStore store(slot.node->store().log()->options());
  std::vector<DiskRequest> requests;
  std::vector<StoreEvent> events;
  store.start({requests, events});
  while (store.phase() == LogStore::Phase::kRecovering && !requests.empty()) {
    std::vector<DiskRequest> asked = std::move(requests);
    requests.clear();
    for (DiskRequest& request : asked)
      store.handle(folder.finish(folder.begin(std::move(request)).id), {requests, events});
  }
  if (store.phase() != LogStore::Phase::kOpen) {
    return oracle_->recovered_wrongly(node, {}, "its disk can't be read any more after a power loss", now_ns_);
  }
  // What was on its way may have survived.
  if (!slot.disk.idle()) return;
  std::vector<Record> explained;
  if (acknowledges_unsynced()) {
    for (FallenBack::Name& name : fallen_back(node, store, folder).names) explained.push_back(std::move(name.now));
  }
  compare(node, store, explained, false);
}

}  // namespace dkv::sim
