// Writes as clients see them, and I5: an answer proves the required number of durable copies.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "engine/core/assert.h"
#include "sim/oracle/state.h"

namespace dkv::sim {

WriteTag Oracle::State::write_started(const WriteStart& start, const Key& key, TimeNs now_ns) {
  add_key(start.key_index, key);
  const WriteTag tag = history.add(start.key_index, start.seen);
  Write w;
  w.started_ns = now_ns;
  w.key = start.key_index;
  w.session = start.session;
  w.need = start.need;
  w.primary_need = start.primary_need;
  if (start.remove) w.set(Write::kRemove);
  if (start.ttl_ns != 0) lifetimes.emplace(static_cast<std::uint32_t>(tag), start.ttl_ns);
  PerKey& per_key = keys[start.key_index];
  w.previous = per_key.last_write;
  per_key.last_write = static_cast<std::uint32_t>(tag);
  writes.push_back(w);
  if (lww) timestamps.push_back(0);
  return tag;
}

Seen Oracle::State::write_finished(WriteTag tag, const ClientReply* reply, TimeNs now_ns) {
  Write& w = write(tag);
  DKV_ASSERT(w.fate == WriteFate::kPending);
  w.finished_ns = now_ns;
  w.fate = WriteFate::kUnknown;
  if (reply && reply->outcome == Outcome::kDone) w.fate = WriteFate::kAcknowledged;
  if (w.is(Write::kGaveWay)) tell_discarded(tag, now_ns);
  if (!reply) return {};
  if (wrong_answer(*reply, w.primary_need)) report_answer(describe(tag), w.key, tag, *reply, now_ns);
  if (reply->outcome == Outcome::kRefused) {
    refused(tag, now_ns);
    return {};
  }
  check_copies(tag, *reply, now_ns);
  if (reply->outcome != Outcome::kDone) return {};
  acknowledged(tag);
  if (w.is(Write::kDestroyed)) tell_lost(tag, losses.at(static_cast<std::uint32_t>(tag)));

  Seen seen;
  CausalHistory::see(seen, tag);
  if (reply->object) {
    for (const Sibling& sibling : reply->object->siblings()) {
      if (is_write_of(sibling.tag, w.key) && !history.contains(tag, sibling.tag)) CausalHistory::see(seen, sibling.tag);
    }
  }
  return seen;
}

void Oracle::State::refused(WriteTag tag, TimeNs now_ns) {
  Write& w = write(tag);
  w.fate = WriteFate::kRefused;
  if (!w.is(Write::kAppeared) || w.is(Write::kReported)) return;
  w.set(Write::kReported);
  findings.add(
      {.breach = Breach::kRefusedButStored,
       .at_ns = now_ns,
       .key = key_name(w.key),
       .detail = fmt::format("{} was answered \"certainly not done\", but a node had stored it", describe(tag)),
       .writes = {tag}});
}

void Oracle::State::acknowledged(WriteTag tag) {
  const Write& w = write(tag);
  if (w.is(Write::kDestroyed)) return;
  PerKey& per_key = keys[w.key];
  per_key.latest_start_ns = std::max(per_key.latest_start_ns, w.started_ns);
  if (per_key.lww) {
    if (w.primary_need > 0 && (per_key.latest_primary == 0 || beats(tag, per_key.latest_primary))) {
      per_key.latest_primary = static_cast<std::uint32_t>(tag);
    }
    return;
  }
  auto& frontier = per_key.frontier;
  for (const std::uint32_t other : frontier) {
    if (history.contains(other, tag)) return;
  }
  std::erase_if(frontier, [&](std::uint32_t other) { return history.contains(tag, other); });
  frontier.push_back(static_cast<std::uint32_t>(tag));
}

// A node counts when it holds the write or a replacement of it, or when it held one before its disk was emptied. A
// place of the preference list counts when its primary or a stand-in for it does.
void Oracle::State::check_copies(WriteTag tag, const ClientReply& reply, TimeNs now_ns) {
  const Write& w = write(tag);
  const bool done = reply.outcome == Outcome::kDone;
  const std::uint32_t total_claimed = std::max<std::uint32_t>(reply.acks.total, done ? w.need : 0);
  const std::uint32_t primary_claimed = std::max<std::uint32_t>(reply.acks.primary, done ? w.primary_need : 0);
  if (done && (reply.acks.total < w.need || reply.acks.primary < w.primary_need)) {
    findings.add({.breach = Breach::kFewerAcknowledgements,
                  .at_ns = now_ns,
                  .node = reply.coordinator,
                  .key = key_name(w.key),
                  .detail = fmt::format("{} was answered as done after {} acknowledgements, {} of them from primaries",
                                        describe(tag), reply.acks.total, reply.acks.primary),
                  .writes = {tag}});
  }
  if (w.holder_count() >= total_claimed && w.place_count() >= total_claimed &&
      w.primary_holder_count() >= primary_claimed) {
    return;
  }
  count_copies(tag, total_claimed, primary_claimed,
               {.at_ns = now_ns,
                .node = reply.coordinator,
                .key = key_name(w.key),
                .detail = fmt::format("{} was {}: the answer promises {} durable copies", describe(tag),
                                      done ? "acknowledged" : "answered as unknown", total_claimed),
                .writes = {tag}});
}

// A place counts once: after the handoff, a primary and its stand-in are one copy. A disk that was emptied since the
// write began may have held any of it.
void Oracle::State::count_copies(WriteTag tag, std::uint32_t total_claimed, std::uint32_t primary_claimed,
                                 Violation found) {
  const Write& w = write(tag);
  std::array<bool, kNodesMax> holds{};
  std::uint32_t stand_ins_wiped = 0;
  for (NodeId node = 0; node < disks.nodes(); ++node) {
    const bool wiped = disks.wiped_ns(node) >= w.started_ns;
    holds[node] = (w.holders[node >> 6] >> (node & 63) & 1) != 0 || wiped;
    if (wiped && disks.place(w.key, node) == disks.replicas()) ++stand_ins_wiped;
  }
  std::uint32_t primary = 0;
  unsigned places = w.primary_holders | w.hinted_places;
  const auto primaries = disks.primaries(w.key);
  for (std::uint32_t place = 0; place < primaries.size(); ++place) {
    const ObjectPtr& object = disks.primary_held(w.key, place).durable;
    const bool covered = object && covers(*object, w.key, tag);
    const bool wiped = disks.wiped_ns(primaries[place]) >= w.started_ns;
    if (covered) holds[primaries[place]] = true;
    if (!covered && !wiped && (w.primary_holders >> place & 1) == 0) continue;
    ++primary;
    places |= 1u << place;
  }
  disks.each_hint_ever(w.key, [&](NodeId node, NodeId owner, const Disks::Hint& hint) {
    const bool covered = hint.durable && covers(*hint.durable, w.key, tag);
    const bool was_covered = std::ranges::any_of(
        hint.erased_tags, [&](std::uint32_t erased) { return is_write_of(erased, w.key) && covers(erased, tag); });
    if (!covered && !was_covered) return;
    holds[node] = true;
    places |= 1u << disks.place(w.key, owner);
  });
  const auto total = static_cast<std::uint32_t>(std::ranges::count(holds, true));
  const auto distinct = static_cast<std::uint32_t>(std::popcount(places)) + stand_ins_wiped;
  if (total >= total_claimed && distinct >= total_claimed && primary >= primary_claimed) return;
  const bool twice = total >= total_claimed && primary >= primary_claimed;
  found.breach = twice ? Breach::kPlaceTwice : Breach::kFewerCopies;
  found.detail +=
      twice ? fmt::format(", and {} nodes held it, but only for {} places of the preference list", total, distinct)
            : fmt::format(", {} of them on primaries, but there were {} and {}", primary_claimed, total, primary);
  findings.add(std::move(found));
}

}  // namespace dkv::sim
