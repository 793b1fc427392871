#include "sim/shrink/shrinker.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "sim/scenario/write.h"

namespace dkv::sim {
namespace {

constexpr std::size_t kOthersMax = 20;
constexpr std::size_t kStepsForSeeds = 60;

}  // namespace

Shrinker::Shrinker(Scenario start, Target target) : Shrinker(std::move(start), std::move(target), sim::passes()) {}

Shrinker::Shrinker(Scenario start, Target target, std::span<const Pass> passes)
    : passes_(passes), target_(std::move(target)), best_(std::move(start)), best_cost_(cost_of(best_)) {
  DKV_ASSERT(!best_.palette && !passes_.empty());
}

const Scenario* Shrinker::candidate(std::size_t ahead) {
  while (proposals_.size() <= ahead) {
    if (!propose()) return nullptr;
  }
  return &proposals_[ahead].scenario;
}

bool Shrinker::told(const Verdict& verdict) {
  DKV_ASSERT(!proposals_.empty());
  ++tries_;
  for (const Failure& failure : verdict.others) {
    // A run with less in it fails other expectations by itself.
    if (failure.target.kind != Target::Kind::kBreach && failure.target.kind != Target::Kind::kAborted) continue;
    const auto known = [&](const Other& other) { return same(other.failure.target, failure.target); };
    if (others_.size() >= kOthersMax || std::ranges::any_of(others_, known)) continue;
    others_.push_back({failure, proposals_.front().scenario});
  }
  Proposal first = std::move(proposals_.front());
  proposals_.pop_front();
  if (!verdict.fails) return false;
  target_.events_before = verdict.events;
  accept(std::move(first));
  return true;
}

const char* Shrinker::doing() const {
  const Cursor& cursor = proposals_.empty() ? cursor_ : proposals_.front().at;
  return cursor.ended ? "" : passes_[cursor.pass].about;
}

void Shrinker::begin_pass(Cursor& cursor) const {
  const Pass& pass = passes_[cursor.pass];
  cursor.begun = true;
  cursor.begin = cursor.index = cursor.attempt = 0;
  cursor.variants.reset();
  if (pass.variants) {
    cursor.variants = std::make_shared<const std::vector<Scenario>>(pass.variants(best_, target_));
  } else {
    cursor.chunk = pass.units(best_);
  }
}

void Shrinker::next_pass(Cursor& cursor) const {
  cursor.begun = false;
  if (++cursor.pass < passes_.size()) return;
  cursor.pass = 0;
  cursor.ended = !cursor.changed;
  cursor.changed = false;
}

std::optional<Scenario> Shrinker::change_at(const Cursor& cursor) const {
  const Pass& pass = passes_[cursor.pass];
  if (pass.variants) {
    if (cursor.index >= cursor.variants->size()) return std::nullopt;
    return (*cursor.variants)[cursor.index];
  }
  if (cursor.chunk == 0) return std::nullopt;
  const std::size_t units = pass.units(best_);
  return pass.without(best_, cursor.begin, std::min(cursor.begin + cursor.chunk, units));
}

// To the next seed, or to the next change of this pass. Cuts go on with smaller pieces: all, halves, quarters, ...
void Shrinker::step_on(Cursor& cursor) const {
  const Pass& pass = passes_[cursor.pass];
  const bool is_cheap = best_.workload.clients == 0 && best_.workload.steps.size() <= kStepsForSeeds;
  if (is_cheap && cursor.attempt < pass.seeds) {
    ++cursor.attempt;
    return;
  }
  cursor.attempt = 0;
  if (pass.variants) {
    ++cursor.index;
    return;
  }
  cursor.begin += cursor.chunk;
  if (cursor.begin < pass.units(best_)) return;
  cursor.begin = 0;
  cursor.chunk = cursor.chunk == 1 ? 0 : (cursor.chunk + 1) / 2;
}

bool Shrinker::propose() {
  while (!cursor_.ended) {
    if (!cursor_.begun) begin_pass(cursor_);
    std::optional<Scenario> change = change_at(cursor_);
    if (!change) {
      next_pass(cursor_);
      continue;
    }
    const Cursor at = cursor_;
    step_on(cursor_);
    if (at.attempt != 0) change->seed = at.attempt;
    if (cost_of(*change) >= best_cost_) continue;
    const std::uint64_t hash = hash64(write_scenario(*change));
    if (!rejected_.insert(hash).second) continue;
    proposals_.push_back({std::move(*change), hash, at});
    return true;
  }
  return false;
}

void Shrinker::accept(Proposal&& proposal) {
  for (const Proposal& behind : proposals_) rejected_.erase(behind.hash);
  proposals_.clear();
  ++accepted_;
  best_ = std::move(proposal.scenario);
  best_cost_ = cost_of(best_);
  cursor_ = std::move(proposal.at);
  cursor_.changed = true;
  cursor_.attempt = 0;
  const Pass& pass = passes_[cursor_.pass];
  if (pass.variants) {
    const std::size_t index = cursor_.index;
    begin_pass(cursor_);
    cursor_.index = index;
    return;
  }
  // What stood behind the piece has moved to its place.
  const std::size_t units = pass.units(best_);
  cursor_.chunk = std::min(cursor_.chunk, units);
  if (cursor_.begin < units) return;
  cursor_.begin = 0;
  cursor_.chunk = cursor_.chunk <= 1 ? 0 : (cursor_.chunk + 1) / 2;
}

}  // namespace dkv::sim
