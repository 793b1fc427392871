#include "engine/node/reaper.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/merkle.h"
#include "engine/node/receive.h"

namespace dkv {
namespace {

// Messages for several peers, each filled up to the limit before the next one begins.
template <typename M>
class Batches {
 public:
  explicit Batches(M empty) : empty_(std::move(empty)) {}
  void add(NodeId to, KeyDigest entry, const NodeState& state, const TurnEnv& turn) {
    DKV_ASSERT(state.peers.is_member(to) && state.peers.incarnation(to) != 0);
    auto [place, added] = messages_.try_emplace(to, empty_);
    M& message = place->second;
    if constexpr (requires { message.to_incarnation; }) message.to_incarnation = state.peers.incarnation(to);
    DKV_ASSERT(message.entries.size() < kTombstonesMax);
    message.entries.push_back(std::move(entry));
    if (message.entries.size() < kTombstonesMax) return;
    turn.out.send(to, std::move(message));
    messages_.erase(place);
  }
  void send(const TurnEnv& turn) {
    for (auto& [to, message] : messages_) turn.out.send(to, std::move(message));
    messages_.clear();
  }

 private:
  M empty_;
  std::map<NodeId, M> messages_;
};

std::span<const NodeId> primaries(const Key& key, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  return placement.primaries(placement.partition(key.hash()));
}

bool leads(const Key& key, const TurnEnv& turn) {
  return primaries(key, turn)[0] == turn.config.id;
}

bool is_primary(const Key& key, NodeId node, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  return placement.is_primary(placement.partition(key.hash()), node);
}

bool holds(const Key& key, std::uint64_t digest, const NodeState& state) {
  const ObjectPtr object = state.replica.find(key);
  return object && object->deleted() && object->digest() == digest;
}

bool same_lives(const Key& key, const Reaper::Candidate& candidate, const NodeState& state, const TurnEnv& turn) {
  const auto others = primaries(key, turn).subspan(1);
  DKV_ASSERT(leads(key, turn) && candidate.lives.size() == others.size());
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (candidate.lives[i] == 0 || candidate.lives[i] != state.peers.incarnation(others[i])) return false;
  }
  return true;
}

void agree_if_all(const Key& key, Reaper::Candidate& candidate, const NodeState& state, const TurnEnv& turn) {
  if (candidate.agreed || !same_lives(key, candidate, state, turn) || !state.peers.all_have_answered()) return;
  // This node holds the state that is agreed on, and a sync will make it durable.
  DKV_ASSERT(holds(key, candidate.digest, state));
  DKV_ASSERT(candidate.own != 0 && candidate.own <= state.replica.last_append());
  candidate.agreed = true;
  candidate.agreed_era = state.eras.current();
}

// Makes the tombstone a candidate if there is room.
void consider(const Key& key, const ObjectPtr& object, NodeState& state) {
  Reaper& reaper = state.reaper;
  if (reaper.candidates.size() < Reaper::kCandidatesMax) {
    reaper.candidates.try_emplace(key, Reaper::Candidate{.digest = object->digest()});
  }
}

void take_new(NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(state.reaper.candidates.size() <= Reaper::kCandidatesMax);
  const std::size_t room = Reaper::kCandidatesMax - state.reaper.candidates.size();
  for (const Key& key : state.replica.take_tombstones(room)) {
    if (!leads(key, turn)) continue;
    if (const ObjectPtr object = state.replica.find(key); object && object->deleted()) consider(key, object, state);
  }
}

// Sweeps small partitions as a whole, and large ones leaf by leaf.
void sweep(NodeState& state, const TurnEnv& turn) {
  Reaper& reaper = state.reaper;
  const Placement& placement = *turn.config.placement;
  const Storage& store = state.replica.store();
  const auto mine = placement.partitions_of(turn.config.id);
  if (mine.empty() || store.key_count() == 0) return;
  DKV_ASSERT(reaper.partition < mine.size() && reaper.leaf < MerkleTree::kLeaves);
  const bool whole = store.key_count() / mine.size() <= Reaper::kSweptMax;
  std::size_t looked_at = 0;
  for (std::size_t steps = 0; steps < mine.size() && looked_at < Reaper::kSweptMax; ++steps) {
    const PartitionId partition = mine[reaper.partition % mine.size()];
    const bool leads_it = placement.primaries(partition)[0] == turn.config.id;
    if (leads_it) {
      const std::uint64_t mask = whole ? ~std::uint64_t{0} : std::uint64_t{1} << reaper.leaf;
      const std::vector<Key> keys = store.keys(partition, mask);
      looked_at += whole ? keys.size() + 1 : Reaper::kSweptMax;
      for (const Key& key : keys) {
        if (const ObjectPtr object = store.find(key); object && object->deleted()) consider(key, object, state);
      }
    }
    reaper.leaf = whole || !leads_it ? 0 : (reaper.leaf + 1) % MerkleTree::kLeaves;
    if (reaper.leaf == 0) reaper.partition = (reaper.partition + 1) % mine.size();
  }
}

// Asks again for every candidate without agreement: a member may have been away, or an answer was lost.
void ask(NodeState& state, const TurnEnv& turn) {
  Batches<TombstonesAsk> asks({.from_incarnation = turn.incarnation, .entries = {}});
  auto& candidates = state.reaper.candidates;
  for (auto at = candidates.begin(); at != candidates.end();) {
    auto& [key, candidate] = *at;
    if (candidate.agreed) {
      ++at;
      continue;
    }
    const ObjectPtr object = state.replica.find(key);
    if (!object || !object->deleted() || candidate.asks > Reaper::kAsksMax) {
      at = candidates.erase(at);
      continue;
    }
    DKV_ASSERT(leads(key, turn));  // only the first primary asks
    ++candidate.asks;
    const auto others = primaries(key, turn).subspan(1);
    if (candidate.lives.empty() || candidate.digest != object->digest()) candidate.lives.assign(others.size(), 0);
    // Each noted life has said that it holds the state of this digest.
    DKV_ASSERT(candidate.digest == object->digest() ||
               std::ranges::all_of(candidate.lives, [](Incarnation life) { return life == 0; }));
    candidate.digest = object->digest();
    candidate.own = state.replica.last_append();
    if (std::ranges::all_of(others, [&](NodeId node) { return state.peers.reachable(node); })) {
      for (const NodeId node : others) asks.add(node, {key, candidate.digest}, state, turn);
      agree_if_all(key, candidate, state, turn);
    }
    ++at;
  }
  asks.send(turn);
}

void reap_due(NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(state.eras.settled() <= state.eras.current());
  const Era settled = std::min(state.eras.settled(), state.peers.least_settled());
  Batches<TombstonesReap> reaps({});
  auto& candidates = state.reaper.candidates;
  std::size_t reaped = 0;
  for (auto at = candidates.begin(); at != candidates.end() && reaped < Reaper::kReapedAtOnceMax;) {
    auto& [key, candidate] = *at;
    if (!candidate.agreed || candidate.agreed_era + kErasToForget > settled || !state.replica.durable(candidate.own)) {
      ++at;
      continue;
    }
    DKV_ASSERT(candidate.agreed_era <= state.eras.current());
    if (!state.replica.store().accepts(0)) break;
    // The key may have been written meanwhile, and a primary in a new life may have lost the tombstone.
    if (holds(key, candidate.digest, state)) {
      if (!state.replica.may_reap()) break;
      if (!same_lives(key, candidate, state, turn)) {
        candidate = {.digest = candidate.digest};
        ++at;
        continue;
      }
      // A reap cannot be undone, so its proof is checked again.
      DKV_ASSERT(candidate.agreed_era + kErasToForget <= state.eras.settled() && state.replica.durable(candidate.own));
      const auto others = primaries(key, turn).subspan(1);
      for (std::size_t i = 0; i < others.size(); ++i) {
        DKV_ASSERT(candidate.lives[i] ==
                   state.peers.incarnation(others[i]));  // the message goes to the life that agreed
        reaps.add(others[i], {key, candidate.digest}, state, turn);
      }
      state.replica.reap(key, turn);
      ++reaped;
    }
    at = candidates.erase(at);
  }
  reaps.send(turn);
}

}  // namespace

