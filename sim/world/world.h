#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/placement.h"
#include "engine/node/node.h"
#include "engine/ports/outbox.h"
#include "sim/clients/client_host.h"
#include "sim/clients/clients.h"
#include "sim/disk/disk.h"
#include "sim/disk/disk_folder.h"
#include "sim/disk/survivors.h"
#include "sim/disk/sync_ledger.h"
#include "sim/faults/fault.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/rng.h"
#include "sim/network/network.h"
#include "sim/oracle/oracle.h"
#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"
#include "sim/watch/moment.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

struct WorldOptions {
  bool oracle = true;           // judge the run
  bool codec = true;            // every message between nodes is encoded and decoded on its way
  std::uint64_t hash_salt = 0;  // of all tables; must not change the run
};

// A whole cluster with its network, disks, clients, faults and judges, as one value. A run is a function of (build,
// scenario, schedule, seed). A copy goes on independently and identically. Not thread-safe; several worlds may run on
// several threads.
class World final : private ClientHost {
 public:
  // schedule: what draw_schedule() drew, or an edited one. Ascending by at_ns.
  World(std::shared_ptr<const Scenario> scenario, std::uint64_t seed, std::shared_ptr<const Schedule> schedule,
        const WorldOptions& options = {});
  // Copied as a whole. Compiled once, for it takes long.
  World(const World&);
  World(World&&) noexcept;
  World& operator=(World&&) noexcept;
  ~World();

  // Carries out the next event; false when the run has ended. observer is called during the step only.
  bool step(Observer* observer = nullptr);

  bool ended() const noexcept { return phase_ == Phase::kEnded; }
  bool healing() const noexcept { return phase_ == Phase::kHealing; }
  // Whether everything was equal again in time. Meaningful once ended.
  bool converged() const noexcept { return converged_at_ns_ >= 0; }
  TimeNs converged_after_ns() const noexcept { return converged() ? converged_at_ns_ - scenario_->run_ns : -1; }
  TimeNs now() const noexcept { return now_ns_; }
  // When the next event will be. Must not have ended.
  TimeNs next_at() { return queue_.next_time(); }
  std::uint64_t events() const noexcept { return events_; }
  // The rolling hash of all events so far, and of the final state once ended.
  std::uint64_t fingerprint() const noexcept { return fingerprint_; }

  const Scenario& scenario() const noexcept { return *scenario_; }
  const Schedule& schedule() const noexcept { return *schedule_; }
  std::uint64_t seed() const noexcept { return seed_; }
  const Placement& placement() const noexcept { return *placement_; }
  std::uint32_t node_count() const noexcept { return static_cast<std::uint32_t>(slots_.size()); }
  // Null while the process is down.
  const Node* node(NodeId id) const noexcept { return slots_[id].node ? &*slots_[id].node : nullptr; }
  const Image& image(NodeId id) const noexcept { return slots_[id].disk.durable(); }
  const Clients& clients() const noexcept { return clients_; }
  const Network& network() const noexcept { return network_; }
  // Null when the options say so.
  const Oracle* judge() const noexcept { return oracle_ ? &*oracle_ : nullptr; }

  struct Counters {
    std::array<std::uint64_t, 32> observed{};  // by Observed
    std::uint64_t messages_sent = 0;           // each once, however long a clog held it
    std::uint64_t messages_lost = 0;
    std::uint64_t restarts = 0;
    std::uint64_t appends_lost = 0;      // appended, not yet durable, and gone with the power or the process
    std::uint64_t storage_failures = 0;  // nodes that stopped because their disk failed them
    std::uint64_t disk_damages = 0;      // places that rotted or were overwritten
    std::uint64_t disk_reads = 0;        // of values and of whole segments
    std::uint64_t refused_full = 0;      // answers to clients: a disk had no room
    // What the stores count, summed over their lives.
    std::uint64_t merges = 0;
    std::uint64_t damaged_values = 0;
    std::uint64_t cold_reads = 0;
    std::uint64_t cache_hits = 0;
    std::uint64_t values_bytes = 0, stored_bytes = 0;
    std::uint64_t dictionary_saved_bytes = 0;
    std::uint64_t disk_bytes = 0;  // of all folders at the end
  };
  const Counters& counters() const noexcept { return counters_; }
  std::size_t pending_events() const noexcept { return queue_.size(); }

  // --- What if (world_command.cpp). The scenario's own commands are applied by step() and by the constructor.
  // command.at_event must be events() + 1: it is carried out now. Fails, and then changes nothing but
  // commands_applied(), when it makes no sense at this moment.
  Result<void> apply(const Command& command, Observer* observer = nullptr);
  // Whether apply() would do it now.
  Result<void> check(const Command& command) const;
  // Those that failed count as well.
  std::uint64_t commands_applied() const noexcept { return commands_applied_; }
  const std::vector<RefusedCommand>& refused_commands() const noexcept { return refused_; }

