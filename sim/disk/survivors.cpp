#include "sim/disk/survivors.h"

#include <algorithm>
#include <optional>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

bool has_version(const ObjectPtr& object, const Dot& dot) {
  return object && std::ranges::any_of(object->siblings(), [&](const Sibling& sibling) { return sibling.dot == dot; });
}

// The object without the lost versions; null when none is left.
ObjectPtr without(const ObjectPtr& object, const std::vector<Dot>& lost) {
  VersionVector dots;
  std::vector<Sibling> whole;
  for (const Sibling& sibling : object->siblings()) {
    if (std::ranges::find(lost, sibling.dot) != lost.end()) continue;
    dots = dots.with(sibling.dot);
    whole.push_back(sibling);
  }
  if (whole.size() == object->siblings().size()) return object;
  return whole.empty() ? ObjectPtr() : Object::make(dots, whole);
}

// The pending records of one name.
struct Chain {
  std::span<const Record> pending;
  std::vector<std::size_t> places;  // indices into pending, ascending
  ObjectPtr is;

  const ObjectPtr& object(std::size_t at) const { return pending[places[at]].object; }

  // Whether versions of the records from `from` on, joined to base, make the shown state.
  bool stands_on(const ObjectPtr& base, std::size_t from) const {
    if (!is) return false;
    // Remains that join the base carry no clock, so every version of the base stays.
    if (base && std::ranges::any_of(base->siblings(), [&](const Sibling& s) { return !has_version(is, s.dot); })) {
      return false;
    }
    VersionVector dots;
    std::vector<Sibling> whole;
    for (const Sibling& sibling : is->siblings()) {
      if (base && base->seen().covers(sibling.dot)) continue;
      bool was_pending = false;
      for (std::size_t at = from; at < places.size() && !was_pending; ++at) {
        was_pending = has_version(object(at), sibling.dot);
      }
      if (!was_pending) return false;
      dots = dots.with(sibling.dot);
      whole.push_back(sibling);
    }
    if (whole.empty()) return false;
    return digest_of(merge(base, Object::make(dots, whole), ConflictPolicy::kSiblings)) == digest_of(is);
  }

  void judge(const ObjectPtr& durable, std::vector<Remains>& remains) const {
    const auto mark = [&](std::size_t begin, std::size_t end, Remains what) {
      for (; begin < end; ++begin) remains[places[begin]] = what;
    };
    // The last record that is shown replaced the earlier ones, and nothing is left of the later ones.
    for (std::size_t at = places.size(); at > 0; --at) {
      if (digest_of(object(at - 1)) == digest_of(is)) return mark(0, at, Remains::kWhole);
    }
    for (std::size_t at = places.size() + 1; at-- > 0;) {
      if (!stands_on(at > 0 ? object(at - 1) : durable, at)) continue;
      mark(0, at, Remains::kWhole);
      return mark(at, places.size(), Remains::kParts);
    }
  }
};

}  // namespace

std::uint64_t digest_of(const ObjectPtr& object) {
  return object ? object->digest() : 0;
}

bool same_name(const Record& a, const Record& b) {
  return a.space == b.space && a.owner == b.owner && a.key == b.key;
}

ObjectPtr state_of(const Image& image, const Record& name) {
  if (name.space == KeySpace::kObjects) {
    const ObjectPtr* found = image.find(name.key);
    return found ? *found : ObjectPtr();
  }
  const Image::Hint* found = image.find_hint(name.owner, name.key);
  return found ? found->object : ObjectPtr();
}

std::vector<Remains> remains_of(std::span<const Record> pending, std::span<const ObjectPtr> shown,
                                const Image& durable) {
  DKV_ASSERT(shown.size() == pending.size());
  std::vector<Remains> remains(pending.size(), Remains::kNothing);
  std::vector<bool> judged(pending.size(), false);
  for (std::size_t first = 0; first < pending.size(); ++first) {
    if (judged[first]) continue;
    if (pending[first].space == KeySpace::kIdentity) {
      remains[first] = Remains::kWhole;
      continue;
    }
    Chain chain{.pending = pending, .places = {}, .is = shown[first]};
    for (std::size_t i = first; i < pending.size(); ++i) {
      if (!same_name(pending[i], pending[first])) continue;
      chain.places.push_back(i);
      judged[i] = true;
    }
    chain.judge(state_of(durable, pending[first]), remains);
  }
  return remains;
}

FallenBack fall_back(std::span<const Record> records, std::size_t acknowledged, std::span<const ObjectPtr> shown,
                     const Image& synced, const Image& durable) {
  const std::vector<Remains> remains = remains_of(records, shown, synced);
  FallenBack back;
  std::vector<bool> judged(acknowledged, false);
  for (std::size_t first = 0; first < acknowledged; ++first) {
    if (remains[first] != Remains::kWhole) ++back.records_lost;
    if (judged[first] || records[first].space == KeySpace::kIdentity) continue;
    std::optional<std::size_t> last;
    for (std::size_t i = first; i < records.size(); ++i) {
      if (!same_name(records[i], records[first])) continue;
      if (i < acknowledged) judged[i] = true;
      if (remains[i] != Remains::kNothing) last = i;
    }
    const ObjectPtr& is = shown[first];
    if (digest_of(is) == digest_of(state_of(durable, records[first]))) continue;
    if (last && *last >= acknowledged && remains[*last] == Remains::kWhole) continue;
    if (!last && digest_of(is) != digest_of(state_of(synced, records[first]))) continue;
    FallenBack::Name& name = back.names.emplace_back();
    name.now = records[first];
    name.now.object = is;
    name.in_parts = last && remains[*last] == Remains::kParts;
  }
  return back;
}

void take_over(RecordLedger& records, const Record& name, const ObjectPtr& is) {
  ObjectPtr last = state_of(records.durable(), name);
  for (const Append& append : records.all_pending()) {
    if (same_name(append.record, name)) last = append.record.object;
  }
  std::vector<Dot> lost;
  if (last) {
    for (const Sibling& sibling : last->siblings()) {
      if (!has_version(is, sibling.dot)) lost.push_back(sibling.dot);
    }
  }
  records.review_pending([&](Record& record) {
    if (lost.empty() || !record.object || !same_name(record, name)) return true;
    record.object = without(record.object, lost);
    return static_cast<bool>(record.object);
  });
  Record now = name;
  now.object = is;
  records.apply(now);
}

}  // namespace dkv::sim
