#include "sim/oracle/oracle.h"

#include <fmt/format.h>

#include <utility>

#include "engine/core/assert.h"
#include "sim/oracle/state.h"

namespace dkv::sim {

Oracle::State::State(const Scenario& scenario, std::shared_ptr<const Placement> placement)
    : config(std::make_shared<const NodeConfig>(scenario.cluster.node)), disks(std::move(placement)) {
  lww = config->policy == ConflictPolicy::kLastWriteWins;
  for (const auto& [bucket, properties] : config->buckets) lww = lww || is_lww(*Key::make(bucket, "any"));
  DKV_ASSERT(disks.nodes() <= kNodesMax);
  names.resize(disks.nodes());
  for (const Member& member : scenario.cluster.members) {
    if (member.id < names.size()) names[member.id] = member.name;
  }
}

void Oracle::State::add_key(std::uint32_t index, const Key& key) {
  DKV_ASSERT(index < kKeysMax);
  if (index >= keys.size()) keys.resize(index + 1);
  if (!keys[index].key.empty()) return;
  keys[index].key = key;
  keys[index].lww = is_lww(key);
  key_indexes.emplace(key, index);
  disks.add_key(index, key.hash());
}

std::uint32_t Oracle::State::key_index(const Key& key) const {
  const auto found = key_indexes.find(key);
  return found == key_indexes.end() ? kNoKey : found->second;
}

// The tag of a version gives the key without a look-up by its bytes.
std::uint32_t Oracle::State::key_index(const Record& record) const {
  if (record.object) {
    const WriteTag tag = record.object->siblings().front().tag;
    if (tag >= 1 && tag <= writes.size() && keys[write(tag).key].key == record.key) return write(tag).key;
  }
  return key_index(record.key);
}

std::string Oracle::State::node_name(NodeId node) const {
  if (node < names.size() && !names[node].empty()) return names[node];
  return fmt::format("node {}", node);
}

std::string Oracle::State::describe(WriteTag tag) const {
  const Write& w = write(tag);
  const std::string primaries = w.primary_need > 0 ? fmt::format(", pw={}", w.primary_need) : "";
  return fmt::format("{} #{} by session {} at {} (w={}{})", w.is(Write::kRemove) ? "delete" : "put", tag, w.session,
                     time_text(w.started_ns), w.need, primaries);
}

std::string Oracle::State::list(const ObjectPtr& object) const {
  if (!object) return "nothing";
  std::string text;
  for (const Sibling& sibling : object->siblings()) {
    text += fmt::format("{}#{}{}", text.empty() ? "" : " ", sibling.tag, sibling.tombstone ? " (a delete)" : "");
  }
  return text;
}

bool Oracle::State::covers(const Object& object, std::uint32_t key, WriteTag tag) const noexcept {
  // The node has forgotten the write, and its next dot may reveal that.
  if (is_write_of(tag, key) && write(tag).is(Write::kReaped)) return true;
  for (const Sibling& sibling : object.siblings()) {
    if (is_write_of(sibling.tag, key) && covers(sibling.tag, tag)) return true;
  }
  return false;
}

Oracle::StateOwner::StateOwner() = default;
Oracle::StateOwner::StateOwner(const StateOwner& other)
    : state(other.state ? std::make_unique<State>(*other.state) : nullptr) {}
Oracle::StateOwner::StateOwner(StateOwner&&) noexcept = default;
Oracle::StateOwner& Oracle::StateOwner::operator=(const StateOwner& other) {
  if (this != &other) state = other.state ? std::make_unique<State>(*other.state) : nullptr;
  return *this;
}
Oracle::StateOwner& Oracle::StateOwner::operator=(StateOwner&&) noexcept = default;
Oracle::StateOwner::~StateOwner() = default;

Oracle::Oracle() = default;
Oracle::Oracle(const Oracle&) = default;
Oracle::Oracle(Oracle&&) noexcept = default;
Oracle& Oracle::operator=(const Oracle&) = default;
Oracle& Oracle::operator=(Oracle&&) noexcept = default;
Oracle::~Oracle() = default;

Oracle::Oracle(const Scenario& scenario, std::shared_ptr<const Placement> placement) {
  owner_.state = std::make_unique<State>(scenario, std::move(placement));
}

WriteTag Oracle::write_started(const WriteStart& start, const Key& key, TimeNs now_ns) {
  return judges() ? owner_.state->write_started(start, key, now_ns) : ++last_tag_;
}
Seen Oracle::write_finished(WriteTag tag, const ClientReply* reply, TimeNs now_ns) {
  return judges() ? owner_.state->write_finished(tag, reply, now_ns) : Seen();
}
Oracle::ReadId Oracle::read_started(const ReadStart& start, const Key& key, TimeNs now_ns) {
  return judges() ? owner_.state->read_started(start, key, now_ns) : 0;
}
Seen Oracle::read_finished(ReadId read, const ClientReply* reply, TimeNs now_ns) {
  return judges() ? owner_.state->read_finished(read, reply, now_ns) : Seen();
}
void Oracle::appended(NodeId node, const Record& record, TimeNs now_ns) {
  if (judges()) owner_.state->appended(node, record, now_ns);
}
void Oracle::durable(NodeId node, const Record& record, TimeNs now_ns) {
  if (judges()) owner_.state->durable(node, record, now_ns);
}
void Oracle::stopped(NodeId node, bool power_lost) {
  if (judges() && power_lost) owner_.state->disks.drop_unsynced(node);
}
void Oracle::restarted(NodeId node, std::span<const Record> kept) {
  if (judges()) owner_.state->restarted(node, kept);
}
void Oracle::wiping(NodeId node, TimeNs now_ns) {
  if (judges()) owner_.state->wiping(node, now_ns, State::LossCause::kWiped);
}
void Oracle::disk_replaced(NodeId node, std::span<const Record> there, std::span<const Record> unsynced,
                           TimeNs now_ns) {
  if (judges()) owner_.state->disk_replaced(node, there, unsynced, now_ns);
}
void Oracle::forgetting(NodeId node, TimeNs now_ns) {
  if (judges()) owner_.state->wiping(node, now_ns, State::LossCause::kForgotten);
}
void Oracle::damaged(NodeId node, const Key& key, const ObjectPtr& object, TimeNs now_ns) {
  if (judges()) owner_.state->damaged(node, key, object, now_ns);
}
void Oracle::hint_damaged(NodeId node, NodeId owner, const Key& key, const ObjectPtr& object, TimeNs now_ns) {
  if (judges()) owner_.state->hint_damaged(node, owner, key, object, now_ns);
}
void Oracle::not_synced(NodeId node, const Record& now, TimeNs lost_ns) {
  if (judges()) owner_.state->not_synced(node, now, lost_ns);
}
void Oracle::clock_lost(const Key& key) {
  if (judges()) owner_.state->clock_lost(key);
}
void Oracle::clock_skewed(TimeNs by_ns) noexcept {
  if (!judges()) return;
  State& state = *owner_.state;
  state.skew_most_ns = std::max(state.skew_most_ns, by_ns < 0 ? -by_ns : by_ns);
}
void Oracle::recovered_wrongly(NodeId node, const Record& record, std::string detail, TimeNs now_ns) {
  if (!judges()) return;
  State& state = *owner_.state;
  state.findings.add({.breach = Breach::kRecoveredWrongly,
                      .at_ns = now_ns,
                      .node = node,
                      .key = record.key.empty() ? "" : key_text(record.key),
                      .detail = std::move(detail),
                      .writes = tags_of(record.object),
                      .other = record.space == KeySpace::kHints ? record.owner : kNoNode});
}
void Oracle::observed(NodeId node, const Observation& observation, TimeNs now_ns) {
  if (judges()) owner_.state->observed(node, observation, now_ns);
}
bool Oracle::converged(std::span<const Image* const> images) const {
  return !judges() || owner_.state->converged(images);
}
void Oracle::judge(std::span<const Image* const> images, bool timed_out, TimeNs now_ns) {
  if (judges()) owner_.state->judge(images, timed_out, now_ns);
}
const Findings& Oracle::findings() const noexcept {
  static const Findings kNone;
  return judges() ? owner_.state->findings : kNone;
}
const std::vector<Violation>& Oracle::violations() const noexcept {
  return findings().violations;
}
std::uint64_t Oracle::violation_count() const noexcept {
  return findings().violation_count;
}
void Oracle::report(Violation violation) {
  owner_.state->findings.add(std::move(violation));
}
void Oracle::cannot_judge(Invariant invariant, std::string why) {
  owner_.state->findings.not_judged.push_back({invariant, std::move(why)});
}
const std::vector<NotJudged>& Oracle::not_judged() const noexcept {
  return owner_.state->findings.not_judged;
}
const std::vector<Excused>& Oracle::excused() const noexcept {
  return findings().excused;
}
const std::vector<Excused>& Oracle::discarded() const noexcept {
  return findings().discarded;
}
const std::vector<StaleRead>& Oracle::stale_reads() const noexcept {
  return findings().stale_reads;
}
bool Oracle::has_setbacks() const noexcept {
  return judges() && !owner_.state->findings.setbacks.empty();
}
std::vector<Setback> Oracle::take_setbacks() {
  return judges() ? std::exchange(owner_.state->findings.setbacks, {}) : std::vector<Setback>();
}
const Oracle::Counters& Oracle::counters() const noexcept {
  return findings().counters;
}

std::uint64_t Oracle::copy_bytes() const noexcept {
  if (!judges()) return 0;
  const State& state = *owner_.state;
  const std::uint64_t of_write = sizeof(Write) + 8 + 24 + 8 + 8;  // with its timestamp, entry in the history, and dot
  const std::uint64_t of_key = sizeof(State::PerKey) + 2 * sizeof(Key) + state.disks.replicas() * 16 + 240;
  return sizeof(State) + state.writes.size() * of_write + state.history.block_count() * 32 +
         state.keys.size() * of_key + state.disks.hint_count() * 160 + state.reads.size() * sizeof(State::Read) +
         (state.losses.size() + state.giving_way.size() + state.lifetimes.size()) * 48;
}

}  // namespace dkv::sim
