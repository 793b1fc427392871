#pragma once

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/types.h"
#include "engine/ports/event.h"
#include "engine/ports/observation.h"
#include "engine/ports/storage.h"

namespace dkv {

// The effects that a node requests from its host.
struct Send {
  NodeId to = kNoNode;
  Message message;
};
struct Reply {
  ClientToken token = 0;
  ClientReply reply;
};
struct SetTimer {
  TimerKind kind = TimerKind::kHeartbeat;
  std::uint64_t serial = 0;
  TimeNs after_ns = 0;  // at least 1
};
// A record that is in force in the node from now on. A host does nothing about it: it is for observers. If the store
// uses a disk, the bytes of the record are in a disk request of this turn or of a later one.
struct Append {
  AppendId id = 0;
  Record record;
};

using Effect = std::variant<Send, Reply, SetTimer, Append, Observation>;

// Collects the effects of a handler. After the handler returns, the host drains the outbox and reuses it: first the
// effects in order, then the disk requests in order. So messages leave before the disk begins to work.
class Outbox {
 public:
  void send(NodeId to, Message message) { effects_.emplace_back(Send{to, std::move(message)}); }
  void reply(ClientToken token, ClientReply reply) { effects_.emplace_back(Reply{token, std::move(reply)}); }
  void set_timer(TimerKind kind, std::uint64_t serial, TimeNs after_ns) {
    effects_.emplace_back(SetTimer{kind, serial, after_ns});
  }
  void append(AppendId id, Record record) { effects_.emplace_back(Append{id, std::move(record)}); }
  void observe(Observation observation) { effects_.emplace_back(std::move(observation)); }

  std::vector<Effect>& effects() noexcept { return effects_; }
  // Each is answered by one DiskDone.
  std::vector<DiskRequest>& disk_requests() noexcept { return disk_requests_; }
  bool empty() const noexcept { return effects_.empty() && disk_requests_.empty(); }
  void clear() noexcept {
    effects_.clear();
    disk_requests_.clear();
  }

 private:
  std::vector<Effect> effects_;
  std::vector<DiskRequest> disk_requests_;
};

}  // namespace dkv
