// I3 on the final disks, and the sequence of the final judgement.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/core/assert.h"
#include "sim/oracle/state.h"

namespace dkv::sim {
namespace {

ObjectPtr object_on(const Image& image, const Key& key) {
  const ObjectPtr* found = image.find(key);
  return found ? *found : ObjectPtr();
}

}  // namespace

// The oracle's own picture of the disks is laid out by key. So this is a scan without look-ups, which stops at the
// first difference and begins there the next time.
bool Oracle::State::converged(std::span<const Image* const> images) {
  if (disks.hint_count() > 0) return false;
  if (std::ranges::any_of(images, [](const Image* image) { return image->hint_count() > 0; })) return false;
  const std::uint32_t count = disks.keys();
  const auto same = [&](std::uint32_t key) {
    const ObjectPtr& first = disks.primary_held(key, 0).durable;
    for (std::uint32_t place = 1; place < disks.replicas(); ++place) {
      if (!equal(first, disks.primary_held(key, place).durable)) return false;
    }
    return true;
  };
  if (first_differing < count && !same(first_differing)) return false;
  for (std::uint32_t key = 0; key < count; ++key) {
    if (same(key)) continue;
    first_differing = key;
    return false;
  }
  return true;
}

void Oracle::State::judge(std::span<const Image* const> images, bool timed_out, TimeNs now_ns) {
  DKV_ASSERT(images.size() >= disks.nodes());
  for (WriteTag tag = 1; tag <= writes.size(); ++tag) {
    if (!write(tag).took_effect()) continue;
    if (write(tag).acknowledged()) {
      findings.counters.primary_writes_max = std::max<std::uint8_t>(findings.counters.primary_writes_max,
                                                                    static_cast<std::uint8_t>(write(tag).primary_need));
    }
    for (std::uint32_t i = 0; i < history.parent_count(tag); ++i) write(history.parent(tag, i)).set(Write::kReplaced);
  }
  for (std::uint32_t key = 0; key < keys.size(); ++key) {
    if (!keys[key].key.empty()) judge_key(key, images, now_ns);
  }
  judge_hints(images, now_ns);
  if (timed_out && findings.count_of(Invariant::kConvergence) == 0) {
    findings.add(
        {.breach = Breach::kNotAtRest,
         .at_ns = now_ns,
         .detail = "the time to converge ran out before the cluster was at rest, although the disks agree now"});
  }
}

void Oracle::State::judge_key(std::uint32_t key, std::span<const Image* const> images, TimeNs now_ns) {
  const auto primaries = disks.primaries(key);
  const ObjectPtr first = object_on(*images[primaries[0]], keys[key].key);
  const bool same = std::ranges::all_of(
      primaries.subspan(1), [&](NodeId node) { return equal(first, object_on(*images[node], keys[key].key)); });
  std::vector<WriteTag> finals;
  const auto collect = [&](const ObjectPtr& object) {
    if (!object) return;
    std::uint64_t live = 0;
    for (const Sibling& sibling : object->siblings()) {
      if (is_write_of(sibling.tag, key)) finals.push_back(sibling.tag);
      live += sibling.tombstone ? 0 : 1;
    }
    findings.counters.siblings_final_max = std::max(findings.counters.siblings_final_max, live);
  };
  collect(first);
  if (!same) {
    judge_differing(key, images, now_ns);
    for (const NodeId node : primaries.subspan(1)) collect(object_on(*images[node], keys[key].key));
  }
  // A write in a pending hint is not lost, only late. I3 reports that.
  if (disks.hint_count() > 0) {
    disks.each_hint_ever(key, [&](NodeId, NodeId, const Disks::Hint& hint) { collect(hint.durable); });
  }
  // A reaped write still stands for the writes that gave way to it.
  if (keys[key].lww && keys[key].reaped != 0) finals.push_back(keys[key].reaped);
  std::ranges::sort(finals);
  finals.erase(std::ranges::unique(finals).begin(), finals.end());
  judge_missing(key, finals, now_ns);
  if (first && same) judge_siblings(key, *first, now_ns);
}

void Oracle::State::judge_differing(std::uint32_t key, std::span<const Image* const> images, TimeNs now_ns) {
  if (!findings.wanted(Invariant::kConvergence)) {
    findings.add({.breach = Breach::kReplicasDiffer, .at_ns = now_ns});
    return;
  }
  std::string text;
  bool same_versions = true;
  std::string first;
  std::set<WriteTag> versions;
  for (const NodeId node : disks.primaries(key)) {
    const ObjectPtr object = object_on(*images[node], keys[key].key);
    for (const WriteTag tag : tags_of(object)) versions.insert(tag);
    const std::string here = list(object);
    if (text.empty()) first = here;
    same_versions = same_versions && here == first;
    text += fmt::format("{}{} holds {}", text.empty() ? "" : ", ", node_name(node), here);
  }
  findings.add({.breach = Breach::kReplicasDiffer,
                .at_ns = now_ns,
                .key = key_name(key),
                .detail = fmt::format("its primaries differ at the end: {}{}", text,
                                      same_versions ? " (the same versions under different clocks)" : ""),
                .writes = {versions.begin(), versions.end()}});
}

}  // namespace dkv::sim
