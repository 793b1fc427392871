// The witness tells causes while the run goes on. The recorder keeps its own record of the same run: what was sent,
// lost and stored. The two must agree for every stale read.
#include "sim/watch/witness.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/draw/fault_schedule.h"
#include "sim/why/case.h"
#include "sim/why/recorder.h"
#include "tests/sim/scenario/text.h"

namespace dkv::why {
namespace {

using sim::Absence;

class Listener final : public sim::Observer {
 public:
  struct One {
    EventNumber event = 0;
    sim::Setback setback;
    sim::StaleCause cause;
  };
  explicit Listener(const sim::Scenario& scenario) : witness_(scenario) {}

  bool wants_events() const override { return true; }
  void on_event(const sim::EventView& view) override {
    event_ = view.number;
    witness_.on_event(view);
  }
  void on_fault_number(std::uint32_t number) override { witness_.on_fault_number(number); }
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override {
    witness_.on_fault(fault, begins, now_ns);
  }
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override { witness_.on_node(node, change, now_ns); }
  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs now_ns) override {
    witness_.on_turn(node, effects, now_ns);
  }
  void on_observation(NodeId node, const Observation& what, TimeNs now_ns) override {
    witness_.on_observation(node, what, now_ns);
  }
  void on_lost(const sim::Flight& flight, TimeNs now_ns) override { witness_.on_lost(flight, now_ns); }
  void on_setback(const sim::Setback& setback) override {
    if (setback.kind != sim::SetbackKind::kStaleRead) return;
    told.push_back({event_, setback, witness_.cause_of(setback)});
  }

  std::vector<One> told;

 private:
  sim::Witness witness_;
  EventNumber event_ = 0;
};

constexpr const char* kStormy = R"(run: 5s
heal_within: 20s
cluster: {nodes: 5, n: 3, r: 1, w: 1, anti_entropy: {every: 2s}}
network: {latency: {uniform: [1ms, 40ms]}}
workload: {clients: 6, load: {rate: 60/s}, mix: {get: 60, put: 30, delete: 10}, keys: {count: 6}}
faults:
  - {at: 1s, for: 2s, partition: [[n1, n2], rest]}
  - {at: 1500ms, for: 1s, crash: n4}
  - {at: 3s, for: 1s, loss: {between: [[n1], [n3]], rate: 50%}}
  - {at: 3500ms, for: 1s, power_loss: n5}
)";

// The state of the key in the process of the node, after this event.
ObjectPtr state_at(const Record& record, std::uint32_t key, NodeId node, EventNumber event, bool on_disk) {
  ObjectPtr state;
  for (const Change& change : record.changes) {
    if (change.key == key && change.node == node && change.owner == kNoNode && change.on_disk == on_disk &&
        change.when.event <= event) {
      state = change.after;
    }
  }
  return state;
}

// Checks one reason against the record. given: the event in which the node answered.
void check_reason(const sim::Answered& answered, const Operation& write, const Record& record, std::uint32_t key,
                  EventNumber given, std::map<Absence, int>& counts) {
  ++counts[answered.why];
  const auto contact = std::ranges::find_if(write.contacts, [&](const Contact& one) {
    return one.node == answered.node && !one.own && one.stands_in_for == kNoNode;
  });
  const bool asked = contact != write.contacts.end() && contact->asked.event <= given;
  const bool arrived = asked && contact->arrived.happened() && contact->arrived.event <= given;
  CHECK_FALSE(holds(state_at(record, key, answered.node, given, false), write.tag));
  switch (answered.why) {
    case Absence::kLost: CHECK((asked && contact->lost.happened() && contact->lost.event <= given)); break;
    // The copy of a later write may carry it, too: the contact knows only its own.
    case Absence::kOnItsWay: CHECK((asked && !arrived)); break;
    case Absence::kHeldBack: CHECK((asked && contact->held_back && !arrived)); break;
    case Absence::kDown: CHECK((arrived && contact->nobody)); break;
    case Absence::kNotStored: CHECK((arrived && !contact->nobody)); break;
    case Absence::kUnreachable:
    case Absence::kNotSent: CHECK_FALSE(asked); break;
    case Absence::kProcessEnded:
    case Absence::kDiskGone: {
      const bool ended = std::ranges::any_of(record.nodes, [&](const NodeStep& step) {
        return step.node == answered.node && step.when.event > write.asked.event && step.when.event <= given &&
               step.change != sim::NodeChange::kPaused && step.change != sim::NodeChange::kResumed;
      });
      CHECK(ended);
      break;
    }
    default: break;
  }
}

