#include "engine/node/anti_entropy.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "engine/node/fetches.h"
#include "engine/node/receive.h"
#include "engine/node/stamps.h"
#include "engine/protocol/codec.h"

namespace dkv {
namespace {

// The limit of one answer, unless its first object alone is larger. The rest waits for the next round.
constexpr std::uint64_t kAnswerBytesMax = 8u << 20;
// Copies of a write are still on their way, or wait to be acknowledged. A difference in a key that was written within
// this time is not believed yet.
constexpr std::uint64_t kFreshMs = 1000;
// Every eighth list is believed at once. So a clock that stands still cannot keep a difference for good.
constexpr std::uint64_t kListsToBelieve = 8;

bool shared(const Placement& placement, PartitionId partition, NodeId peer) {
  return placement.is_primary(partition, peer);
}

bool shares_any(const Placement& placement, NodeId self, NodeId peer) {
  return std::ranges::any_of(placement.partitions_of(self),
                             [&](PartitionId partition) { return shared(placement, partition, peer); });
}

// The next reachable member that shares a partition: by id after `last`, and then from the lowest id.
NodeId next_peer(NodeId last, const NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  const auto members = placement.members();
  std::size_t start = 0;
  while (start < members.size() && last != kNoNode && members[start].id <= last) ++start;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const NodeId peer = members[(start + i) % members.size()].id;
    if (peer != turn.config.id && state.peers.reachable(peer) && shares_any(placement, turn.config.id, peer)) {
      DKV_ASSERT(peer != last || i + 1 == members.size());  // `last` comes again only after all others
      return peer;
    }
  }
  return kNoNode;
}

bool valid_partition(const TurnEnv& turn, PartitionId partition, NodeId peer) {
  const Placement& placement = *turn.config.placement;
  return partition < placement.partitions() && placement.is_primary(partition, turn.config.id) &&
         placement.is_primary(partition, peer);
}

// The timestamp may be far ahead or behind when the clock of its writer was wrong. Then the write does not count as
// fresh, and at worst an exchange is in vain.
bool is_fresh(const Object& object, const TurnEnv& turn) {
  const auto now_ms = static_cast<std::uint64_t>(std::max<TimeNs>(turn.wall_now_ns, 0) / kMillisecond);
  const std::uint64_t written_ms = object.latest_hlc().wall_ms();
  return now_ms < written_ms + kFreshMs && written_ms < now_ms + kFreshMs;
}

// Collects objects for one answer under the limits.
class Answer {
 public:
  // False when the limits leave no room. The first object always fits, whatever its size. An object with cold values
  // follows in its own message once they are read.
  bool give(const Key& key, const ObjectPtr& object, NodeId to, NodeState& state, const TurnEnv& turn) {
    const std::size_t bytes = copy_bytes_bound(key, object) + object->value_bytes();
    if (given_ >= kAntiEntropyObjectsMax) return false;
    if (given_ > 0 && bytes_ + bytes > kAnswerBytesMax) return false;
    ++given_;
    bytes_ += bytes;
    if (!object->resident()) {
      const Stamp stamp = stamp_for(to, state.eras.current(), state);
      fetch_for({.kind = FetchWaiter::Kind::kAntiEntropy, .peer = to, .key = key, .stamp = stamp}, state, turn);
      return true;
    }
    turn.observe(Observed::kAntiEntropyRepaired, to, key);
    message_.objects.push_back({key, object});
    return true;
  }
  void want(const Key& key) {
    if (message_.wanted.size() < kAntiEntropyObjectsMax) message_.wanted.push_back(key);
  }
  void send(NodeId to, const NodeState& state, const TurnEnv& turn) {
    if (message_.objects.empty() && message_.wanted.empty()) return;
    DKV_ASSERT(message_.objects.size() <= given_ && given_ <= kAntiEntropyObjectsMax);
    DKV_ASSERT(message_.wanted.size() <= kAntiEntropyObjectsMax);  // the other side answers at most this many
    message_.stamp = stamp_for(to, state.eras.current(), state);
    turn.out.send(to, std::move(message_));
  }

 private:
  AntiEntropyObjects message_;
  std::size_t given_ = 0;
  std::uint64_t bytes_ = 0;
};

// Lists the keys of message.leaf_mask, or an excerpt when they are too many for a message. A scrambled count chooses
// the excerpt, so that no rhythm of rounds and peers leaves one out forever.
void list_keys(AntiEntropyKeys& message, NodeState& state) {
  const Storage& store = state.replica.store();
  const std::vector<Key> keys = store.keys(message.partition, message.leaf_mask);  // ascending by hash
  // The store and the placement cut the ring into the same partitions.
  DKV_ASSERT(keys.empty() || partition_of(keys.front().hash(), store.options().partitions) == message.partition);
  DKV_ASSERT(keys.empty() || partition_of(keys.back().hash(), store.options().partitions) == message.partition);
  std::size_t first = 0;
  std::size_t last = keys.size();
  if (keys.size() > kAntiEntropyKeysMax) {
    const std::size_t excerpts = (keys.size() + kAntiEntropyKeysMax - 1) / kAntiEntropyKeysMax;
    const std::size_t excerpt = mix64(++state.anti_entropy.excerpts) % excerpts;
    first = excerpt * kAntiEntropyKeysMax;
    last = std::min(keys.size(), first + kAntiEntropyKeysMax);
    if (first > 0) message.first_hash = keys[first].hash();
    if (last < keys.size()) message.last_hash = keys[last].hash() - 1;
  }
  DKV_ASSERT(first <= last && last <= keys.size() && last - first <= kAntiEntropyKeysMax);
  message.entries.reserve(last - first);
  for (std::size_t i = first; i < last; ++i) {
    const ObjectPtr object = store.find(keys[i]);
    DKV_ASSERT(object);
    message.entries.push_back({keys[i], object->digest()});
  }
}

// True when the list is no excerpt, and this node holds each of its keys.
bool lists_no_more(const AntiEntropyKeys& keys, const NodeState& state) {
  const AntiEntropyKeys whole;
  if (keys.first_hash != whole.first_hash || keys.last_hash != whole.last_hash) return false;
  return std::ranges::all_of(keys.entries, [&](const auto& entry) { return bool(state.replica.find(entry.key)); });
}

}  // namespace

