#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/faults/catalogue.h"
#include "sim/faults/fault.h"
#include "sim/kernel/rng.h"
#include "sim/network/network.h"
#include "sim/verdict/counts.h"
#include "sim/watch/observer.h"
#include "sim/world/machine.h"

namespace dkv::sim {

// The functions of the world that the driver of faults uses. It is passed into each call and never kept.
class FaultHost {
 public:
  virtual TimeNs now_ns() const = 0;
  virtual Observer* observer() = 0;  // null: nobody observes
  virtual Network& faulty_network() = 0;
  virtual Machine& machine(NodeId node) = 0;
  virtual WorldCounters& counters_to_raise() = 0;
  virtual bool uses_disk() const = 0;
  // Each call returns a new stream.
  virtual Stream disk_fault_stream() = 0;
  virtual void end_fault_at(std::uint32_t index, TimeNs at_ns) = 0;
  virtual void end_process(NodeId node, bool power_lost) = 0;  // also for a machine whose process is already down
  virtual void start_process(NodeId node) = 0;
  virtual void empty_disk(NodeId node) = 0;
  virtual void replace_disk(NodeId node, const DiskSnapshot& snapshot) = 0;  // its process is down
  virtual void clock_skewed(NodeId node) = 0;
  virtual void finish_disk(DiskEnds& ends) = 0;
  virtual void take_deferred(NodeId node) = 0;  // its process continues
  virtual void send_held() = 0;                 // the messages that clogs held back

 protected:
  ~FaultHost() = default;
};

// Knows the faults that are on, and applies them to machines and the network. Copyable.
class FaultDriver {
 public:
  explicit FaultDriver(std::shared_ptr<const Schedule> schedule)
      : schedule_(std::move(schedule)), on_(schedule_->size(), 0) {}

  // Faults are numbered: first those of the schedule, then those from commands.
  const Schedule& schedule() const noexcept { return *schedule_; }
  const Fault& fault(std::uint32_t index) const noexcept {
    return index < schedule_->size() ? (*schedule_)[index] : *made_[index - schedule_->size()];
  }
  std::vector<std::uint32_t> on() const;  // ascending

  // Keeps the state of this moment for a fault of the schedule that will return to it: see moments().
  void remember(std::uint32_t index, FaultHost& host);
  // The faults of the schedule that return to a moment (Fault::to_ns).
  std::vector<std::uint32_t> moments() const;
  void begin(std::uint32_t index, FaultHost& host);
  void end(std::uint32_t index, FaultHost& host);  // no effect when it has ended already
  // Ends all faults. The messages that clogs held are sent after all others have ended.
  void end_all(FaultHost& host);
  void end_all_of_network(FaultHost& host);

  // Begins the fault now. It lasts until a command or the heal ends it.
  void make(Fault&& fault, FaultHost& host);
  // Removes the node from the faults that keep it down (or paused). A fault without a node ends.
  void release(NodeId node, FaultHolds holds, FaultHost& host);

 private:
  bool is_released(std::uint32_t index, NodeId node) const noexcept;
  void tell(std::uint32_t index, bool begins, FaultHost& host) const;
  bool lift(std::uint32_t index, FaultHost& host);  // true: messages that clogs held may be sent now
  void roll_back(NodeId node, std::uint32_t index, FaultHost& host);
  void begin_on(NodeId node, std::uint32_t index, FaultHost& host);
  void end_on(NodeId node, std::uint32_t index, FaultHost& host);

  std::shared_ptr<const Schedule> schedule_;
  std::vector<std::uint8_t> on_;                    // by number
  std::vector<std::shared_ptr<const Fault>> made_;  // by commands
  struct Remembered {
    std::uint32_t index = 0;
    NodeId node = kNoNode;
    std::shared_ptr<const DiskSnapshot> snapshot;
  };
  std::vector<Remembered> remembered_;                      // for faults that have not begun
  std::vector<std::pair<std::uint32_t, NodeId>> released_;  // a fault, and a node that a command removed from it
};

}  // namespace dkv::sim