  // --- For those who look at a moment (world_moment.cpp).
  std::vector<Flight> flights() const;       // ascending by arrival; those that don't know it last
  std::vector<PendingTimer> timers() const;  // ascending by time
  NodeView node_view(NodeId node) const;
  // What the node's clock on the wall says.
  TimeNs wall_now(NodeId node) const noexcept;
  // Numbers of the faults that are on, ascending: those of the schedule, then those that commands made.
  std::vector<std::uint32_t> faults_on() const;
  const Fault& fault(std::uint32_t index) const noexcept {
    return index < schedule_->size() ? (*schedule_)[index] : *made_faults_[index - schedule_->size()];
  }
  // What a copy of this world takes in memory beyond what it shares with this one; an estimate, see the tests.
  std::uint64_t copy_bytes() const;

 private:
  struct Delivery {
    NodeId from = kNoNode;
    NodeId to = kNoNode;
    Message message;
  };
  struct TimerDue {
    NodeId node = kNoNode;
    Incarnation incarnation = 0;
    TimerFired timer;
  };
  struct SyncEnds {
    NodeId node = kNoNode;
    std::uint64_t sync_id = 0;
  };
  struct SyncedDue {  // a completion that a pause or a slow node held back
    NodeId node = kNoNode;
    Incarnation incarnation = 0;
    AppendId upto = 0;
  };
  struct DiskEnds {
    NodeId node = kNoNode;
    DiskFolder::OperationId operation = 0;
    FileName file;                // of an append or a sync
    AppendId upto = 0;            // of an append: what counts as durable when it has ended; 0: nothing
    std::uint64_t end_bytes = 0;  // of an append
    bool sync = false;            // the file's bytes are durable when it has ended
  };
  struct DiskAnswers {
    NodeId node = kNoNode;
    Incarnation incarnation = 0;
    DiskDone done;
  };
  struct Respawn {  // a supervisor starts a process again that its disk has failed
    NodeId node = kNoNode;
    Incarnation incarnation = 0;
  };
  struct RequestArrives {
    NodeId node = kNoNode;
    std::uint64_t token = 0;
    ClientRequest request;
  };
  struct ReplyArrives {
    std::uint64_t token = 0;
    bool connection_refused = false;
    NodeId from = kNoNode;
    ClientReply reply;
  };
  struct WakeToBegin {
    std::uint32_t session = 0;
  };
  struct WakeToGiveUp {
    std::uint32_t session = 0;
  };
  struct NextArrival {};
  struct FaultBegins {
    std::uint32_t index = 0;
  };
  struct FaultEnds {
    std::uint32_t index = 0;
  };
  struct Heal {};
  struct Poll {};
  using What =
      std::variant<std::monostate, Delivery, TimerDue, SyncEnds, SyncedDue, RequestArrives, ReplyArrives, WakeToBegin,
                   WakeToGiveUp, NextArrival, FaultBegins, FaultEnds, Heal, Poll, DiskEnds, DiskAnswers, Respawn>;
  struct Pending {
    What what;
    Incarnation slowed_in = 0;  // the life of its node that was slow to take it; 0: none was
    TimeNs sent_ns = 0;
    Cause cause = 0;
  };

  struct Slot {
    std::optional<Node> node;
    Incarnation incarnation = 0;
    Disk disk;                  // the records that are durable, and those on their way
    DiskFolder folder;          // log backend: the bytes
    SyncLedger synced;          // when appends count as durable before they are synced
    TimeNs power_lost_ns = -1;  // then: since the last start that showed what the disk holds; -1: not
    std::vector<DiskEnds> stalled;
    std::uint32_t full = 0;  // faults that keep it full
    bool respawning = false;
    bool ledger_open = false;  // log backend: this life's start has shown what the disk holds
    std::uint32_t down = 0;    // faults that keep it down
    std::uint32_t paused = 0;  // faults that keep it standing still
    TimeNs skew_ns = 0;
    std::vector<std::pair<std::uint32_t, Distribution>> slow;       // by fault: each event's delay
    std::vector<std::pair<std::uint32_t, Distribution>> slow_disk;  // by fault: each sync's
    std::vector<Pending> deferred;                                  // what came while it stood still
  };
  enum class Phase : std::uint8_t { kChaos, kHealing, kEnded };

  // ClientHost
  TimeNs now_ns() const override { return now_ns_; }
  void ask(NodeId home, NodeId via, std::uint64_t token, ClientRequest&& request) override;
  void wake_to_begin(std::uint32_t session, TimeNs at_ns) override;
  void wake_to_give_up(std::uint32_t session, TimeNs at_ns) override;
  void next_arrival(TimeNs at_ns) override;
  Oracle* oracle() override { return oracle_ ? &*oracle_ : nullptr; }
  std::span<const Image* const> images() const override;
  Observer* observer() override { return observer_; }

