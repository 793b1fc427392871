#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "sim/oracle/questions.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

class World;

// The judges of I7, I12 and I13. They need a cluster that goes on after its run has converged, so they use a copy of
// its world. So the run itself ends where it converged: the judgement does not change its events, counts or
// fingerprint.
class AfterEnd {
 public:
  // Judges the converged run, and reports to its oracle.
  static void judge(World& run);

  // --- I7 again, for an explanation (idle.cpp)
  // The copy in which I7 was judged, of a run that has ended: at rest, and its rounds of anti-entropy are due. Null: it
  // does not come to rest. Then `unrest` says what goes on; it stays empty when the events did not suffice to prove it.
  static std::unique_ptr<World> idle_copy(const World& run, std::string& unrest);
  // Plays such a copy for as long as I7 is judged.
  static void idle(World& copy, Observer& observer);

 private:
  AfterEnd(World& run, World& copy) : run_(run), copy_(copy) {}

  // --- after_end.cpp
  // Plays the copy until end_ns. False when the budget of events is used up.
  bool play_until(TimeNs end_ns, Observer* observer, std::uint64_t& events_left);

  // --- idle.cpp: I7
  void judge_idle();
  bool at_rest() const;
  std::uint64_t operations_in_progress() const;
  bool come_to_rest(std::string& unrest);
  void hurry_rounds(TimeNs every_ns);

  // --- bounds.cpp: I13
  void judge_bounds();
  const char* why_no_bounds() const;
  // The first key whose clock is too long; an empty key when there is none.
  struct LongClock {
    Key key;
    NodeId node = kNoNode;
    ObjectPtr state;
  };
  LongClock long_clock() const;

  // --- progress.cpp: I12
  void judge_progress();
  bool ready() const;
  bool all_know() const;  // whether a key exists, see engine/node/completeness.h
  bool operations_last() const;
  void calm_down();
  // The number of the run's events allows `most` questions at most.
  Questions questions(std::uint64_t most) const;
  void ask(const Questions::Question& question);
  // Waits until done() holds, at most for `within_ns`.
  template <class Done>
  bool wait_for(Done&& done, TimeNs within_ns, std::uint64_t& events_left);
  void report(const Questions::Finding& finding);
  void report_operations();
  std::string state_text(NodeId node, const Key& key) const;

  World& run_;
  World& copy_;
};

}  // namespace dkv::sim
