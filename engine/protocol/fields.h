// How the list of a struct's fields is written. Each message has exactly one list, and so has each struct in a
// message:
//
//   template <class Visit>
//   static constexpr bool fields(Visit&& visit) {
//     using M = Heartbeat;
//     return visit("incarnation", &M::incarnation, field::Varint{}) && visit("hears_you", &M::hears_you) && ...;
//   }
//
// The order of the list is the order on the wire. A visitor receives the name, the member and the format, and returns
// false to stop. It also has rule(name, check): check(struct) returns null, or the rule that the struct breaks. The
// codec, the fingerprint of a run, the trace and the tests are visitors.
#pragma once

#include <cstdint>

#include "engine/core/types.h"

namespace dkv::field {

// The type determines the format: bool, Key, Context, Blob, or a struct with its own list.
struct Plain {};

// An unsigned number, or a TimeNs, in the full width of its type.
struct Fixed {
  std::uint64_t least = 0;
  std::uint64_t most = ~std::uint64_t{0};
};

// An unsigned number in as few bytes as it needs.
struct Varint {
  std::uint64_t least = 0;
  std::uint64_t most = ~std::uint64_t{0};
};

// An enumeration of one byte whose last enumerator this is.
template <class Enum>
struct UpTo {
  Enum last;
};
template <class Enum>
UpTo(Enum) -> UpTo<Enum>;

// Present: an ObjectPtr that is never null. Nullable: one that may be null.
struct Present {};
struct Nullable {};

// A NodeId that may be kNoNode.
struct Node {};

// A NodeId that is on the wire only while the member `when` has the value `is`. In all other cases it is kNoNode.
template <class Struct, class Value>
struct NodeWhen {
  Value Struct::* when;
  Value is;
  const char* missing;  // the rule that is broken when it is kNoNode although `when` is `is`
};
template <class Struct, class Value>
NodeWhen(Value Struct::*, Value, const char*) -> NodeWhen<Struct, Value>;

// A vector of at most this many elements, in any order.
struct List {
  std::uint32_t most;
};

// The same, in strictly ascending order of a member of its elements.
template <class Element, class By>
struct Ascending {
  std::uint32_t most;
  By Element::* by;
  const char* by_name;
};
template <class Element, class By>
Ascending(std::uint32_t, By Element::*, const char*) -> Ascending<Element, By>;

// A vector of exactly `count` hashes. The count is not on the wire.
struct Hashes {
  std::uint32_t count;
};

// A struct with its own list of fields.
namespace detail {
struct Ignore {
  template <class Member, class Format = Plain>
  constexpr bool operator()(const char*, Member, Format = {}) const {
    return true;
  }
  template <class Check>
  constexpr bool rule(const char*, Check) const {
    return true;
  }
};
}  // namespace detail

template <class T>
concept Listed = requires { T::fields(detail::Ignore{}); };

}  // namespace dkv::field