bool reaper_waits(const Reaper& reaper) noexcept {
  return std::ranges::any_of(reaper.candidates, [](const auto& entry) { return entry.second.agreed; });
}

void eras_jumped(NodeState& state) noexcept {
  for (auto& [key, candidate] : state.reaper.candidates) candidate.agreed_era = state.eras.current();
}

void reap_tick(NodeState& state, const TurnEnv& turn) {
  if (turn.config.reap_every_ns == 0) {
    DKV_ASSERT(state.reaper.candidates.empty());  // otherwise eras would pass without end
    return;
  }
  reap_due(state, turn);
  if (turn.now_ns < state.reaper.next_ns) return;
  state.reaper.next_ns = turn.now_ns + turn.config.reap_every_ns;
  take_new(state, turn);
  sweep(state, turn);
  ask(state, turn);
}

void receive(TombstonesAsk& ask, NodeId from, NodeState& state, const TurnEnv& turn) {
  // A node that cannot reap the tombstones must not agree: it would bring them back to the others.
  if (turn.config.reap_every_ns == 0 || !state.replica.store().accepts(0)) return;
  TombstonesHeld held{.from_incarnation = turn.incarnation, .to_incarnation = ask.from_incarnation, .entries = {}};
  for (const KeyDigest& entry : ask.entries) {
    if (!is_primary(entry.key, turn.config.id, turn) || !is_primary(entry.key, from, turn)) continue;
    if (holds(entry.key, entry.digest, state)) held.entries.push_back(entry);
  }
  if (held.entries.empty() || state.reaper.answers.size() >= Reaper::kAnswersMax) return;
  const AppendId last = state.replica.last_append();
  if (state.replica.durable(last)) return turn.out.send(from, std::move(held));
  const OpId id = ++state.reaper.last_answer;
  DKV_ASSERT(state.reaper.answers.empty() || state.reaper.answers.rbegin()->first < id);
  state.reaper.answers.emplace(id, std::move(held));
  state.replica.wait(last, {.kind = DurableWaiter::Kind::kTombstones, .peer = from, .op = id});
}

