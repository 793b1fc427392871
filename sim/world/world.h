#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/placement.h"
#include "engine/node/node.h"
#include "engine/ports/outbox.h"
#include "sim/clients/client_host.h"
#include "sim/clients/clients.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/rng.h"
#include "sim/network/network.h"
#include "sim/oracle/oracle.h"
#include "sim/oracle/questions.h"
#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/counts.h"
#include "sim/watch/moment.h"
#include "sim/watch/observer.h"
#include "sim/world/events.h"
#include "sim/world/fault_driver.h"
#include "sim/world/machine.h"
#include "sim/world/options.h"
#include "sim/world/recovery_audit.h"

namespace dkv::sim {

// A whole cluster with its network, disks, clients, faults and oracles, as one value. A run is a function of (build,
// scenario, schedule, seed). A copy continues independently and identically. Not thread-safe, but several worlds may
// run on several threads.
// The parts of a world hold no pointers to each other: the scheduled events, the machines, the faults, the network,
// the clients and the oracle. The world passes events from one part to another.
class World final : private ClientHost, private FaultHost {
 public:
  // schedule: from draw_schedule(), or edited. Ascending by at_ns.
  World(std::shared_ptr<const Scenario> scenario, std::uint64_t seed, std::shared_ptr<const Schedule> schedule,
        const WorldOptions& options = {});
  World(const World&);  // defined in the .cpp: slow to compile
  World(World&&) noexcept;
  World& operator=(World&&) noexcept;
  ~World();

  // Carries out the next event. False when the run has ended. observer is called during the step only.
  bool step(Observer* observer = nullptr);

  bool ended() const noexcept { return phase_ == Phase::kEnded; }
  bool healing() const noexcept { return phase_ == Phase::kHealing; }
  bool converged() const noexcept { return converged_at_ns_ >= 0; }  // in time; valid once ended
  TimeNs converged_after_ns() const noexcept { return converged() ? converged_at_ns_ - scenario_->run_ns : -1; }
  TimeNs now() const noexcept { return now_ns_; }
  TimeNs next_at() { return queue_.next_time(); }  // of the next event; the run must not have ended
  std::uint64_t events() const noexcept { return events_; }
  // The rolling hash of all events so far and, once the run has ended, of the final state.
  std::uint64_t fingerprint() const noexcept { return fingerprint_; }

  const Scenario& scenario() const noexcept { return *scenario_; }
  const Schedule& schedule() const noexcept { return faults_.schedule(); }
  std::uint64_t seed() const noexcept { return seed_; }
  const Placement& placement() const noexcept { return *placement_; }
  std::uint32_t node_count() const noexcept { return static_cast<std::uint32_t>(machines_.size()); }
  const Node* node(NodeId id) const noexcept { return machines_[id].process(); }  // null: it is down
  const Image& image(NodeId id) const noexcept { return machines_[id].records.durable(); }
  const Clients& clients() const noexcept { return clients_; }
  const Network& network() const noexcept { return network_; }
  const Oracle* judge() const noexcept { return oracle_.judges() ? &oracle_ : nullptr; }  // null: switched off
  const WorldCounters& counters() const noexcept { return counters_; }
  std::size_t pending_events() const noexcept { return queue_.size(); }

  // --- What if (world_command.cpp). step() and the constructor apply the scenario's own commands.
  // Carries out the command now; command.at_event must be events() + 1. Fails when it makes no sense at this moment,
  // and then changes only commands_applied().
  Result<void> apply(const Command& command, Observer* observer = nullptr);
  Result<void> check(const Command& command) const;                              // whether apply() would succeed now
  std::uint64_t commands_applied() const noexcept { return commands_applied_; }  // including refused ones
  const std::vector<RefusedCommand>& refused_commands() const noexcept { return refused_; }

  // --- What if (world_luck.cpp). From now on chance is drawn again: latency, loss, duplication and reordering of
  // messages, also by faults of the network; how long disks and slow processes take; when clients ask, for what, whom.
  // What was drawn before stays: messages on their way, timers, requests to disks. So do the schedule of faults, the
  // bytes that damage and power losses hit, and the seeds of nodes that start. Equal worlds and salts give equal runs.
  void draw_again(std::uint64_t salt);

  // --- A moment, as a debugger sees it (world_moment.cpp).
  std::vector<Flight> flights() const;       // ascending by arrival; those without a known arrival come last
  std::vector<PendingTimer> timers() const;  // ascending by time
  NodeView node_view(NodeId node) const;
  TimeNs wall_now(NodeId node) const noexcept;
  // Numbers of the faults that are on, ascending: first those of the schedule, then those from commands.
  std::vector<std::uint32_t> faults_on() const { return faults_.on(); }
  const Fault& fault(std::uint32_t index) const noexcept { return faults_.fault(index); }
  // The memory that a copy of this world needs, without the parts that both share. An estimate, see the tests.
  std::uint64_t copy_bytes() const;

