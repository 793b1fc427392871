// The writes of a killed process, as far as the killing process has been told of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/types.h"

namespace dkv::kill_tests {

inline constexpr std::uint32_t kObjects = 300;  // the first slots are objects; the others are hints
inline constexpr std::uint32_t kHints = 60;
inline constexpr std::uint32_t kSlots = kObjects + kHints;
inline constexpr ActorId kIdentity{0x5eed, 0x1dea};

// One name in the store. Its writes are numbered from 1, and the number determines the write.
struct Slot {
  std::uint64_t floor = 0;   // the last write that was acknowledged, or found after a restart; 0: none
  bool absent = true;        // that write left nothing
  std::uint64_t gone = 0;    // later writes up to this one were lost: a restart did not find them
  std::uint64_t issued = 0;  // the last write that was requested
};

struct History {
  std::vector<Slot> slots = std::vector<Slot>(kSlots);
  std::uint32_t epoch_floor = 0;
  std::uint32_t epoch_issued = 0;
};

inline bool is_hint(std::uint32_t slot) {
  return slot >= kObjects;
}
inline NodeId hint_owner(std::uint32_t slot) {
  return slot % 3;
}
Key slot_key(std::uint32_t slot);
// The slot of a key; nothing when the key has none.
std::optional<std::uint32_t> slot_of(const Key& key);

bool erases(std::uint32_t slot, std::uint64_t counter);
// A value of 0 to some thousand bytes. zstd can compress most of them.
std::string value_of(std::uint32_t slot, std::uint64_t counter);
ObjectPtr object_of(std::uint32_t slot, std::uint64_t counter);

void acknowledge(std::uint32_t slot, Slot& known, std::uint64_t counter);
// found: the write that produced the slot's object; 0 without an object.
void find(Slot& known, std::uint64_t found);
// Empty when the finding is possible after this history; otherwise the error.
std::string judge(std::uint32_t slot, const Slot& known, std::uint64_t found);
// The write that produced the object; nothing when no write produced exactly this.
std::optional<std::uint64_t> write_of(std::uint32_t slot, const Object& object);

}  // namespace dkv::kill_tests
