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

// What a node asks of its world.
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
// A record that the node goes by from now on. With the memory backend the host makes it durable and answers with Synced
// or AppendFailed, for several appends at once if it likes. With the log it is for those who watch: its bytes are in
// one of the disk requests that follow.
struct Append {
  AppendId id = 0;
  Record record;
};
// Answered by DiskDone.
using AskDisk = DiskRequest;

using Effect = std::variant<Send, Reply, SetTimer, Append, AskDisk, Observation>;

// Collects what a handler asks for. The host drains it after the handler returns and reuses it.
class Outbox {
 public:
  void send(NodeId to, Message message) { effects_.emplace_back(Send{to, std::move(message)}); }
  void reply(ClientToken token, ClientReply reply) { effects_.emplace_back(Reply{token, std::move(reply)}); }
  void set_timer(TimerKind kind, std::uint64_t serial, TimeNs after_ns) {
    effects_.emplace_back(SetTimer{kind, serial, after_ns});
  }
  void append(AppendId id, Record record) { effects_.emplace_back(Append{id, std::move(record)}); }
  void ask_disk(DiskRequest request) { effects_.emplace_back(std::move(request)); }
  void observe(Observation observation) { effects_.emplace_back(std::move(observation)); }

  std::vector<Effect>& effects() noexcept { return effects_; }
  void clear() noexcept { effects_.clear(); }

 private:
  std::vector<Effect> effects_;
};

}  // namespace dkv
