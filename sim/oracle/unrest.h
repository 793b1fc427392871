#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/core/types.h"
#include "engine/ports/outbox.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

// I7 before a converged cluster is quiet: the work that its run has left must end. Counts the messages for requests,
// hints and repairs of reads.
class Unrest final : public Observer {
 public:
  // left: the operations and the events of the run that are still pending. over_ns: far beyond all their time-outs.
  Unrest(std::uint64_t left, TimeNs over_ns) : messages_most_(kMessagesOfEach * left), over_ns_(over_ns) {}

  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs at_ns) override;
  // Says that the work does not end; empty while it may. operations: the operations that are in progress now.
  std::string found(TimeNs now_ns, std::uint64_t operations) const;

 private:
  // More messages than one operation or event can cause.
  static constexpr std::uint64_t kMessagesOfEach = 100;
  static constexpr TimeNs kLastNs = 30 * kSecond;  // the end of the time, in which no message may come any more

  std::uint64_t messages_most_;
  TimeNs over_ns_;
  std::uint64_t messages_ = 0;
  TimeNs last_ns_ = 0;
  NodeId last_from_ = kNoNode, last_to_ = kNoNode;
  const char* last_name_ = "";
};

}  // namespace dkv::sim
