#include "engine/node/reaper.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/merkle.h"
#include "engine/node/receive.h"

namespace dkv {
namespace {

// Messages for several peers, each filled up to the limits before the next one begins.
template <typename M>
class Batches {
 public:
  using Entry = typename decltype(M::entries)::value_type;
  explicit Batches(M empty) : empty_(std::move(empty)) {}
  void add(NodeId to, Entry entry, std::size_t dots, const NodeState& state, const TurnEnv& turn) {
    DKV_ASSERT(state.peers.is_member(to) && state.peers.incarnation(to) != 0);
    auto [place, added] = messages_.try_emplace(to, Filling{empty_});
    Filling& filling = place->second;
    if constexpr (requires { empty_.to_incarnation; }) filling.message.to_incarnation = state.peers.incarnation(to);
    DKV_ASSERT(filling.message.entries.size() < kReapEntriesMax);
    filling.message.entries.push_back(std::move(entry));
    filling.dots += dots;
    if (filling.message.entries.size() < kReapEntriesMax && filling.dots <= kReapDotsMax) return;
    turn.out.send(to, std::move(filling.message));
    messages_.erase(place);
  }
  void send(const TurnEnv& turn) {
    for (auto& [to, filling] : messages_) turn.out.send(to, std::move(filling.message));
    messages_.clear();
  }

 private:
  struct Filling {
    M message;
    std::size_t dots = 0;
  };
  M empty_;
  std::map<NodeId, Filling> messages_;
};

bool leads(const Key& key, const TurnEnv& turn) {
  return turn.primaries(key)[0] == turn.config.id;
}

bool is_primary(const Key& key, NodeId node, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  return placement.is_primary(placement.partition(key.hash()), node);
}

bool holds(const Key& key, std::uint64_t digest, const NodeState& state) {
  const ObjectPtr object = state.replica.find(key);
  return object && object->deleted() && object->digest() == digest;
}

// Whether this node holds the state that the candidate asks for.
bool still_holds(const Key& key, const Reaper::Candidate& candidate, const NodeState& state) {
  if (candidate.seen.empty()) return holds(key, candidate.digest, state);
  const ObjectPtr object = state.replica.find(key);
  return object && succeeds(*object, candidate.seen, candidate.carried);
}

bool all_hold(const Key& key, const Reaper::Candidate& candidate, const NodeState& state, const TurnEnv& turn) {
  const auto others = turn.primaries(key).subspan(1);
  DKV_ASSERT(leads(key, turn) && candidate.holders.size() == others.size());
  for (std::size_t i = 0; i < others.size(); ++i) {
    const NodeId node = others[i];
    if (!candidate.holders[i].holds_since(state.peers.incarnation(node), state.peers.damages(node))) return false;
  }
  return true;
}

void agree_if_all(const Key& key, Reaper::Candidate& candidate, const NodeState& state, const TurnEnv& turn) {
  if (candidate.agreed || !all_hold(key, candidate, state, turn) || !state.peers.all_have_answered()) return;
  // This node holds the state that is agreed on, and a sync will make it durable.
  DKV_ASSERT(still_holds(key, candidate, state));
  DKV_ASSERT(candidate.own != 0 && candidate.own <= state.replica.last_append());
  candidate.agreed = true;
  candidate.agreed_era = state.eras.current();
}

void begin_again(Reaper::Candidate& candidate) {
  candidate.agreed = false;
  candidate.holders.assign(candidate.holders.size(), {});
}

void forget_clock(Reaper::Candidate& candidate, Reaper& reaper) {
  if (candidate.seen.empty()) return;
  DKV_ASSERT(reaper.long_clocks > 0 && reaper.dots >= candidate.dots());
  --reaper.long_clocks;
  reaper.dots -= candidate.dots();
  candidate.seen = {};
  candidate.carried = {};
}

auto drop(std::map<Key, Reaper::Candidate>::iterator at, Reaper& reaper) {
  forget_clock(at->second, reaper);
  return reaper.candidates.erase(at);
}

bool room_for_clock(const Object& object, const Reaper& reaper) {
  const std::size_t dots = object.seen().size() + object.siblings().size();
  return reaper.long_clocks < Reaper::kLongClocksMax && (reaper.dots == 0 || reaper.dots + dots <= Reaper::kDotsMax);
}

// Makes the key a candidate if it has something to forget, and if there is room.
void consider(const Key& key, const ObjectPtr& object, NodeState& state, const TurnEnv& turn) {
  Reaper& reaper = state.reaper;
  if (!object || reaper.candidates.size() >= Reaper::kCandidatesMax) return;
  const bool long_clock = has_long_clock(*object, turn.config.placement->replicas());
  if (object->deleted() || (long_clock && room_for_clock(*object, reaper))) reaper.candidates.try_emplace(key);
}

void take_new(NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(state.reaper.candidates.size() <= Reaper::kCandidatesMax);
  const std::size_t room = Reaper::kCandidatesMax - state.reaper.candidates.size();
  for (const Key& key : state.replica.take_tombstones(room)) {
    if (leads(key, turn)) consider(key, state.replica.find(key), state, turn);
  }
  for (const Key& key : state.replica.take_long_clocks()) {
    if (leads(key, turn)) consider(key, state.replica.find(key), state, turn);
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
        consider(key, store.find(key), state, turn);
      }
    }
    reaper.leaf = whole || !leads_it ? 0 : (reaper.leaf + 1) % MerkleTree::kLeaves;
    if (reaper.leaf == 0) reaper.partition = (reaper.partition + 1) % mine.size();
  }
}

