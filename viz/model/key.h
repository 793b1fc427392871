#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/world/world.h"
#include "viz/model/branch.h"

namespace dkv::viz {

// A node's state of a key, of its own or as a hint.
struct Holder {
  NodeId node = kNoNode;
  int number = 0;          // its number among the primaries, from 1; 0: it is not a primary
  NodeId owner = kNoNode;  // of a hint: the primary that it is for
  sim::ProcessState process = sim::ProcessState::kUp;
  ObjectPtr object;      // in the process, or on the disk while the process is down; null: nothing
  bool durable = false;  // the same state is on the disk
  bool differs = false;  // from the merge of all states, to which they converge
  // Why a running process has no state of the key.
  enum class Absence : std::uint8_t {
    kNone,        // it has one, or it does not run
    kNever,       // no disk of it has ever held a version of the key, as far as the oracle saw
    kDamaged,     // it has found its record damaged, and has forgotten it
    kForgotten,   // it has forgotten the tombstone
    kDiskGone,    // its disk was wiped or replaced
    kProcessEnd,  // it had a version once, and its process has ended since
    kNotKnown,
  };
  Absence absence = Absence::kNone;
  TimeNs absence_ns = -1;  // the time of the event that took it
};
// The words for it: "found it damaged, and forgot it, at 4.2s".
std::string absence_words(const Holder& holder);
// All primaries in order, then other nodes with a state of the key. Hints come after their holders.
std::vector<Holder> holders_of(const sim::World& world, const Key& key);
// Fills in why processes have no state, from the branch's record of what took states away. key: its number there.
void explain_absences(const Branch& branch, const sim::World& world, const Key& key, KeyNumber number,
                      std::vector<Holder>& holders);

// "n1.3:7": the node whose disk is the actor, the epoch, the counter. For an actor that is on no disk now, the last
// digits of its id.
std::string dot_name(const sim::World& world, const Dot& dot);

// The bytes of a sibling. If they are cold, any disk with this dot may supply them, because a dot always names the
// same value. Not set for tombstones, and when no disk has them.
std::optional<std::string> value_of(const sim::World& world, const Key& key, const Sibling& sibling);

// Keys of the run's clients that contain the text, those of steps and commands first. At most `most`, from the newest
// 50,000.
std::vector<Key> keys_with(const sim::World& world, const std::string& text, std::size_t most);

}  // namespace dkv::viz
