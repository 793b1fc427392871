// I1 and I4 over the final versions of a key.
#include <fmt/format.h>

#include <algorithm>

#include "sim/oracle/state.h"

namespace dkv::sim {

// finals: every version that exists anywhere, ascending.
void Oracle::State::judge_missing(std::uint32_t key, std::span<const WriteTag> finals, TimeNs now_ns) {
  std::vector<WriteTag> reported;
  std::vector<WriteTag> excused;
  for (WriteTag tag = keys[key].last_write; tag != 0; tag = write(tag).previous) {
    const Write& w = write(tag);
    if (!w.acknowledged() || w.is(Write::kReaped) || w.is(Write::kBuried)) continue;
    // Searches from the end, because the remaining versions are usually the latest ones.
    if (std::any_of(finals.rbegin(), finals.rend(), [&](WriteTag f) { return history.is_or_contains(f, tag); })) {
      continue;
    }
    if (keys[key].lww && std::ranges::any_of(finals, [&](WriteTag f) { return beats(f, tag); })) {
      if (!w.is(Write::kReplaced) && w.is(Write::kGaveWay)) discarded(key, tag);
      continue;
    }
    // One finding for the lost write is enough: the writes that it had replaced are not reported.
    if (std::ranges::any_of(reported, [&](WriteTag lost) { return covers(lost, tag); })) continue;
    if (w.is(Write::kDestroyed)) {
      if (std::ranges::any_of(excused, [&](WriteTag lost) { return history.contains(lost, tag); })) continue;
      excused.push_back(tag);
      const Loss& loss = losses.at(static_cast<std::uint32_t>(tag));
      std::string back;
      for (const WriteTag final : finals) {
        if (!w.is(Write::kRemove) || !history.contains(tag, final)) continue;
        back = fmt::format("; so {}, which it had deleted, is there again", describe(final));
      }
      findings.excused.push_back(
          {.at_ns = loss.at_ns,
           .node = loss.node,
           .key = key_name(key),
           .detail = fmt::format("acknowledged {} is lost: {}{}", describe(tag), describe_loss(loss), back),
           .write = tag,
           .remove = w.is(Write::kRemove)});
      continue;
    }
    reported.push_back(tag);
    report_missing(key, tag, now_ns);
  }
}

void Oracle::State::discarded(std::uint32_t key, WriteTag tag) {
  ++findings.counters.discarded_by_lww;
  if (findings.discarded.size() >= Oracle::kDiscardedMax) return;
  const GivingWay& way = giving_way.at(static_cast<std::uint32_t>(tag));
  findings.discarded.push_back(
      {.at_ns = way.at_ns,
       .node = way.node,
       .key = key_name(key),
       .detail = fmt::format("acknowledged {} gave way to {}, which had not seen it", describe(tag), describe(way.to)),
       .write = tag});
}

void Oracle::State::report_missing(std::uint32_t key, WriteTag tag, TimeNs now_ns) {
  ++findings.counters.lost_acknowledged;
  if (!findings.wanted(Invariant::kNoLostWrite)) {
    findings.add({.breach = Breach::kLost, .at_ns = now_ns});
    return;
  }
  std::string nodes;
  for (const NodeId node : disks.primaries(key)) nodes += (nodes.empty() ? "" : ",") + node_name(node);
  std::string why = keys[key].lww ? "no later write survives to which it could have given way"
                                  : "nothing that replaced it had seen it";
  std::vector<WriteTag> about{tag};
  for (WriteTag later = keys[key].last_write; later > tag; later = write(later).previous) {
    if (!write(later).took_effect() || !history.contains(later, tag)) continue;
    about.push_back(later);
    why = fmt::format("{}, which replaced it, is gone as well{}", describe(later),
                      write(later).acknowledged() ? "" : " (and was never acknowledged)");
    break;
  }
  if (!write(tag).is(Write::kAppeared)) why = "no node ever stored it";
  findings.add({.breach = Breach::kLost,
                .at_ns = now_ns,
                .key = key_name(key),
                .detail = fmt::format("acknowledged {} is missing from {} at the end; {}", describe(tag), nodes, why),
                .writes = std::move(about)});
}

void Oracle::State::judge_siblings(std::uint32_t key, const Object& object, TimeNs now_ns) {
  if (keys[key].lww && object.siblings().size() > 1) {
    findings.add(
        {.breach = Breach::kSeveralUnderLww,
         .at_ns = now_ns,
         .key = key_name(key),
         .detail = fmt::format("{} versions are left, but last-write-wins must leave one", object.siblings().size()),
         .writes = tags_of(object)});
  }
  for (const Sibling& sibling : object.siblings()) {
    if (!inspect(disks.primaries(key)[0], sibling, key, now_ns)) continue;
    if (!write(sibling.tag).is(Write::kReplaced)) continue;
    WriteTag by = 0;
    for (const Sibling& other : object.siblings()) {
      if (is_write_of(other.tag, key) && history.contains(other.tag, sibling.tag)) by = other.tag;
    }
    for (WriteTag tag = keys[key].last_write; tag > sibling.tag; tag = write(tag).previous) {
      const Write& w = write(tag);
      const bool removed =
          w.is(Write::kReaped) || (w.is(Write::kRemove) && w.acknowledged() && !w.is(Write::kDestroyed));
      if (!removed || !history.contains(tag, sibling.tag)) continue;
      by = tag;
      break;
    }
    if (by == 0) continue;               // the replacing write is missing: reported there
    if (keys[key].clock_lost) continue;  // its own node may have forgotten that it was replaced
    if (put_back(sibling.tag)) continue;
    const bool resurrected = write(by).is(Write::kRemove);
    if (resurrected) ++findings.counters.resurrected;
    findings.add({.breach = resurrected ? Breach::kDeletedReturns : Breach::kReplacedReturns,
                  .at_ns = now_ns,
                  .key = key_name(key),
                  .detail = fmt::format("{} was replaced by {}, and is there again at the end", describe(sibling.tag),
                                        describe(by)),
                  .writes = {sibling.tag, by}});
  }
}

}  // namespace dkv::sim
