#pragma once

#include <array>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "engine/core/hash.h"
#include "engine/core/types.h"
#include "sim/oracle/causal_history.h"
#include "sim/oracle/chunked_vector.h"

namespace dkv::sim {

enum class WriteFate : std::uint8_t {
  kPending,  // no answer yet
  kAcknowledged,
  kRefused,
  kUnknown,
};

// The oracle's knowledge of one write, in one cache line.
struct alignas(64) Write {
  enum Flag : std::uint8_t {
    kRemove = 1,     // a delete
    kAppeared = 2,   // in a record of some node
    kDestroyed = 4,  // with its last durable copy; see losses.cpp
    kReported = 8,   // as a version that must not exist, or whose dot names another write
    kReplaced = 16,  // by a write that took effect; set by judge()
    kGaveWay = 32,   // under last-write-wins, to a write that began before this one was acknowledged
    kReaped = 64,    // a replica has forgotten its tombstone
    kBuried = 128,   // a reaped write had seen it, so it must not come back
  };

  TimeNs started_ns = 0;
  TimeNs finished_ns = 0;
  std::array<std::uint64_t, 2> holders{};  // bit i: node i has held it durably, as an object or as a hint
  std::uint64_t counter = 0;               // of its dot
  std::uint32_t actor = 0;                 // of its dot: index in Dots::actors_ + 1; 0: not seen yet
  std::uint32_t key = 0;
  std::uint32_t session = 0;
  std::uint32_t previous = 0;         // tag of the previous write of the same key
  std::uint16_t primary_holders = 0;  // bit i: the key's i-th primary has held it durably as an object
  std::uint16_t hinted_places = 0;    // bit i: a hint for the key's i-th primary has held it durably somewhere
  std::uint8_t need = 0;
  std::uint8_t primary_need = 0;
  WriteFate fate = WriteFate::kPending;
  std::uint8_t flags = 0;

  bool is(Flag flag) const noexcept { return (flags & flag) != 0; }
  void set(Flag flag) noexcept { flags = static_cast<std::uint8_t>(flags | flag); }
  void clear(Flag flag) noexcept { flags = static_cast<std::uint8_t>(flags & ~unsigned{flag}); }
  bool acknowledged() const noexcept { return fate == WriteFate::kAcknowledged; }
  // Whether it changed the store, as far as anybody could see.
  bool took_effect() const noexcept { return acknowledged() || is(kAppeared); }
  std::uint32_t holder_count() const noexcept {
    return static_cast<std::uint32_t>(std::popcount(holders[0]) + std::popcount(holders[1]));
  }
  std::uint32_t primary_holder_count() const noexcept {
    return static_cast<std::uint32_t>(std::popcount(primary_holders));
  }
  // Places of the preference list: a primary and its stand-in are one place.
  std::uint32_t place_count() const noexcept {
    return static_cast<std::uint32_t>(std::popcount(static_cast<unsigned>(primary_holders | hinted_places)));
  }
};
static_assert(sizeof(Write) == 64);

// The write that each (key, dot) named first. Counters are dense from 1, so a list by counter for each key and actor
// is enough.
class Dots {
 public:
  // True when the write's first dot is this one. This is the usual case, and the only one on the hot path.
  bool is_first_of(const Write& write, const Dot& dot) const noexcept {
    return write.actor != 0 && write.counter == dot.counter && actors_[write.actor - 1] == dot.actor;
  }
  // The dot of a write whose actor is known.
  Dot dot_of(const Write& write) const noexcept { return {actors_[write.actor - 1], write.counter}; }
  // Notes that the dot of this key names `tag`. Returns the tag that the dot named when it was first seen.
  WriteTag note(Write& write, WriteTag tag, const Dot& dot);

 private:
  // A counter beyond this gap goes into the table: the list would stay mostly empty.
  static constexpr std::uint64_t kGapMax = 64;
  struct OfActor {
    std::uint32_t actor = 0;          // index in actors_
    std::vector<std::uint32_t> tags;  // by counter - 1; 0: not seen
  };
  struct Name {
    std::uint32_t key = 0;
    std::uint32_t actor = 0;
    std::uint64_t counter = 0;
    friend bool operator==(const Name&, const Name&) = default;
  };
  struct NameHash {
    using is_avalanching = void;
    std::size_t operator()(const Name& name) const noexcept {
      return mix64((std::uint64_t{name.key} << 32 | name.actor) ^ (name.counter * 0x9e3779b97f4a7c15ULL));
    }
  };
  struct ActorHash {
    using is_avalanching = void;
    std::size_t operator()(const Actor& actor) const noexcept {
      return hash_combine(hash_combine(actor.id.high, actor.id.low), actor.epoch);
    }
  };
  OfActor& of_actor(std::uint32_t key, const Actor& actor);
  std::uint32_t& place_of(std::uint32_t key, const Dot& dot, std::uint32_t& actor);

  std::vector<Actor> actors_;
  boost::unordered_flat_map<Actor, std::uint32_t, ActorHash> actor_index_;
  std::vector<std::vector<OfActor>> keys_;
  boost::unordered_flat_map<Name, std::uint32_t, NameHash> far_;
};

}  // namespace dkv::sim
