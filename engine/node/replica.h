#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/core/hlc.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/node/turn_env.h"
#include "engine/ports/event.h"
#include "engine/storage/storage.h"

namespace dkv {

// One party that is told when an append has become durable.
struct DurableWaiter {
  enum class Kind : std::uint8_t {
    kServe,       // the node's new epoch, with which it may serve
    kLocalAck,    // the coordinator's own copy of operation `op`
    kPeerAck,     // a ReplicaPutAck for `op` leaves to `peer`
    kEpoch,       // another epoch, begun in the middle of a life
    kTombstones,  // answer `op` of the reaper leaves to `peer`
  };
  Kind kind = Kind::kPeerAck;
  NodeId peer = kNoNode;
  OpId op = kNoOp;
};

// This node's own copies: the store, the identity under which it mints dots, and the appends that are not durable yet.
// Copyable and not thread-safe, as its node is.
class Replica {
 public:
  explicit Replica(const NodeConfig& config);

  // Timestamps up to this one may have been issued before the start.
  void observe_clock(Hlc latest, const TurnEnv& turn) noexcept { clock_.observe(latest, turn.wall_now_ns); }
  // Called when the store has forgotten dots of a key, so that none of this epoch is issued a second time.
  void forgotten(const VersionVector& seen) noexcept {
    counter_floor_ = std::max(counter_floor_, seen.highest(actor_));
  }
  // Begins an epoch under `fresh`, the id of this life alone; of `last`, the epoch on the disk, only the number goes
  // on. The epoch's record must be durable before a dot is minted in it.
  void begin_epoch(std::optional<Actor> last, ActorId fresh, const TurnEnv& turn);

  // Merges state (resident) into the key's present state. Returns the append to wait for. If state adds nothing, that
  // is the last append issued, because the record that already holds the state may not be durable yet.
  AppendId merge_in(const Key& key, const ObjectPtr& state, const TurnEnv& turn);
  // Mints a dot for a client's write that check_write() lets pass, and stores the result.
  struct Minted {
    ObjectPtr object;
    ObjectPtr copy;  // for the other replicas, resident: the object, or the write alone if the object has cold siblings
    Dot dot;
    VersionVector seen;  // by the client, once the write is done
    Hlc hlc;
    AppendId append = 0;
  };
  Minted mint(const ClientRequest& request, const TurnEnv& turn);
  // The highest counter of this epoch that may have been minted for the key although its state does not show it.
  std::uint64_t minted_unseen(const Key& key) const { return std::max(reaped_of(key).highest, counter_floor_); }

  // Forgets the key's tombstone, after the proof that no older state of the key is left anywhere.
  void reap(const Key& key, const TurnEnv& turn);
  // False once the limit of remembered reaped keys is reached, until the next epoch begins and forgets them.
  bool may_reap() const noexcept { return !next_epoch_; }
  void epoch_begun();
  // Takes out at most `most` keys that became tombstones here. At most kTombstonesNotedMax keys wait.
  std::vector<Key> take_tombstones(std::size_t most);

  // Turns at most `most` expired values into tombstones. While the disk has no room for them, they wait.
  void expire_due(std::size_t most, const TurnEnv& turn);
  // Notes that a value of the key expires at this time.
  void expires(TimeNs at_wall_ns, const Key& key) { expiring_.emplace(at_wall_ns, key); }

  // Queues a record of any key space.
  AppendId append(Record record, const TurnEnv& turn);

  // The key's object, or null. Its values may be cold.
  ObjectPtr find(const Key& key) const { return store_.find(key); }

  bool durable(AppendId id) const noexcept { return id <= durable_; }
  AppendId last_append() const noexcept { return last_append_; }
  void wait(AppendId id, const DurableWaiter& waiter);
  // All appends up to `upto` are durable. Each call has a greater `upto`.
  void durable_upto(AppendId upto) noexcept;
  // Takes out the next waiter whose append is durable.
  std::optional<DurableWaiter> next_durable();

  const Storage& store() const noexcept { return store_; }
  Storage& store() noexcept { return store_; }
  const Actor& actor() const noexcept { return actor_; }
  std::size_t waiting() const noexcept { return waiters_.size(); }

 private:
  static constexpr std::size_t kTombstonesNotedMax = 32768;
  // The dots of this epoch in the last state of a reaped key: all up to `all`, and none above `highest`.
  struct Reaped {
    std::uint64_t all = 0;
    std::uint64_t highest = 0;
  };
  Reaped reaped_of(const Key& key) const;

  struct Entry {
    AppendId id = 0;
    DurableWaiter waiter;
  };
  Storage store_;
  Actor actor_;
  std::uint64_t counter_floor_ = 0;  // dots of this epoch up to here may have been forgotten for some key
  // Keys that were reaped in this epoch. Their dots are left nowhere, so a new state may claim to have seen them.
  boost::unordered_flat_map<Key, Reaped, KeyHash> reaped_;
  std::size_t reaped_max_;
  std::optional<Actor> next_epoch_;
  bool notes_tombstones_;
  std::vector<Key> tombstones_;
  HybridClock clock_;
  // The expiry times of values, about 100 bytes for each. An entry has no effect if its key has changed since.
  std::set<std::pair<TimeNs, Key>> expiring_;
  AppendId last_append_ = 0;
  AppendId durable_ = 0;
  std::deque<Entry> waiters_;  // ascending by id
};

}  // namespace dkv
