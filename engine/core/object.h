#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <utility>

#include "engine/core/blob.h"
#include "engine/core/context.h"
#include "engine/core/hlc.h"
#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/core/version_vector.h"

namespace dkv {

inline constexpr std::size_t kValueBytesMax = 16u << 20;
// When a key has this many siblings, client writes that would add one are refused. Replicas still merge, so that
// nothing is lost.
inline constexpr std::size_t kSiblingsMaxDefault = 64;
// The limit of decoders. It is far above any number that the cap above lets a key reach.
inline constexpr std::size_t kSiblingsDecodedMax = 4096;

// How concurrent versions are resolved.
enum class ConflictPolicy : std::uint8_t {
  kSiblings,       // all are kept, until a client that has seen them replaces them
  kLastWriteWins,  // the version with the latest (hlc, dot) is kept, the others are discarded
};

// One version of a key's value. From expires_wall_ns on it is a tombstone. Replicas remove an expired value at
// different moments, so its value is not part of the digest.
struct Sibling {
  Dot dot;
  Hlc hlc;
  WriteTag tag = 0;
  TimeNs expires_wall_ns = 0;    // 0: never
  Blob value;                    // empty for a tombstone
  std::uint32_t cold_bytes = 0;  // not 0: a value of this length that is on the disk only; `value` is empty
  bool tombstone = false;
};

class Object;

// A shared, immutable object. Null means that the node has never heard of the key.
class ObjectPtr {
 public:
  ObjectPtr() noexcept = default;
  ObjectPtr(const ObjectPtr& other) noexcept;
  ObjectPtr(ObjectPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  ObjectPtr& operator=(ObjectPtr other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~ObjectPtr();

  const Object* get() const noexcept { return object_; }
  const Object* operator->() const noexcept { return object_; }
  const Object& operator*() const noexcept { return *object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  // Compares identity. To compare contents, use digests or equal().
  friend bool operator==(const ObjectPtr& a, const ObjectPtr& b) noexcept { return a.object_ == b.object_; }

 private:
  friend class Object;
  explicit ObjectPtr(const Object* owned) noexcept : object_(owned) {}
  const Object* object_ = nullptr;
};

// The siblings of a key and the set of all dots that the key has seen: a dotted version vector set (Preguiça,
// Baquero, Almeida et al., "Dotted Version Vectors", 2012). seen() covers the dot of every sibling. A dot that seen()
// covers and no sibling carries has been replaced. Immutable after make().
class Object {
 public:
  // siblings: at least one, in any order; each dot is unique and covered by `seen`. They are moved from.
  static ObjectPtr make(VersionVector seen, std::span<Sibling> siblings);

  const VersionVector& seen() const noexcept { return seen_; }
  // Ascending by dot, never empty.
  std::span<const Sibling> siblings() const noexcept {
    return {reinterpret_cast<const Sibling*>(this + 1), sibling_count_};
  }
  // A hash of the dots, the clock and the tombstone marks. Values need no part in it, because a dot names its value.
  // Replicas with the same state have equal digests.
  std::uint64_t digest() const noexcept { return digest_; }
  // The latest timestamp among the siblings.
  Hlc latest_hlc() const noexcept { return latest_hlc_; }
  // True when every sibling is a tombstone. A reader is then told "not found", with a context.
  bool deleted() const noexcept { return deleted_; }
  // Bytes of all values, cold ones included.
  std::size_t value_bytes() const noexcept { return value_bytes_; }
  // True when no value is cold. Only resident objects are sent to other nodes.
  bool resident() const noexcept { return resident_; }
  // The context of a reader of this state.
  Context context() const { return {seen_, std::min(latest_hlc_, kContextHlcMax)}; }

 private:
  friend class ObjectPtr;
  Object(VersionVector seen, std::span<Sibling> siblings);
  ~Object() = default;
  static void destroy(const Object* object) noexcept;

  // The siblings follow in the same allocation.
  mutable std::atomic<std::uint32_t> references_{1};
  std::uint32_t sibling_count_ = 0;
  bool deleted_ = true;
  bool resident_ = true;
  std::uint64_t digest_ = 0;
  std::uint64_t value_bytes_ = 0;
  Hlc latest_hlc_;
  VersionVector seen_;
};
static_assert(alignof(Sibling) <= alignof(Object) && sizeof(Object) % alignof(Sibling) == 0);

inline ObjectPtr::ObjectPtr(const ObjectPtr& other) noexcept : object_(other.object_) {
  if (object_) object_->references_.fetch_add(1, std::memory_order_relaxed);
}
inline ObjectPtr::~ObjectPtr() {
  if (!object_) return;
  if (object_->references_.load(std::memory_order_acquire) == 1 ||
      object_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    Object::destroy(object_);
  }
}

// The state after a client's write at a replica: the siblings that `context` covers are dropped, and `written` is
// added. written.dot must be new: neither `current` nor `context` may cover it.
ObjectPtr put(const ObjectPtr& current, const Context& context, Sibling written, ConflictPolicy policy);

// The least state that has seen everything that a and b have seen. Commutative, associative, idempotent. Returns a
// itself when b adds nothing to it, and b itself when a adds nothing. When both carry a version, a's copy is taken;
// this matters only if one copy is cold.
ObjectPtr merge(const ObjectPtr& a, const ObjectPtr& b, ConflictPolicy policy);

// The state in which every version that has expired by then is a tombstone. Returns `object` itself when none has.
ObjectPtr expire(const ObjectPtr& object, TimeNs wall_now_ns);

// Whether `object` has seen all of `seen`, and carries no dot of it that `carried` does not hold. Then it is the state
// with this clock and these siblings, or a successor of it.
bool succeeds(const Object& object, const VersionVector& seen, const VersionVector& carried) noexcept;

// The dots of the object's siblings.
VersionVector carried_dots(const Object& object);

// The state without the entries and isolated dots that `gone` covers. Entries of the actor `living` stay, and so do
// entries that cover a sibling. Returns `object` itself when nothing is dropped. No state may carry a dot of `gone`.
ObjectPtr without(const ObjectPtr& object, const VersionVector& gone, const Actor& living);

// The state that has also seen `dots`, with the same siblings. `object` itself when it has seen them.
ObjectPtr having_seen(const ObjectPtr& object, const VersionVector& dots);

// The earliest time at which a value of the object expires; 0 when none does.
TimeNs next_expiry(const Object& object) noexcept;

// Same clock and same dots.
bool equal(const ObjectPtr& a, const ObjectPtr& b) noexcept;

}  // namespace dkv
