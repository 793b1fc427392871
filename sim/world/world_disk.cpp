// The disks of the machines: the duration of requests, and the processes that receive the answers.
#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

// The duration of an append to the page cache. A scenario sets those of syncs and reads.
constexpr TimeNs kAppendNs = 10 * kMicrosecond;

}  // namespace

void World::ask_disk(NodeId node, DiskRequest&& request) {
  Machine& machine = machines_[node];
  DiskEnds ends{.node = node};
  if (const auto* append = std::get_if<DiskAppend>(&request.what)) {
    ends.file = append->file;
    ends.sync = append->sync;
    if (append->sync || acknowledges_unsynced()) ends.upto = append->upto;
  } else if (const auto* sync = std::get_if<DiskSync>(&request.what)) {
    ends.file = sync->file;
    ends.sync = true;
  }
  const DiskFolder::Begun begun = machine.folder.begin(std::move(request));
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
  latency_ns += machine.slow_disk.draw(disk_stream_);
  const TimeNs end_ns = machine.folder.end_time(begun.id, now_ns_ + std::max<TimeNs>(latency_ns, 1));
  push(end_ns, ends);
}

void World::on(DiskEnds& ends, Scheduled&) {
  Machine& machine = machines_[ends.node];
  if (!machine.folder.in_progress(ends.operation)) return;
  if (machine.folder.stalled()) {
    machine.folder.hold(ends.operation);
    machine.stalled.push_back(ends);
    return;
  }
  finish_disk(ends);
}

void World::finish_disk(DiskEnds& ends) {
  Machine& machine = machines_[ends.node];
  DiskAnswers answers{ends.node, machine.incarnation, machine.folder.finish(ends.operation)};
  const bool ok = answers.done.status == DiskStatus::kOk;
  // During a start the store moves the records that it finds. Only the end of the start shows which appends of the
  // last life survived.
  if (machine.ledger_open && ends.upto != 0 && ok) {
    while (!machine.records.idle() && machine.records.next_id() <= ends.upto) settle_next(ends.node);
  }
  if (ok && acknowledges_unsynced()) {
    if (ends.upto != 0) machine.synced.landed(ends.upto, ends.file, ends.end_bytes);
    if (ends.sync) machine.synced.synced(ends.file, machine.folder.durable_bytes(ends.file));
  }
  Scheduled event{std::move(answers)};
  on(std::get<DiskAnswers>(event.what), event);
}

void World::on(DiskAnswers& answers, Scheduled& event) {
  const NodeId node = answers.node;
  const Incarnation incarnation = answers.incarnation;
  if (!held_back(node, event)) give(node, {.incarnation = incarnation, .what = std::move(answers.done)});
}

void World::on(Respawn& respawn, Scheduled&) {
  Machine& machine = machines_[respawn.node];
  if (!machine.node || machine.incarnation != respawn.incarnation) return;
  end_process(respawn.node, false);
  if (observer_) observer_->on_node(respawn.node, NodeChange::kCrashed, now_ns_);
  start_process(respawn.node);
}

RecoveryAudit World::audit(NodeId node) {
  return {node, machines_[node], oracle_, counters_, acknowledges_unsynced(), now_ns_};
}

}  // namespace dkv::sim