void anti_entropy_tick(NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  const NodeId peer = next_peer(state.anti_entropy.last_peer, state, turn);
  if (peer == kNoNode) return;
  DKV_ASSERT(state.peers.is_member(peer) && state.peers.incarnation(peer) != 0);
  state.anti_entropy.last_peer = peer;
  turn.observe(Observed::kAntiEntropyStarted, peer);
  AntiEntropyRoots message;
  for (const PartitionId partition : placement.partitions_of(turn.config.id)) {
    if (!shared(placement, partition, peer)) continue;
    const std::uint64_t root = state.replica.store().tree(partition).root();
    if (root != 0) message.roots.push_back({partition, root});
  }
  turn.out.send(peer, std::move(message));
}

void receive(AntiEntropyRoots& roots, NodeId from, NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  std::vector<PartitionId> differing;
  auto theirs = roots.roots.begin();
  for (const PartitionId partition : placement.partitions_of(turn.config.id)) {
    if (!shared(placement, partition, from)) continue;
    while (theirs != roots.roots.end() && theirs->partition < partition) ++theirs;
    const bool listed = theirs != roots.roots.end() && theirs->partition == partition;
    if (state.replica.store().tree(partition).root() != (listed ? theirs->hash : 0)) {
      differing.push_back(partition);
    } else {
      compared(from, partition, state, turn);
    }
  }
  if (differing.empty()) return;
  // Under load the same partitions may differ in every round, so a round goes on where the last one ended.
  PartitionId& next = state.anti_entropy.next_partition[from];
  std::ranges::rotate(differing, std::ranges::lower_bound(differing, next));
  differing.resize(std::min<std::size_t>(differing.size(), turn.config.anti_entropy_partitions_max));
  next = differing.back() + 1;
  std::ranges::sort(differing);
  AntiEntropyLeaves answer;
  for (const PartitionId partition : differing) {
    turn.observe(Observed::kAntiEntropyDiffered, from, {}, partition);
    const MerkleTree& tree = state.replica.store().tree(partition);
    answer.partitions.push_back({partition, {tree.leaves().begin(), tree.leaves().end()}});
  }
  turn.out.send(from, std::move(answer));
}

void receive(AntiEntropyLeaves& leaves, NodeId from, NodeState& state, const TurnEnv& turn) {
  for (const AntiEntropyLeaves::Leaves& theirs : leaves.partitions) {
    if (!valid_partition(turn, theirs.partition, from) || theirs.hashes.size() != MerkleTree::kLeaves) continue;
    const MerkleTree& tree = state.replica.store().tree(theirs.partition);
    AntiEntropyKeys message{.partition = theirs.partition};
    for (std::uint32_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) {
      if (tree.leaves()[leaf] != theirs.hashes[leaf]) message.leaf_mask |= std::uint64_t{1} << leaf;
    }
    if (message.leaf_mask == 0) continue;
    list_keys(message, state);
    turn.out.send(from, std::move(message));
  }
}

void receive(AntiEntropyKeys& keys, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (!valid_partition(turn, keys.partition, from)) return;
  if (lists_no_more(keys, state)) compared(from, keys.partition, state, turn);
  Answer answer;
  const bool believes_all = ++state.anti_entropy.lists % kListsToBelieve == 0;
  auto theirs = keys.entries.begin();
  for (const Key& mine : state.replica.store().keys(keys.partition, keys.leaf_mask)) {
    if (mine.hash() < keys.first_hash || mine.hash() > keys.last_hash) continue;
    for (; theirs != keys.entries.end() && theirs->key < mine; ++theirs) answer.want(theirs->key);
    const ObjectPtr object = state.replica.find(mine);
    DKV_ASSERT(object);
    const bool listed = theirs != keys.entries.end() && theirs->key == mine;
    const bool differs = (!listed || theirs->digest != object->digest()) && (believes_all || !is_fresh(*object, turn));
    // Digests do not tell which side is ahead, so both objects are exchanged.
    if (differs && answer.give(mine, object, from, state, turn) && listed) answer.want(mine);
    if (listed) ++theirs;
  }
  for (; theirs != keys.entries.end(); ++theirs) answer.want(theirs->key);
  answer.send(from, state, turn);
}

void receive(AntiEntropyObjects& objects, NodeId from, NodeState& state, const TurnEnv& turn) {
  const Key first = objects.objects.empty() ? Key() : objects.objects.front().key;
  if (too_late(objects.stamp, from, first, state, turn)) return;
  for (const AntiEntropyObjects::Entry& entry : objects.objects) {
    if (!turn.is_primary(entry.key)) continue;
    if (!state.replica.has_room_for(*entry.object)) continue;  // offered again in a later round
    state.replica.merge_in(entry.key, entry.object, turn);
  }
  Answer answer;
  const bool believes_all = ++state.anti_entropy.lists % kListsToBelieve == 0;
  for (const Key& key : objects.wanted) {
    const ObjectPtr object = state.replica.find(key);
    if (object && (believes_all || !is_fresh(*object, turn))) answer.give(key, object, from, state, turn);
  }
  answer.send(from, state, turn);
}

}  // namespace dkv