// Notes the state T that the candidate asks for. False when there is nothing to forget. A key with a long clock may be
// written all the time. So its T stays the same: the primaries hold a successor of it sooner or later.
bool note_state(Reaper::Candidate& candidate, const Object& object, Reaper& reaper, const TurnEnv& turn) {
  const bool long_clock = has_long_clock(object, turn.config.placement->replicas());
  if (!candidate.seen.empty()) {
    if (long_clock && succeeds(object, candidate.seen, candidate.carried)) return true;
    forget_clock(candidate, reaper);
    begin_again(candidate);
  }
  if (candidate.digest != object.digest()) begin_again(candidate);
  candidate.digest = object.digest();
  if (!long_clock || !room_for_clock(object, reaper)) return object.deleted();
  candidate.seen = object.seen();
  candidate.carried = carried_dots(object);
  begin_again(candidate);
  ++reaper.long_clocks;
  reaper.dots += candidate.dots();
  return true;
}

// Asks again for every candidate without agreement: a member may have been away, or an answer was lost.
void ask(NodeState& state, const TurnEnv& turn) {
  Batches<ReapAsk> asks({.from_incarnation = turn.incarnation, .entries = {}});
  Reaper& reaper = state.reaper;
  for (auto at = reaper.candidates.begin(); at != reaper.candidates.end();) {
    auto& [key, candidate] = *at;
    if (candidate.agreed && all_hold(key, candidate, state, turn)) {
      ++at;
      continue;
    }
    DKV_ASSERT(leads(key, turn));  // only the first primary asks
    const auto others = turn.primaries(key).subspan(1);
    candidate.agreed = false;
    candidate.holders.resize(others.size());
    const ObjectPtr object = state.replica.find(key);
    if (!object || candidate.asks > Reaper::kAsksMax || !note_state(candidate, *object, reaper, turn)) {
      at = drop(at, reaper);
      continue;
    }
    ++candidate.asks;
    candidate.own = state.replica.last_append();
    if (std::ranges::all_of(others, [&](NodeId node) { return state.peers.reachable(node); })) {
      for (const NodeId node : others) {
        asks.add(node, {key, candidate.digest, candidate.seen, candidate.carried}, candidate.dots(), state, turn);
      }
      agree_if_all(key, candidate, state, turn);
    }
    ++at;
  }
  asks.send(turn);
}

