#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "engine/core/object.h"

namespace dkv::test {

// Some replicas of one key, which use only put and merge, with clocks that may show any time. For each replica there
// is also the explicit set of writes that it has heard of. These sets never use dots or clocks: they are the oracle.
class ReplicaModel {
 public:
  using History = std::set<WriteTag>;

  ReplicaModel(std::uint32_t replicas, ConflictPolicy policy)
      : policy_(policy), objects_(replicas), heard_(replicas), clocks_(replicas, HybridClock(10 * kSecond)) {}

  // A client's knowledge after a read.
  struct Token {
    Context context;
    History covers;
  };
  Token read(std::uint32_t replica) const {
    const ObjectPtr& object = objects_[replica];
    return {object ? object->context() : Context{}, heard_[replica]};
  }

  WriteTag put(std::uint32_t replica, const Token& token, TimeNs wall_ns, bool tombstone = false) {
    const Actor actor{{0, replica}, 0};
    ObjectPtr& object = objects_[replica];
    const std::uint64_t last = object ? object->seen().highest(actor) : 0;
    const Hlc stored = object ? object->latest_hlc() : Hlc{};
    Sibling written;
    written.dot = {actor, last + 1};
    written.hlc = clocks_[replica].tick(wall_ns, std::max(token.context.hlc, stored));
    written.tag = ++last_tag_;
    written.tombstone = tombstone;
    if (!tombstone) written.value = Blob("v" + std::to_string(last_tag_));
    past_[last_tag_] = token.covers;
    latest_ = std::max(latest_, {written.hlc, written.dot, last_tag_});
    object = dkv::put(object, token.context, written, policy_);
    heard_[replica].insert(token.covers.begin(), token.covers.end());
    heard_[replica].insert(last_tag_);
    answer_ = {{token.context.seen.with(written.dot), written.hlc}, token.covers};
    answer_.covers.insert(last_tag_);
    return last_tag_;
  }
  // The knowledge of the client after its last put: its context and the new write, nothing else.
  const Token& answer() const { return answer_; }

  void merge(std::uint32_t into, std::uint32_t from) {
    objects_[into] = dkv::merge(objects_[into], objects_[from], policy_);
    heard_[into].insert(heard_[from].begin(), heard_[from].end());
  }

  const ObjectPtr& object(std::uint32_t replica) const { return objects_[replica]; }
  std::uint32_t replicas() const { return static_cast<std::uint32_t>(objects_.size()); }

  // The tags of the versions that the replica holds.
  History kept(std::uint32_t replica) const {
    History tags;
    if (!objects_[replica]) return tags;
    for (const Sibling& sibling : objects_[replica]->siblings()) tags.insert(sibling.tag);
    return tags;
  }
  // The writes that the replica has heard of, without the writes that another of them had seen.
  History maximal(std::uint32_t replica) const {
    History result = heard_[replica];
    for (const WriteTag tag : heard_[replica]) {
      for (const WriteTag seen : past_.at(tag)) result.erase(seen);
    }
    return result;
  }
  // The write with the latest (timestamp, dot).
  WriteTag latest() const { return latest_.tag; }

 private:
  struct Latest {
    Hlc hlc;
    Dot dot;
    WriteTag tag = 0;
    friend auto operator<=>(const Latest&, const Latest&) = default;
  };

  ConflictPolicy policy_;
  std::vector<ObjectPtr> objects_;
  std::vector<History> heard_;
  std::vector<HybridClock> clocks_;
  std::map<WriteTag, History> past_;
  WriteTag last_tag_ = 0;
  Latest latest_;
  Token answer_;
};

}  // namespace dkv::test
