#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/types.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

class World;

// A copy of a world whose run has converged. It goes on without clients, and I7 is judged there. So the run itself ends
// where it converged: the judgement does not change its events, counts or fingerprint.
class IdleCopy {
 public:
  explicit IdleCopy(const World& ended);
  ~IdleCopy();
  IdleCopy(const IdleCopy&) = delete;
  IdleCopy& operator=(const IdleCopy&) = delete;

  // Ends the work that the run has left. Then the rounds of anti-entropy are due. False when that takes too many
  // events, or when the work does not end; `unrest` tells the second case.
  bool come_to_rest(std::string& unrest);
  // Plays ten rounds of anti-entropy of every pair.
  void idle(Observer& observer);

  const World& world() const noexcept { return *world_; }

 private:
  bool play_until(TimeNs end_ns, Observer& observer, std::uint64_t& events_left);
  bool at_rest() const;
  std::uint64_t operations_in_progress() const;
  void hurry_rounds();

  std::unique_ptr<World> world_;
};

}  // namespace dkv::sim
