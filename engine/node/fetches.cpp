#include "engine/node/fetches.h"

#include <utility>

#include "engine/core/assert.h"
#include "engine/node/answer.h"
#include "engine/node/handoff.h"
#include "engine/node/read.h"
#include "engine/node/reaper.h"
#include "engine/node/stamps.h"

namespace dkv {
namespace {

// object: null when the key holds nothing, or when it is damaged. damaged: its values could not be read.
void deliver(FetchWaiter& waiter, ObjectPtr object, bool damaged, NodeState& state, const TurnEnv& turn) {
  switch (waiter.kind) {
    case FetchWaiter::Kind::kRead:
      // A damaged object gets no answer: an empty answer would count for the quorum.
      if (!damaged) read_answered(waiter.op, turn.config.id, std::move(object), state, turn);
      return;
    case FetchWaiter::Kind::kPeerGet:
      if (!damaged) turn.out.send(waiter.peer, ReplicaGetReply{waiter.op, std::move(object)});
      return;
    case FetchWaiter::Kind::kAntiEntropy: {
      if (!object) return;
      // The object was read in an earlier turn. A stamp of a later era would hide its age.
      DKV_ASSERT(waiter.stamp.era <= state.eras.current());
      turn.observe(Observed::kAntiEntropyRepaired, waiter.peer, waiter.key);
      AntiEntropyObjects message;
      message.objects.push_back({waiter.key, std::move(object)});
      message.stamp = waiter.stamp;
      turn.out.send(waiter.peer, std::move(message));
      return;
    }
    case FetchWaiter::Kind::kSiblings:
      DKV_ASSERT(waiter.reply.outcome == Outcome::kDone);
      if (object) {
        waiter.reply.context = object->context();
        waiter.reply.object = expire(object, turn.wall_now_ns);
      }
      return answer(waiter.origin, std::move(waiter.reply), turn);
    case FetchWaiter::Kind::kHint:
      DKV_ASSERT(state.fetches.hints_to_load > 0);
      DKV_ASSERT(!state.hints.find(waiter.peer, waiter.key));  // a newer hint would be lost
      --state.fetches.hints_to_load;
      if (object) state.hints.set(waiter.peer, waiter.key, std::move(object), waiter.created_wall_ns);
      return;
  }
}

void wait_or_deliver(StoreFetch fetch, FetchWaiter waiter, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(!fetch.object || fetch.object->resident());
  if (fetch.id == 0) return deliver(waiter, std::move(fetch.object), false, state, turn);
  DKV_ASSERT(!fetch.object);
  DKV_ASSERT(state.fetches.waiting.empty() || state.fetches.waiting.rbegin()->first < fetch.id);
  state.fetches.waiting.emplace_hint(state.fetches.waiting.end(), fetch.id, std::move(waiter));
}

}  // namespace

void fetch_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn) {
  StoreFetch fetch = state.replica.store().fetch(waiter.key, turn.out);
  wait_or_deliver(std::move(fetch), std::move(waiter), state, turn);
}

void fetch_hint_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn) {
  ++state.fetches.hints_to_load;
  StoreFetch fetch = state.replica.store().fetch_hint(waiter.peer, waiter.key, turn.out);
  wait_or_deliver(std::move(fetch), std::move(waiter), state, turn);
}

void fetched(const StoreFetched& fetched, NodeState& state, const TurnEnv& turn) {
  const auto found = state.fetches.waiting.find(fetched.fetch);
  DKV_ASSERT(found != state.fetches.waiting.end());
  DKV_ASSERT(!fetched.object || fetched.object->resident());
  DKV_ASSERT(state.fetches.hints_to_load <= state.fetches.waiting.size());
  FetchWaiter waiter = std::move(found->second);
  state.fetches.waiting.erase(found);
  deliver(waiter, fetched.object, !fetched.object, state, turn);
}

void damage_found(const StoreDamaged& damaged, NodeState& state, const TurnEnv& turn) {
  if (damaged.hint_for != kNoNode) {
    // If the disk failed in the same turn, the next start finds the damage again.
    const bool open = state.replica.store().open();
    const HintTable::Hint* held = state.hints.find(damaged.hint_for, damaged.key);
    if (!held) {
      // Erase it: a later start might read it whole again, after its time to live.
      turn.observe(Observed::kHintLost, damaged.hint_for, damaged.key);
      if (open) erase_stored_hint(damaged.hint_for, damaged.key, state, turn);
      return;
    }
    if (!open) return;
    state.replica.append({.space = KeySpace::kHints,
                          .owner = damaged.hint_for,
                          .key = damaged.key,
                          .object = held->object,
                          .created_wall_ns = held->created_wall_ns},
                         turn);
    return;
  }
  state.replica.forgotten(damaged.key, damaged.seen);
  DKV_ASSERT(state.replica.last_minted(damaged.key, {}) >= damaged.seen.highest(state.replica.actor()));
  proofs_broken(damaged.key, state);
  turn.observe(Observed::kDamageFound, kNoNode, damaged.key, 1);
  for (const NodeId node : turn.primaries(damaged.key)) {
    if (node == turn.config.id || !state.peers.reachable(node)) continue;
    AntiEntropyObjects message;
    message.wanted.push_back(damaged.key);
    message.stamp = stamp_for(node, state.eras.current(), state);
    turn.out.send(node, std::move(message));
  }
}

}  // namespace dkv
