#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/core/hlc.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/node/turn.h"
#include "engine/ports/event.h"
#include "engine/storage/memory_store.h"

namespace dkv {

// Who is told when an append has become durable.
struct DurableWaiter {
  enum class Kind : std::uint8_t {
    kServe,     // the node's new epoch: it may serve
    kLocalAck,  // the coordinator's own copy of operation `op`
    kPeerAck,   // a ReplicaPutAck for `op` leaves to `peer`
  };
  Kind kind = Kind::kPeerAck;
  NodeId peer = kNoNode;
  OpId op = kNoOp;
};

// This node's own copies: what it stores, under which identity it mints dots, and which appends are still on their way
// to the disk.
class Replica {
 public:
  explicit Replica(const NodeConfig& config);

  // Takes over an object that the disk gave back.
  void recover(const Key& key, ObjectPtr object);
  // Begins a new epoch: this start can't prove that no dot of the last one was forgotten (copies leave before the local
  // sync). The record must be durable before a dot is minted in it.
  void begin_epoch(std::optional<Actor> last, ActorId fresh, const Turn& turn);

  // Merges state into what the key holds. Answers with the append to wait for: a new one, or, when state adds nothing,
  // the last one issued, because what makes it add nothing may not be durable yet.
  AppendId merge_in(const Key& key, const ObjectPtr& state, const Turn& turn);
  // Mints a dot for a client's write that check_write() lets pass, and stores the result.
  struct Minted {
    ObjectPtr object;
    Dot dot;
    Hlc hlc;
    AppendId append = 0;
  };
  Minted mint(const ClientRequest& request, const Turn& turn);

  // Queues a record of any key space.
  AppendId append(Record record, const Turn& turn);

  bool durable(AppendId id) const noexcept { return id <= durable_; }
  AppendId last_append() const noexcept { return last_append_; }
  void wait(AppendId id, const DurableWaiter& waiter);
  // All appends up to upto are durable: takes out the next waiter that this satisfies, if any.
  void synced(AppendId upto) noexcept;
  std::optional<DurableWaiter> next_durable();

  const MemoryStore& store() const noexcept { return store_; }
  const Actor& actor() const noexcept { return actor_; }
  std::size_t waiting() const noexcept { return waiters_.size(); }

 private:
  struct Entry {
    AppendId id = 0;
    DurableWaiter waiter;
  };
  ConflictPolicy policy_;
  MemoryStore store_;
  Actor actor_;
  HybridClock clock_;
  AppendId last_append_ = 0;
  AppendId durable_ = 0;
  std::deque<Entry> waiters_;  // ascending by id
};

}  // namespace dkv
