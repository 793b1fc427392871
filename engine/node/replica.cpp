#include "engine/node/replica.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "engine/core/assert.h"

namespace dkv {
namespace {

TimeNs expiry_of(const ClientRequest& request, const TurnEnv& turn) {
  TimeNs ttl_ns = request.ttl_ns;
  if (request.kind == RequestKind::kDelete) return 0;
  if (ttl_ns == 0) ttl_ns = properties_of(turn.config.buckets, request.key.bucket()).ttl_ns;
  return ttl_ns == 0 || ttl_ns == kTtlForever ? 0 : turn.wall_now_ns + ttl_ns;
}

// The timestamp that a write must exceed. Whatever clock it came from, the order of a key's versions depends on it.
Hlc latest_of(const Context& context, const ObjectPtr& current) {
  const Hlc stored = current ? current->latest_hlc() : Hlc{};
  // No clock shows such a time, and it would have no successor. A damaged peer or disk has brought it.
  return stored < kStateHlcMax ? std::max(context.hlc, stored) : context.hlc;
}

void queue_expiry(const Key& key, const Object& object, Replica& replica) {
  if (const TimeNs next_ns = next_expiry(object); next_ns != 0) replica.expires(next_ns, key);
}

}  // namespace

Replica::Replica(const NodeConfig& config)
    : store_(config.storage, config.placement->partitions(), config.hash_salt),
      counters_(config),
      replicas_(config.placement->replicas()),
      notes_tombstones_(config.reap_every_ns > 0),
      clock_(config.clock_apart_max_ns) {}

void Replica::begin_epoch(std::optional<Actor> last, ActorId fresh, const TurnEnv& turn) {
  DKV_ASSERT(actor_.epoch == 0 && waiters_.empty());  // a start begins one epoch
  // The id is of this life alone, so a folder that was put back or copied gives no dot a second time. The number of the
  // epoch counts on for people.
  const bool counts_on = last && last->epoch < std::numeric_limits<std::uint32_t>::max();
  actor_ = {fresh, counts_on ? last->epoch + 1 : 1};
  const AppendId id = append({.space = KeySpace::kIdentity, .actor = actor_}, turn);
  wait(id, {.kind = DurableWaiter::Kind::kServe});
}

AppendId Replica::append(Record record, const TurnEnv& turn) {
  last_append_ = store_.put(record);
  DKV_ASSERT(last_append_ > durable_);
  if (record.space == KeySpace::kObjects && record.object) {
    queue_expiry(record.key, *record.object, *this);
    if (notes_tombstones_ && record.object->deleted() && tombstones_.size() < kTombstonesNotedMax)
      tombstones_.push_back(record.key);
    if (notes_tombstones_ && has_long_clock(*record.object, replicas_) && long_clocks_.size() < kLongClocksNotedMax)
      long_clocks_.insert(record.key);
  }
  turn.out.append(last_append_, std::move(record));
  return last_append_;
}

AppendId Replica::merge_in(const Key& key, const ObjectPtr& state, const TurnEnv& turn) {
  DKV_ASSERT(state && state->resident());
  clock_.observe(state->latest_hlc(), turn.wall_now_ns);
  const ObjectPtr current = store_.find(key);
  ObjectPtr merged = merge(current, expire(state, turn.wall_now_ns), turn.config.policy_of(key));
  // A merge forgets no dot that its states have seen: otherwise an acknowledgement would become false.
  DKV_ASSERT(merged == state || merged->seen().covers(state->seen()));
  if (merged == current) return last_append_;
  merged = with_claims(key, current, std::move(merged));
  DKV_ASSERT(!current || merged->seen().covers(current->seen()));
  return append({.space = KeySpace::kObjects, .key = key, .object = std::move(merged)}, turn);
}

// The first dots of this epoch in the state of a key come from elsewhere: the key was reaped before, and an old context
// may show only some of them. The next counter must be above all.
ObjectPtr Replica::with_claims(const Key& key, const ObjectPtr& before, ObjectPtr merged) const {
  if (!counters_.floors() || (before && before->seen().highest(actor_) > 0)) return merged;
  if (merged->seen().highest(actor_) == 0) return merged;
  const Counters::Last last = counters_.last(key, 0);
  if (!last.claims) return merged;
  const Dot claimed{actor_, last.counter};
  return having_seen(merged, VersionVector::from_sorted({&claimed, 1}));
}

void Replica::expire_due(std::size_t most, const TurnEnv& turn) {
  for (; most > 0 && !expiring_.empty() && expiring_.begin()->first <= turn.wall_now_ns; --most) {
    if (!store_.accepts(0)) return;
    const Key key = std::move(expiring_.extract(expiring_.begin()).value().second);
    const ObjectPtr current = store_.find(key);
    ObjectPtr expired = expire(current, turn.wall_now_ns);
    // Each replica expires the value at its own time, so anti-entropy must see no difference.
    DKV_ASSERT(current ? expired && expired->digest() == current->digest() : !expired);
    if (expired != current) append({.space = KeySpace::kObjects, .key = key, .object = std::move(expired)}, turn);
  }
}

Replica::Minted Replica::mint(const ClientRequest& request, const TurnEnv& turn) {
  DKV_ASSERT(actor_.epoch > 0);
  const ObjectPtr current = store_.find(request.key);
  const std::uint64_t known = current ? current->seen().highest(actor_) : 0;
  const Counters::Last last = counters_.last(request.key, known);
  const std::uint64_t counter = last.counter + 1;
  const ConflictPolicy policy = turn.config.policy_of(request.key);
  clock_.observe(request.context.hlc, turn.wall_now_ns);
  Context context = request.context;
  // No version with such a dot is left that the claim could replace. Without a gap, the clock stays short.
  if (last.claims) {
    const Dot claimed{actor_, last.counter};
    context.seen = context.seen.merged(VersionVector::from_sorted({&claimed, 1}));
  }
  const Sibling written{.dot = {actor_, counter},
                        .hlc = clock_.tick(turn.wall_now_ns, latest_of(request.context, current)),
                        .tag = request.tag,
                        .expires_wall_ns = expiry_of(request, turn),
                        .value = request.kind == RequestKind::kDelete ? Blob() : request.value,
                        .tombstone = request.kind == RequestKind::kDelete};
  Minted minted{.object = put(current, context, written, policy),
                .copy = {},
                .dot = written.dot,
                .seen = context.seen.with(written.dot),
                .hlc = written.hlc};
  minted.copy = minted.object->resident() ? minted.object : put({}, context, written, policy);
  // A dot names one write only.
  DKV_ASSERT(minted.dot.counter > last.counter && last.counter >= known);
  DKV_ASSERT(minted.object->seen().covers(minted.seen) && minted.object->seen().highest(actor_) == minted.dot.counter);
  DKV_ASSERT(minted.copy->resident() && minted.copy->seen().covers(minted.dot));
  minted.append = append({.space = KeySpace::kObjects, .key = request.key, .object = minted.object}, turn);
  return minted;
}

void Replica::reap(const Key& key, const TurnEnv& turn) {
  const ObjectPtr object = store_.find(key);
  DKV_ASSERT(object && object->deleted());
  const VersionVector& seen = object->seen();
  counters_.reaped(key, seen.counter(actor_), seen.highest(actor_));
  turn.observe(Observed::kTombstoneReaped, kNoNode, key);
  append({.space = KeySpace::kObjects, .key = key}, turn);
  DKV_ASSERT(!store_.find(key));
  DKV_ASSERT(last_minted(key, {}) >= seen.highest(actor_));  // the next dot of the key is a new one
}

bool Replica::collapse(const Key& key, const VersionVector& gone, const TurnEnv& turn) {
  const ObjectPtr object = store_.find(key);
  ObjectPtr shorter = without(object, gone, actor_);
  if (shorter == object) return false;
  // Counters go on from the entries of this epoch.
  DKV_ASSERT(shorter->seen().size() < object->seen().size());
  DKV_ASSERT(shorter->seen().highest(actor_) == object->seen().highest(actor_));
  turn.observe(Observed::kClockCollapsed, kNoNode, key, object->seen().size() - shorter->seen().size());
  append({.space = KeySpace::kObjects, .key = key, .object = std::move(shorter)}, turn);
  return true;
}

void Replica::mend_gaps(const TurnEnv& turn) {
  if (!counters_.gaps() || next_epoch_ || turn.now_ns < next_epoch_ns_ || !store_.accepts(0)) return;
  if (actor_.epoch == std::numeric_limits<std::uint32_t>::max()) return;
  next_epoch_ns_ = turn.now_ns + kEpochEveryNs;
  next_epoch_ = Actor{actor_.id, actor_.epoch + 1};
  wait(append({.space = KeySpace::kIdentity, .actor = *next_epoch_}, turn), {.kind = DurableWaiter::Kind::kEpoch});
}

void Replica::epoch_begun() {
  // Counters begin at 1 again, so no dot of this epoch may have been issued before.
  DKV_ASSERT(next_epoch_ && next_epoch_->id == actor_.id && next_epoch_->epoch == actor_.epoch + 1);
  actor_ = *std::exchange(next_epoch_, std::nullopt);
  counters_.clear();
}

std::vector<Key> Replica::take_tombstones(std::size_t most) {
  const auto end = tombstones_.begin() + static_cast<std::ptrdiff_t>(std::min(most, tombstones_.size()));
  std::vector<Key> taken(std::make_move_iterator(tombstones_.begin()), std::make_move_iterator(end));
  tombstones_.erase(tombstones_.begin(), end);
  return taken;
}

void Replica::wait(AppendId id, const DurableWaiter& waiter) {
  DKV_ASSERT(waiters_.empty() || waiters_.back().id <= id);
  DKV_ASSERT(id > durable_ && id <= last_append_);
  waiters_.push_back({id, waiter});
}

void Replica::durable_upto(AppendId upto) noexcept {
  DKV_ASSERT(upto > durable_ && upto <= store_.last_append());
  durable_ = upto;
}

std::optional<DurableWaiter> Replica::next_durable() {
  if (waiters_.empty() || waiters_.front().id > durable_) return std::nullopt;
  const DurableWaiter waiter = waiters_.front().waiter;
  waiters_.pop_front();
  return waiter;
}

}  // namespace dkv