  void push(TimeNs at_ns, What&& what) { queue_.push(at_ns, Pending{std::move(what), 0, now_ns_, cause_}); }
  void carry_out(Pending&& pending);
  void on(std::monostate, Pending&) {}
  void on(Delivery& delivery, Pending& pending);
  void on(TimerDue& due, Pending& pending);
  void on(SyncEnds& ends, Pending& pending);
  void on(SyncedDue& due, Pending& pending);
  void on(DiskEnds& ends, Pending& pending);
  void on(DiskAnswers& answers, Pending& pending);
  void on(Respawn& respawn, Pending& pending);
  void on(RequestArrives& arrives, Pending& pending);
  void on(ReplyArrives& arrives, Pending& pending);
  void on(WakeToBegin& wake, Pending& pending);
  void on(WakeToGiveUp& wake, Pending& pending);
  void on(NextArrival&, Pending& pending);
  void on(FaultBegins& begins, Pending& pending);
  void on(FaultEnds& ends, Pending& pending);
  void on(Heal&, Pending& pending);
  void on(Poll&, Pending& pending);

  // True when the node can't take the event now: it is down (dropped), stands still (kept) or is slow (put off).
  bool held_back(NodeId node, Pending& pending);
  void give(NodeId node, Event&& event);
  void drain(NodeId node);
  void transmit(NodeId from, NodeId to, Leg leg, What&& what);
  struct Held {
    NodeId from = kNoNode;
    NodeId to = kNoNode;
    Leg leg = Leg::kWrite;
    Pending pending;
  };
  void carry(Held&& message);
  void send_message(NodeId from, Send&& send);
  void begin_sync(NodeId node);
  void settle_next(NodeId node);

  // world_disk.cpp
  bool log_backend() const noexcept { return scenario_->cluster.node.storage.backend == StorageBackend::kLog; }
  // Whether a power loss may take what was acknowledged, by the policy that the operator chose.
  bool acknowledges_unsynced() const noexcept {
    return log_backend() && scenario_->cluster.node.storage.log.sync != SyncPolicy::kAlways;
  }
  void ask_disk(NodeId node, DiskRequest&& request);
  void finish_disk(DiskEnds& ends);
  void begin_disk_fault(NodeId node, const Fault& fault);
  void end_disk_fault(NodeId node, const Fault& fault);
  void recovered(NodeId node);
  FallenBack fallen_back(NodeId node, const LogStore& store, const DiskFolder& folder) const;
  void lose_unsynced(NodeId node, const LogStore& store);
  void damaged(NodeId node, const Key& key);
  void compare(NodeId node, const LogStore& store, std::span<const Record> explained, bool excused);
  void take_over(NodeId node, const Record& name, const ObjectPtr& is);
  void audit(NodeId node);
  void count_store(const LogStore& store);

  void start_node(NodeId node);
  void stop_node(NodeId node, const Fault& fault);
  void end_process(NodeId node, bool power_lost);
  void tell_fault(std::uint32_t index, bool begins);
  void begin_fault(std::uint32_t index);
  void end_fault(std::uint32_t index);
  void resume(NodeId node);
  void release_held();
  void end_run(bool converged);

  // world_command.cpp
  void apply_due();
  void carry_out(const Command& command);
  void begin_made(Fault&& fault);
  void restart(NodeId node);
  void release(NodeId node, bool (*kind)(FaultKind));
  bool is_released(std::uint32_t index, NodeId node) const noexcept;
  void fold(const Command& command);

  static Flight flight_of(const Pending& pending);

  void tell_violations();
  void view(const Pending& pending);
  void fold(const Pending& pending);

  std::shared_ptr<const Scenario> scenario_;
  std::shared_ptr<const Schedule> schedule_;
  std::uint64_t seed_;
  WorldOptions options_;
  std::shared_ptr<const Placement> placement_;
  Phase phase_ = Phase::kChaos;
  TimeNs now_ns_ = 0;
  TimeNs converged_at_ns_ = -1;
  std::uint64_t events_ = 0;
  std::uint64_t fingerprint_ = 0;
  EventQueue<Pending> queue_;
  std::vector<Slot> slots_;
  Network network_;
  Clients clients_;
  std::optional<Oracle> oracle_;
  Stream disk_stream_;
  Stream seed_stream_;
  Stream power_stream_;
  Stream processing_stream_;
  std::uint64_t damage_draws_ = 0;
  std::vector<Held> held_;              // by clogs
  std::vector<std::uint8_t> fault_on_;  // by number, see faults_on()
  Cause cause_ = 0;                     // of what is scheduled now
  std::uint64_t commands_applied_ = 0;
  std::vector<RefusedCommand> refused_;
  std::vector<std::shared_ptr<const Fault>> made_faults_;   // by commands
  std::vector<std::pair<std::uint32_t, NodeId>> released_;  // fault, and a node that a command took out of it
  Counters counters_;
  std::uint64_t violations_told_ = 0;         // to observers; the oracle's
  std::uint64_t wrong_values_told_ = 0;       // and the clients'
  Outbox outbox_;                             // empty between steps
  std::string frame_;                         // scratch
  mutable std::vector<const Image*> images_;  // of slots_; found again after a copy
  Observer* observer_ = nullptr;              // during a step only
};

}  // namespace dkv::sim