 private:
  friend class AfterEnd;  // judges I7 and I12 in a copy, which goes on after the end
  enum class Phase : std::uint8_t { kChaos, kHealing, kEnded };
  // --- ClientHost and FaultHost
  TimeNs now_ns() const override { return now_ns_; }
  Observer* observer() override { return observer_; }
  void ask(NodeId home, NodeId via, std::uint64_t token, ClientRequest&& request) override;
  void wake_to_begin(std::uint32_t session, TimeNs at_ns) override { push(at_ns, WakeToBegin{session}); }
  void wake_to_give_up(std::uint32_t session, TimeNs at_ns) override { push(at_ns, WakeToGiveUp{session}); }
  void next_arrival(TimeNs at_ns) override { push(at_ns, NextArrival{}); }
  Oracle& oracle() override { return oracle_; }
  Network& faulty_network() override { return network_; }
  Machine& machine(NodeId node) override { return machines_[node]; }
  WorldCounters& counters_to_raise() override { return counters_; }
  bool uses_disk() const override { return traits_.uses_disk; }
  Stream disk_fault_stream() override { return Stream(seed_, Purpose::kDiskFault, ++damage_draws_); }
  void end_fault_at(std::uint32_t index, TimeNs at_ns) override { push(at_ns, FaultEnds{index}); }
  void end_process(NodeId node, bool power_lost) override;
  void start_process(NodeId node) override;
  void empty_disk(NodeId node) override;
  void replace_disk(NodeId node, const DiskSnapshot& snapshot) override;
  void clock_skewed(NodeId node) override { oracle_.clock_skewed(machines_[node].skew_ns); }
  void finish_disk(DiskEnds& ends) override;
  void take_deferred(NodeId node) override;
  void send_held() override;

  // --- Events (world.cpp, world_disk.cpp, world_processes.cpp)
  void push(TimeNs at_ns, WorldEvent&& what) { queue_.push(at_ns, Scheduled{std::move(what), 0, now_ns_, cause_}); }
  void on(Dropped&, Scheduled&) {}
  void on(Delivery& delivery, Scheduled& event);
  void on(ConnectionEnds& ends, Scheduled& event);
  void on(TimerDue& due, Scheduled& event);
  void on(DiskEnds& ends, Scheduled& event);
  void on(DiskAnswers& answers, Scheduled& event);
  void on(Respawn& respawn, Scheduled& event);
  void on(RequestArrives& arrives, Scheduled& event);
  void on(ReplyArrives& arrives, Scheduled& event);
  void on(WakeToBegin& wake, Scheduled&) { clients_.begin_due(wake.session, *this); }
  void on(WakeToGiveUp& wake, Scheduled&) { clients_.give_up_due(wake.session, *this); }
  void on(NextArrival&, Scheduled&) { clients_.arrival(*this); }
  void on(FaultBegins& begins, Scheduled&);
  void on(FaultEnds& ends, Scheduled&) { faults_.end(ends.index, *this); }
  void on(MomentComes& moment, Scheduled&) { faults_.remember(moment.index, *this); }
  void on(Heal&, Scheduled& event);
  void on(Poll&, Scheduled& event);
  // True when the node cannot receive the event now: it is down (dropped), paused (deferred) or slow (delayed).
  bool held_back(NodeId node, Scheduled& event);
  void give(NodeId node, Event&& event);
  void drain(NodeId node);
  void observed(NodeId node, const Observation& observation);
  void transmit(NodeId from, NodeId to, Leg leg, WorldEvent&& what);
  void carry(Undelivered&& message);
  void send_message(NodeId from, Send&& send);
  void reset(NodeId node, NodeId peer);
  void ask_disk(NodeId node, DiskRequest&& request);
  void settle_next(NodeId node);
  void forget_all(NodeId node);
  bool acknowledges_unsynced() const noexcept { return traits_.after_power_loss == Kept::kOlder; }
  RecoveryAudit audit(NodeId node);
  std::span<const Image* const> images() const;
  void end_run(bool converged);
  void answered(std::uint64_t token, const ClientReply& reply);  // I12, in a copy (after_end.h)
  // --- Commands and observers
  void apply_due();
  void carry_out(const Command& command);
  void restart(NodeId node);
  void tell_violations();
  void tell_setbacks();
  void view(const Scheduled& event);

  std::shared_ptr<const Scenario> scenario_;
  std::uint64_t seed_;
  WorldOptions options_;
  StorageTraits traits_;  // of the stores of the nodes
  std::shared_ptr<const Placement> placement_;
  Phase phase_ = Phase::kChaos;
  TimeNs now_ns_ = 0, converged_at_ns_ = -1;
  std::uint64_t events_ = 0, fingerprint_ = 0;
  EventQueue<Scheduled> queue_;
  std::vector<Machine> machines_;
  Network network_;
  Clients clients_;
  Oracle oracle_;
  FaultDriver faults_;
  Stream disk_stream_, processing_stream_, seed_stream_;
  std::uint64_t damage_draws_ = 0;
  std::vector<Undelivered> held_;  // by clogs
  Cause cause_ = 0;                // of the events that are being scheduled
  std::uint64_t commands_applied_ = 0;
  std::vector<RefusedCommand> refused_;
  WorldCounters counters_;
  TimeNs rounds_every_ns_ = 0;                // anti-entropy's pace in an idle copy; 0: the nodes' own
  Questions* questions_ = nullptr;            // of I12, in a copy
  std::uint64_t violations_told_ = 0;         // the violations of the oracle that observers have seen
  std::uint64_t wrong_values_told_ = 0;       // likewise of the clients
  Outbox outbox_;                             // empty between steps
  std::string frame_;                         // scratch
  mutable std::vector<const Image*> images_;  // of machines_; collected again after a copy
  Observer* observer_ = nullptr;              // during a step only
};

}  // namespace dkv::sim
