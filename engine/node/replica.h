#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/core/hlc.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/node/counters.h"
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
    kReapAnswer,  // answer `op` of the reaper leaves to `peer`
  };
  Kind kind = Kind::kPeerAck;
  NodeId peer = kNoNode;
  OpId op = kNoOp;
};

// Each replica mints under one actor, and a sibling may keep the entry of another one. A clock with more entries and
// isolated dots has parts that can go.
inline bool has_long_clock(const Object& object, std::uint32_t replicas) noexcept {
  return object.seen().size() > replicas + object.siblings().size();
}

// This node's own copies: the store, the identity under which it mints dots, and the appends that are not durable yet.
// Copyable and not thread-safe, as its node is.
class Replica {
 public:
  explicit Replica(const NodeConfig& config);

  // Timestamps up to this one may have been issued before the start.
  void observe_clock(Hlc latest, const TurnEnv& turn) noexcept { clock_.observe(latest, turn.wall_now_ns); }
  // Called when the store has forgotten dots of a key, so that none of this epoch is issued a second time.
  void forgotten(const Key& key, const VersionVector& seen) { counters_.lost(key, seen.highest(actor_)); }
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
  // At least the highest counter of this epoch that was minted for the key, whose present state is `current`.
  std::uint64_t last_minted(const Key& key, const ObjectPtr& current) const {
    return counters_.last(key, current ? current->seen().highest(actor_) : 0).counter;
  }

  // Forgets the key's tombstone, after the proof that no older state of the key is left anywhere.
  void reap(const Key& key, const TurnEnv& turn);
  // Drops dots that nothing carries any more, by proof, from the key's clock. True when there were any. It does not
  // read the values.
  bool collapse(const Key& key, const VersionVector& gone, const TurnEnv& turn);
  // Begins another epoch when damage has left gaps in clocks, at most once in kEpochEveryNs.
  void mend_gaps(const TurnEnv& turn);
  void epoch_begun();
  // Takes out at most `most` keys that became tombstones here. At most kTombstonesNotedMax keys wait.
  std::vector<Key> take_tombstones(std::size_t most);
  // Takes out the keys whose clocks have become long here; see has_long_clock(). At most kLongClocksNotedMax wait.
  std::set<Key> take_long_clocks() { return std::exchange(long_clocks_, {}); }

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

  // Whether the disk has room for a state. removes: it has tombstones only, and uses space that is kept for deletes.
  Room room(bool removes, std::uint64_t value_bytes) const noexcept {
    return store_.room(removes ? 0 : std::max<std::uint64_t>(value_bytes, 1));
  }
  bool has_room_for(const Object& object) const noexcept {
    return room(object.deleted(), object.value_bytes()) == Room::kEnough;
  }
  const Storage& store() const noexcept { return store_; }
  Storage& store() noexcept { return store_; }
  const Actor& actor() const noexcept { return actor_; }
  std::size_t waiting() const noexcept { return waiters_.size(); }

 private:
  ObjectPtr with_claims(const Key& key, const ObjectPtr& before, ObjectPtr merged) const;

  static constexpr std::size_t kTombstonesNotedMax = 32768;
  static constexpr std::size_t kLongClocksNotedMax = 1024;
  static constexpr TimeNs kEpochEveryNs = 10 * kSecond;

  struct Entry {
    AppendId id = 0;
    DurableWaiter waiter;
  };
  Storage store_;
  Actor actor_;
  Counters counters_;
  std::optional<Actor> next_epoch_;
  TimeNs next_epoch_ns_ = 0;  // not before
  std::uint32_t replicas_;    // of each key
  bool notes_tombstones_;
  std::vector<Key> tombstones_;
  std::set<Key> long_clocks_;
  HybridClock clock_;
  // The expiry times of values, about 100 bytes for each. An entry has no effect if its key has changed since.
  std::set<std::pair<TimeNs, Key>> expiring_;
  AppendId last_append_ = 0;
  AppendId durable_ = 0;
  std::deque<Entry> waiters_;  // ascending by id
};

}  // namespace dkv