TEST_CASE("the causes of 200 stale reads agree with the record of who answered and who held the write") {
  int compared = 0;
  std::map<Absence, int> counts;
  for (std::uint64_t seed = 1; compared < 200 && seed <= 90; ++seed) {
    const auto scenario = std::make_shared<const sim::Scenario>(sim::load_good(kStormy));
    const auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*scenario, seed));
    sim::World told_world(scenario, seed, schedule);
    Listener listener(*scenario);
    while (told_world.step(&listener)) {
    }
    Follow follow;
    for (const Key& key : told_world.clients().keys()) follow.keys.push_back(key);
    sim::World world(scenario, seed, schedule);
    Recorder recorder(world, std::move(follow));
    while (recorder.step()) {
    }
    const Record record = recorder.take();
    const Case about(world, record);
    for (const Listener::One& one : listener.told) {
      INFO("seed " << seed << ", event " << one.event);
      const auto get = std::ranges::find_if(record.operations, [&](const Operation& operation) {
        return !operation.write() && operation.finished.event == one.event && operation.session == one.setback.session;
      });
      REQUIRE(get != record.operations.end());
      const Operation* write = record.write(one.setback.write);
      REQUIRE(write);
      REQUIRE(one.cause.known);
      CHECK(one.cause.coordinator == get->coordinator);
      std::set<NodeId> expected, answered;
      std::map<NodeId, EventNumber> given;
      for (const Contact& contact : get->contacts) {
        if (contact.own || !contact.answer_arrived.by(get->replied)) continue;
        if (!contact.answer && !about.is_primary(get->key, contact.node)) continue;
        expected.insert(contact.node);
        given[contact.node] = contact.answered.event;
      }
      if (expected.size() < get->acks.total) {
        expected.insert(get->coordinator);
        given[get->coordinator] = get->coordinated.happened() ? get->coordinated.event : get->replied.event;
      }
      const std::uint32_t key = about.index_of(get->key);
      for (const sim::Answered& who : one.cause.answered) {
        answered.insert(who.node);
        if (about.is_primary(get->key, who.node)) check_reason(who, *write, record, key, given[who.node], counts);
      }
      CHECK(answered == expected);
      std::set<NodeId> holders, on_disks;
      for (const sim::Holder& holder : one.setback.holders) {
        if (holder.owner == kNoNode) holders.insert(holder.node);
      }
      for (const NodeId node : about.primaries(get->key)) {
        const ObjectPtr state = state_at(record, key, node, one.event, true);
        const bool has = state && std::ranges::any_of(state->siblings(), [&](const Sibling& sibling) {
                           return sibling.tag == write->tag || about.history.contains(sibling.tag, write->tag);
                         });
        if (has) on_disks.insert(node);
      }
      CHECK(holders == on_disks);
      ++compared;
    }
  }
  CHECK(compared >= 200);
  // Most are proved. What is not is told as such.
  CHECK(counts[Absence::kNotKnown] * 20 <= compared);
  CHECK(counts[Absence::kShown] == 0);
  CHECK(counts[Absence::kLost] > 0);
  CHECK(counts[Absence::kOnItsWay] > 0);
}

}  // namespace
}  // namespace dkv::why