// The dots that T has seen, that it does not carry, and whose actors mint no more. An entry stands for all dots up to
// its counter, so it goes only if T carries none of them.
VersionVector gone(const Reaper::Candidate& candidate, const Actor& self) {
  const auto lives = [&](const Actor& actor) {
    return actor == self ||
           std::ranges::any_of(candidate.holders, [&](const Reaper::Holder& holder) { return holder.actor == actor; });
  };
  const auto carries_any = [&](const Dot& entry) {
    return candidate.carried.counter(entry.actor) > 0 ||
           std::ranges::any_of(candidate.carried.isolated(), [&](const Dot& dot) {
             return dot.actor == entry.actor && dot.counter <= entry.counter;
           });
  };
  std::vector<Dot> entries;
  std::vector<Dot> isolated;
  for (const Dot& entry : candidate.seen.entries()) {
    if (!lives(entry.actor) && !carries_any(entry)) entries.push_back(entry);
  }
  for (const Dot& dot : candidate.seen.isolated()) {
    if (!lives(dot.actor) && !candidate.carried.covers(dot)) isolated.push_back(dot);
  }
  return VersionVector::from_sorted(entries, isolated);
}

// The proof is complete. The key may have been written meanwhile.
void forget(const Key& key, const Reaper::Candidate& candidate, Batches<ReapForget>& commands, NodeState& state,
            const TurnEnv& turn) {
  const bool whole = holds(key, candidate.digest, state);
  const VersionVector dots = whole || candidate.seen.empty() ? VersionVector() : gone(candidate, state.replica.actor());
  if (!whole && dots.empty()) return;
  // It cannot be undone, so the proof is checked again.
  DKV_ASSERT(candidate.agreed_era + kErasToForget <= state.eras.settled() && state.replica.durable(candidate.own));
  const auto others = turn.primaries(key).subspan(1);
  for (std::size_t i = 0; i < others.size(); ++i) {
    // The message goes to the life that agreed.
    DKV_ASSERT(candidate.holders[i].life == state.peers.incarnation(others[i]));
    commands.add(others[i], {key, candidate.digest, dots}, dots.size(), state, turn);
  }
  if (whole) {
    state.replica.reap(key, turn);
  } else {
    state.replica.collapse(key, dots, turn);
  }
}

void forget_due(NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(state.eras.settled() <= state.eras.current());
  const Era settled = std::min(state.eras.settled(), state.peers.least_settled());
  Batches<ReapForget> commands({});
  Reaper& reaper = state.reaper;
  std::size_t done = 0;
  for (auto at = reaper.candidates.begin(); at != reaper.candidates.end() && done < Reaper::kReapedAtOnceMax;) {
    auto& [key, candidate] = *at;
    if (!candidate.agreed || candidate.agreed_era + kErasToForget > settled || !state.replica.durable(candidate.own)) {
      ++at;
      continue;
    }
    DKV_ASSERT(candidate.agreed_era <= state.eras.current());
    if (!state.replica.store().accepts(0)) break;
    // A primary in a new life, or with damage, may have lost the state.
    if (!all_hold(key, candidate, state, turn)) {
      begin_again(candidate);
      reaper.asks_soon = true;
      ++at;
      continue;
    }
    forget(key, candidate, commands, state, turn);
    ++done;
    at = drop(at, reaper);
  }
  commands.send(turn);
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
  forget_due(state, turn);
  Reaper& reaper = state.reaper;
  const bool due = turn.now_ns >= reaper.next_ns;
  // In a new life, a peer must be heard and answer first.
  const bool soon = reaper.asks_soon && state.peers.all_have_answered();
  if (!due && !soon) return;
  reaper.asks_soon = false;
  take_new(state, turn);
  if (due) {
    reaper.next_ns = turn.now_ns + turn.config.reap_every_ns;
    sweep(state, turn);
  }
  ask(state, turn);
}

