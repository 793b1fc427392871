#include "engine/node/heartbeats.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/node/read.h"
#include "engine/node/reaper.h"
#include "engine/node/receive.h"

namespace dkv {
namespace {

// The limit for each heartbeat. A value that waits is already hidden from clients, and only takes room.
constexpr std::size_t kExpiredAtOnceMax = 4096;

// After a power loss an old hint may be back, unless the record that erased or replaced it is durable.
void settle_era(NodeState& state) {
  Eras& eras = state.eras;
  DKV_ASSERT(state.hints.removing <= state.replica.last_append());  // otherwise no sync would make it durable
  if (eras.settled() == eras.current() || !state.replica.durable(state.hints.removing)) return;
  eras.settle(state.hints.oldest_era(state.operations.oldest_era(eras.current())));
}

// Says so when the node's own clock has gone far from the others', and when it is back.
void look_at_clocks(NodeState& state, const TurnEnv& turn) {
  Clocks& clocks = state.clocks;
  for (const Member& member : turn.config.placement->members()) {
    if (member.id != turn.config.id && !state.peers.reachable(member.id)) clocks.silent(member.id);
  }
  const bool was_apart = clocks.apart(clocks.reported_off_ns);
  const TimeNs off_ns = clocks.off_ns(turn.own_wall_now_ns, turn.now_ns);
  clocks.reported_off_ns = off_ns;
  if (clocks.apart(off_ns) == was_apart) return;
  const auto apart_ms = static_cast<std::uint64_t>((off_ns < 0 ? -off_ns : off_ns) / kMillisecond);
  turn.observe(was_apart ? Observed::kClockAgrees : Observed::kClockApart, kNoNode, {}, apart_ms);
}

}  // namespace

void send_heartbeats(NodeState& state, const TurnEnv& turn) {
  state.peers.tick(state.eras, state.completeness.new_disk, turn);
}

void heartbeat_tick(NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(state.replica.store().open());  // a node whose store has failed sends nothing more
  const Era before = state.eras.current();
  settle_era(state);
  reap_tick(state, turn);
  // Eras pass only while a proof waits for them.
  if (reaper_waits(state.reaper)) state.eras.begin_next(state.peers.least_settled());
  // The next era must not begin before every member knows this one.
  DKV_ASSERT(state.eras.current() == before || state.eras.current() == before + 1);
  settle_era(state);
  send_heartbeats(state, turn);
  look_at_clocks(state, turn);
  state.replica.mend_gaps(turn);
  state.replica.expire_due(kExpiredAtOnceMax, turn);
}

void receive(Heartbeat& beat, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (!state.peers.is_member(from)) return;
  const Incarnation heard = state.peers.incarnation(from);
  if (beat.incarnation < heard) {
    // Usually the heartbeat is only late. The notice then reaches a later life, which ignores it.
    turn.out.send(from, LaterLife{.to_incarnation = beat.incarnation, .later = heard});
  }
  const bool new_life = state.peers.heartbeat(from, beat, turn);
  // The reaper's proofs rely on the last known life of each peer.
  DKV_ASSERT(new_life ? state.peers.incarnation(from) > heard : state.peers.incarnation(from) == heard);
  if (beat.incarnation >= heard && beat.to_incarnation == turn.incarnation) heard_of_disk(from, beat, state, turn);
  if (beat.incarnation >= heard) state.clocks.heard(from, beat.wall_ns, turn.now_ns);
  const Era before = state.eras.current();
  const bool new_era = state.eras.heard(beat.era);
  DKV_ASSERT(new_era ? state.eras.current() > before : state.eras.current() == before);
  if (new_era && beat.era > before + 1) eras_jumped(state);
  if (new_era) settle_era(state);
  if (new_life) {
    state.reaper.asks_soon = true;
    reads_lose(from, state, turn);
  }
  // The answer is sent at once: a new life waits to be heard, and an era lasts until its slowest answer.
  if (new_life || new_era) state.peers.send_heartbeat(from, state.eras, state.completeness.new_disk, turn);
}

void receive(LaterLife& notice, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (!state.peers.is_member(from) || notice.to_incarnation != turn.incarnation) return;
  // Every heartbeat of this life brings another notice, so only a new one is reported.
  if (notice.later <= std::max(turn.incarnation, state.later_life)) return;
  state.later_life = notice.later;
  turn.observe(Observed::kLaterLifeTold, from, {}, notice.later);
}

}  // namespace dkv
