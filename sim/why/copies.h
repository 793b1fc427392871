// Which node held a version, from when to when, and what took it.
#pragma once

#include <vector>

#include "sim/why/case.h"

namespace dkv::why {

// The time during which one node held a version, in its process or on its disk.
struct Copy {
  NodeId node = kNoNode;
  NodeId owner = kNoNode;          // the primary that the hint is for; kNoNode: the node's own copy
  const Change* taken = nullptr;   // the change that brought it
  Moment durable;                  // on the disk for the first time
  const Change* gone = nullptr;    // the change that took it; null: it was there at the end
  const Change* hidden = nullptr;  // a start that did not show it, although the disk holds it
  Moment off_disk;                 // the disk no longer holds it

  bool held_at(EventNumber event) const noexcept {
    return taken->when.event <= event && (!gone || event < gone->when.event);
  }
  bool durable_at(EventNumber event) const noexcept {
    return durable.happened() && durable.event <= event && (!off_disk.happened() || event < off_disk.event);
  }
};
// Ascending by the time at which they were taken.
std::vector<Copy> copies_of(const Case& about, const Key& key, WriteTag tag);

// The reason for which a copy went.
enum class Taker : std::uint8_t {
  kSuccessor,     // a version whose writer had seen it
  kLaterWins,     // last-write-wins prefers another version
  kDelivered,     // a hint that its owner has acknowledged
  kNotDelivered,  // a hint that was reported as delivered, without an acknowledgement of its owner
  kExpired,       // a hint that was too old
  kReaped,        // a tombstone that was forgotten
  kDiskGone,      // wiped, rolled back or replaced
  kNotSynced,     // a power loss took it before it was synced
  kProcessEnded,  // it was in memory only
  kDamaged,
  kDropped,    // the new state counts it as seen, and no version in it had seen it
  kForgotten,  // the new state does not even count it as seen
  kErased,     // the record was erased without a reason that was observed
  kUnknown,
};
struct Taking {
  Taker taker = Taker::kUnknown;
  Moment when;
  WriteTag by = 0;                   // kSuccessor, kLaterWins
  const FaultSpan* fault = nullptr;  // kDiskGone and others
};
Taking taking_of(const Case& about, const Copy& copy, WriteTag tag);

// Whether the node has another disk after the fault.
bool replaces_disk(const FaultSpan& span);

// Where the new state came from: "from a write's copy that n1 sent". Empty when the event does not say it.
std::string brought_by(const Case& about, const Origin& origin);

// The same for causes, without names: "by a repair".
const char* way_of(const Origin& origin);

// Tells how the version was written, stored, acknowledged and lost up to this event, and goes on with the versions
// that replaced it and went as well.
void tell_write(const Case& about, WriteTag tag, EventNumber upto, Steps& steps);
// Tells why primaries of the key never held the version.
void tell_never_held(const Case& about, const Operation& write, Steps& steps);
// Tells every copy of it that was taken or went up to this event. Returns the versions that replaced it.
std::vector<WriteTag> tell_copies(const Case& about, const Key& key, WriteTag tag, EventNumber upto, Steps& steps);
// The same for the copies of one node.
void tell_copies_at(const Case& about, const Key& key, WriteTag tag, NodeId node, EventNumber upto, Steps& steps);
// The first state that counts the version as seen without it or a successor in it, where such a state is.
void tell_first_denial(const Case& about, const Key& key, WriteTag tag, Steps& steps);
// Tells which node holds what of the key at the end.
void tell_end(const Case& about, const Key& key, Steps& steps);

}  // namespace dkv::why
