#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/hash.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/storage/value_codec.h"

namespace dkv {

// The place of a value on the disk: a checksum, then the stored bytes.
struct ValuePlace {
  std::uint32_t segment = 0;  // 0: the value is lost here; never so in the index
  std::uint32_t offset = 0;   // of the checksum
  std::uint32_t stored_bytes = 0;
  ValueCodec codec = ValueCodec::kPlain;

  bool lost() const noexcept { return segment == 0; }
  // Includes the checksum.
  std::uint32_t bytes_on_disk() const noexcept { return stored_bytes + 4; }
  friend bool operator==(const ValuePlace&, const ValuePlace&) = default;
};

// The content of a key's record: its clock, its siblings without values, and the places of the values.
struct StoredState {
  struct Version {
    Sibling sibling;    // its value is cold, unless it is empty
    ValuePlace place;   // only if the value is not empty
    bool here = false;  // the value is in the body of the state's own record
    bool has_value() const noexcept { return sibling.cold_bytes > 0; }
  };
  VersionVector seen;
  boost::container::small_vector<Version, 2> versions;  // ascending by dot
  TimeNs created_wall_ns = 0;                           // hints

  ObjectPtr object() const;
  // Forgets the versions whose values are lost. It is unknown which dots only these versions had superseded. So the
  // clock shrinks to the dots that are left: it must not cover a write that is lost with them. False when no version
  // is left.
  bool forget_lost();
  // Adds the versions of an older state of the key that this one has not seen.
  void join(const StoredState& older);
};

// Numbers the actors of one store. In memory, a clock entry is then two small numbers instead of 28 bytes.
class ActorTable {
 public:
  std::uint32_t number(const Actor& actor);
  const Actor& actor(std::uint32_t number) const noexcept { return actors_[number]; }
  std::span<const Actor> all() const noexcept { return actors_; }
  std::size_t size() const noexcept { return actors_.size(); }

 private:
  struct Hash {
    using is_avalanching = void;
    std::size_t operator()(const Actor& actor) const noexcept {
      return mix64(actor.id.high ^ mix64(actor.id.low + actor.epoch));
    }
  };
  std::vector<Actor> actors_;
  boost::unordered_flat_map<Actor, std::uint32_t, Hash> numbers_;  // only for look-ups
};

// The form on the disk. Actors are listed once, in full. A value in this record is given by its length, and one in an
// earlier record by its dot. Appends to out.
void write_disk_state(const StoredState& state, std::string& out);
// body_offset: the place where the record's body begins; the places of its values follow from it. Values in other
// records get a lost place. The bytes may be damaged: they are bounded and checked.
Result<StoredState> read_disk_state(std::string_view bytes, std::uint32_t segment, std::uint32_t body_offset);

// The form in memory. Actors are given by number and values by place. A place takes no bytes when the value follows
// the one before it in the record's own body. `here` follows from the place. Appends to out. The reader trusts the
// bytes.
void write_memory_state(const StoredState& state, ActorTable& actors, std::uint32_t segment, std::uint32_t body_offset,
                        std::string& out);
StoredState read_memory_state(std::string_view bytes, const ActorTable& actors, std::uint32_t segment,
                              std::uint32_t body_offset);
// Like read_memory_state(), but the clock stays empty: for callers that need only the places of the values.
StoredState read_memory_versions(std::string_view bytes, const ActorTable& actors, std::uint32_t segment,
                                 std::uint32_t body_offset);

}  // namespace dkv
