#pragma once

#include <cstdint>
#include <optional>

#include "engine/node/config.h"
#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"
#include "engine/ports/event.h"
#include "engine/ports/outbox.h"

namespace dkv {

// One store node as a value: it turns events into effects, under the contract in engine/ports/event.h. Not thread-safe;
// one host calls it. Copyable: a copy continues independently.
class Node {
 public:
  // config passes its check(). The first event must be a Start with this incarnation.
  Node(const NodeConfig& config, Incarnation incarnation);
  // Defined in the .cpp: the copy constructor is slow to compile.
  Node(const Node&);
  Node(Node&&) noexcept;
  Node& operator=(Node&&) noexcept;
  ~Node();

  // Effects are added to out. Events of another incarnation are dropped.
  void handle(const Event& event, Outbox& out);
  // The same, but moves from the event instead of copying it.
  void handle(Event&& event, Outbox& out);

  enum class Phase : std::uint8_t {
    kNew,       // before Start
    kStarting,  // until the disk is read and the new epoch is durable; requests are refused, peers get no answer
    kServing,
    kFailed,  // the disk refused an append: the node answers nothing more until it is started again
  };
  Phase phase() const noexcept { return phase_; }
  Incarnation incarnation() const noexcept { return incarnation_; }
  const NodeConfig& config() const noexcept { return config_; }

  // Read access for debuggers, statistics and tests.
  const Storage& store() const noexcept { return state_.replica.store(); }
  const HintTable& hints() const noexcept { return state_.hints; }
  const Peers& peers() const noexcept { return state_.peers; }
  const Eras& eras() const noexcept { return state_.eras; }
  Incarnation later_life() const noexcept { return state_.later_life; }
  // How far its clock was ahead of the median of the clocks that it hears, at the last heartbeat; negative: behind.
  TimeNs clock_off_ns() const noexcept { return state_.clocks.reported_off_ns; }
  bool clock_apart() const noexcept { return state_.clocks.apart(clock_off_ns()); }
  // False while it can't say that a key does not exist.
  bool knows_all() const noexcept { return state_.completeness.knows(); }
  const Actor& actor() const noexcept { return state_.replica.actor(); }
  std::uint32_t operations_in_progress() const noexcept { return state_.operations.in_progress(); }

 private:
  void on(Start&& start, const TurnEnv& turn);
  void on(Received&& received, const TurnEnv& turn);
  void on(ClientAsked&& asked, const TurnEnv& turn);
  void on(const TimerFired& timer, const TurnEnv& turn);
  void on(DiskDone&& done, const TurnEnv& turn);
  void on(const PeerLost& lost, const TurnEnv& turn);

  void on(const StoreRecovered& recovered, const TurnEnv& turn);
  void on(const StoreDurable& durable, const TurnEnv& turn);
  void on(const StoreFetched& object, const TurnEnv& turn);
  void on(const StoreDamaged& damaged, const TurnEnv& turn);
  void on(const StoreFailed& failed, const TurnEnv& turn);
  void end_turn(const TurnEnv& turn);

  void serve_if_ready(const TurnEnv& turn);
  void operations_due(const TurnEnv& turn);
  void arm(TimerKind kind, TimeNs after_ns, const TurnEnv& turn);
  void arm_operations(const TurnEnv& turn);
  void arm_storage(TimeNs at_ns, const TurnEnv& turn);
  void arm_storage_tick(const TurnEnv& turn);

  NodeConfig config_;
  Incarnation incarnation_;
  Phase phase_ = Phase::kNew;
  ActorId fresh_;  // the actor's id in this life
  bool epoch_durable_ = false;
  TimeNs last_turn_ns_ = 0;                        // monotonic
  std::uint64_t timer_serials_[kTimerKinds] = {};  // by TimerKind: of the armed timer
  TimeNs operations_timer_at_ns_ = -1;             // when the armed kOperations timer fires; -1: none is armed
  TimeNs storage_timer_at_ns_ = -1;                // the same for kStorage
  NodeState state_;
};

}  // namespace dkv
