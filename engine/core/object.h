#pragma once

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
// Siblings past this number refuse further client writes; replicas still merge, so that nothing is lost.
inline constexpr std::size_t kSiblingsMaxDefault = 64;
// A decoder's limit; far above what the cap lets grow.
inline constexpr std::size_t kSiblingsDecodedMax = 4096;

// What becomes of concurrent versions.
enum class ConflictPolicy : std::uint8_t {
  kSiblings,       // all are kept; a client that has seen them resolves
  kLastWriteWins,  // the latest (hlc, dot) is kept, the others are discarded
};

// One version of a key's value. From expires_wall_ns on it is a tombstone: some replicas have taken its value away by
// then and some not yet, which is no difference between them.
struct Sibling {
  Dot dot;
  Hlc hlc;
  WriteTag tag = 0;
  TimeNs expires_wall_ns = 0;    // 0: never
  Blob value;                    // empty for a tombstone
  std::uint32_t cold_bytes = 0;  // not 0: the value is this long and stands on the disk only; `value` is empty
  bool tombstone = false;
};

class Object;

// A shared, immutable object; null means "never heard of the key".
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
  // Identity, not content: for content compare digests or use equal().
  friend bool operator==(const ObjectPtr& a, const ObjectPtr& b) noexcept { return a.object_ == b.object_; }

 private:
  friend class Object;
  explicit ObjectPtr(const Object* owned) noexcept : object_(owned) {}
  const Object* object_ = nullptr;
};

// A key's siblings and the set of all dots that it has seen: a dotted version vector set (Preguiça, Baquero,
// Almeida et al., "Dotted Version Vectors", 2012). Every sibling's dot is covered by seen(); a dot that seen() covers
// and no sibling carries has been replaced. Immutable after make().
class Object {
 public:
  // siblings: at least one, any order, each dot once and covered by seen. Moved from.
  static ObjectPtr make(VersionVector seen, std::span<Sibling> siblings);

  const VersionVector& seen() const noexcept { return seen_; }
  // Ascending by dot. Never empty.
  std::span<const Sibling> siblings() const noexcept {
    return {reinterpret_cast<const Sibling*>(this + 1), sibling_count_};
  }
  // Of the dots, the clock and the marks of deletes. Replicas that agree have equal digests (a dot names its value).
  std::uint64_t digest() const noexcept { return digest_; }
  // The latest timestamp among the siblings.
  Hlc latest_hlc() const noexcept { return latest_hlc_; }
  // True when every sibling is a tombstone: a reader is told "not found", with a context.
  bool deleted() const noexcept { return deleted_; }
  // Cold values count in full.
  std::size_t value_bytes() const noexcept { return value_bytes_; }
  // True when no value is cold. Only resident objects travel.
  bool resident() const noexcept { return resident_; }
  // What a reader of this state has seen.
  Context context() const { return {seen_, latest_hlc_}; }

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

// The state after a client's write at a replica: the siblings that context covers go, written joins.
// written.dot must be new: not covered by current nor by context.
ObjectPtr put(const ObjectPtr& current, const Context& context, Sibling written, ConflictPolicy policy);

// The least state that has seen all that a and b have. Commutative, associative, idempotent. Answers with a itself
// when b adds nothing to it, and with b itself when a adds nothing. Of a version that both carry, a's copy is taken,
// which matters only when one of them is cold.
ObjectPtr merge(const ObjectPtr& a, const ObjectPtr& b, ConflictPolicy policy);

// The same state after all that expires by then has become a tombstone; object itself when nothing does.
ObjectPtr expire(const ObjectPtr& object, TimeNs wall_now_ns);

// When the next of its values expires; 0: none does.
TimeNs next_expiry(const Object& object) noexcept;

// Same clock and same dots.
bool equal(const ObjectPtr& a, const ObjectPtr& b) noexcept;

}  // namespace dkv