void tombstones_durable(OpId id, NodeId to, NodeState& state, const TurnEnv& turn) {
  const auto found = state.reaper.answers.find(id);
  DKV_ASSERT(found != state.reaper.answers.end());
  DKV_ASSERT(found->second.from_incarnation == turn.incarnation && !found->second.entries.empty());
  turn.out.send(to, std::move(found->second));
  state.reaper.answers.erase(found);
}

void receive(TombstonesHeld& held, NodeId from, NodeState& state, const TurnEnv& turn) {
  // An earlier life of the peer may have lost the tombstones since. An earlier life of this node counted other eras.
  if (held.from_incarnation != state.peers.incarnation(from) || held.to_incarnation != turn.incarnation) return;
  for (const KeyDigest& entry : held.entries) {
    const auto found = state.reaper.candidates.find(entry.key);
    if (found == state.reaper.candidates.end()) continue;
    Reaper::Candidate& candidate = found->second;
    if (candidate.agreed || candidate.lives.empty() || candidate.digest != entry.digest) continue;
    if (!holds(entry.key, candidate.digest, state)) continue;
    const auto others = primaries(entry.key, turn).subspan(1);
    const auto place = std::ranges::find(others, from);
    if (place == others.end()) continue;
    candidate.lives[static_cast<std::size_t>(place - others.begin())] = held.from_incarnation;
    agree_if_all(entry.key, candidate, state, turn);
  }
}

void receive(TombstonesReap& reap, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (reap.to_incarnation != turn.incarnation) return;
  for (const KeyDigest& entry : reap.entries) {
    if (!is_primary(entry.key, turn.config.id, turn) || primaries(entry.key, turn)[0] != from) continue;
    if (!state.replica.store().accepts(0) || !state.replica.may_reap()) return;
    if (holds(entry.key, entry.digest, state)) state.replica.reap(entry.key, turn);
  }
}

}  // namespace dkv