void proofs_broken(const Key& key, NodeState& state) {
  state.eras.damaged();
  const auto found = state.reaper.candidates.find(key);
  if (found != state.reaper.candidates.end()) drop(found, state.reaper);
}

void receive(ReapAsk& ask, NodeId from, NodeState& state, const TurnEnv& turn) {
  // A node that cannot forget the states must not agree: it would bring them back to the others.
  if (turn.config.reap_every_ns == 0 || !state.replica.store().accepts(0)) return;
  ReapHeld held{.from_incarnation = turn.incarnation,
                .to_incarnation = ask.from_incarnation,
                .damages = state.eras.damages(),
                .actor = ActorField::of(state.replica.actor()),
                .entries = {}};
  for (const ReapAsk::Entry& entry : ask.entries) {
    if (!turn.is_primary(entry.key) || !is_primary(entry.key, from, turn)) continue;
    const ObjectPtr object = state.replica.find(entry.key);
    const bool held_here = entry.seen.empty() ? holds(entry.key, entry.digest, state)
                                              : object && succeeds(*object, entry.seen, entry.carried);
    if (held_here) held.entries.push_back({entry.key, entry.digest});
  }
  if (held.entries.empty() || state.reaper.answers.size() >= Reaper::kAnswersMax) return;
  const AppendId last = state.replica.last_append();
  if (state.replica.durable(last)) return turn.out.send(from, std::move(held));
  const OpId id = ++state.reaper.last_answer;
  DKV_ASSERT(state.reaper.answers.empty() || state.reaper.answers.rbegin()->first < id);
  state.reaper.answers.emplace(id, std::move(held));
  state.replica.wait(last, {.kind = DurableWaiter::Kind::kReapAnswer, .peer = from, .op = id});
}

void reap_answer_durable(OpId id, NodeId to, NodeState& state, const TurnEnv& turn) {
  const auto found = state.reaper.answers.find(id);
  DKV_ASSERT(found != state.reaper.answers.end());
  DKV_ASSERT(found->second.from_incarnation == turn.incarnation && !found->second.entries.empty());
  turn.out.send(to, std::move(found->second));
  state.reaper.answers.erase(found);
}

void receive(ReapHeld& held, NodeId from, NodeState& state, const TurnEnv& turn) {
  // An earlier life of the peer may have lost the states since. An earlier life of this node counted other eras.
  if (held.from_incarnation != state.peers.incarnation(from) || held.to_incarnation != turn.incarnation) return;
  for (const KeyDigest& entry : held.entries) {
    const auto found = state.reaper.candidates.find(entry.key);
    if (found == state.reaper.candidates.end()) continue;
    Reaper::Candidate& candidate = found->second;
    if (candidate.agreed || candidate.holders.empty() || candidate.digest != entry.digest) continue;
    if (!still_holds(entry.key, candidate, state)) continue;
    const auto others = turn.primaries(entry.key).subspan(1);
    const auto place = std::ranges::find(others, from);
    if (place == others.end()) continue;
    candidate.holders[static_cast<std::size_t>(place - others.begin())] = {
        .life = held.from_incarnation, .damages = held.damages, .actor = held.actor.actor()};
    agree_if_all(entry.key, candidate, state, turn);
  }
}

void receive(ReapForget& command, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (command.to_incarnation != turn.incarnation) return;
  for (const ReapForget::Entry& entry : command.entries) {
    if (!turn.is_primary(entry.key) || turn.primaries(entry.key)[0] != from) continue;
    if (!state.replica.store().accepts(0)) return;
    if (!entry.gone.empty()) {
      state.replica.collapse(entry.key, entry.gone, turn);
    } else if (holds(entry.key, entry.digest, state)) {
      state.replica.reap(entry.key, turn);
    }
  }
}

}  // namespace dkv
