#include "tests/kill/history.h"

#include <algorithm>
#include <charconv>

#include "engine/core/hash.h"

namespace dkv::kill_tests {
namespace {

constexpr Actor kWriter{kIdentity, 1};

std::size_t value_bytes(std::uint64_t drawn) {
  const std::uint64_t more = drawn >> 8;
  switch (drawn % 10) {
    case 0: return 0;
    case 1: return 4000 + more % 4000;
    case 2:
    case 3: return 1000 + more % 1000;
    default: return 10 + more % 200;
  }
}

}  // namespace

Key slot_key(std::uint32_t slot) {
  return *Key::make(kDefaultBucket, "slot-" + std::to_string(slot));
}

std::optional<std::uint32_t> slot_of(const Key& key) {
  const std::string_view text = key.key();
  if (key.bucket() != kDefaultBucket || !text.starts_with("slot-")) return std::nullopt;
  std::uint32_t slot = 0;
  const auto read = std::from_chars(text.data() + 5, text.data() + text.size(), slot);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || slot >= kSlots) return std::nullopt;
  return slot;
}

bool erases(std::uint32_t slot, std::uint64_t counter) {
  return counter % (is_hint(slot) ? 2 : 11) == 0;
}

std::string value_of(std::uint32_t slot, std::uint64_t counter) {
  std::uint64_t state = mix64(slot * 1'000'003ULL + counter);
  const std::size_t bytes = value_bytes(state);
  const bool noise = state >> 60 == 0;
  const std::string sentence = std::to_string(slot) + " was written for the " + std::to_string(counter) + "th time; ";
  std::string value;
  while (value.size() < bytes) {
    if (noise) {
      state = mix64(state + 1);
      value.append(reinterpret_cast<const char*>(&state), sizeof state);
    } else {
      value += sentence;
    }
  }
  value.resize(bytes);
  return value;
}

ObjectPtr object_of(std::uint32_t slot, std::uint64_t counter) {
  const Dot dot{kWriter, counter};
  Sibling sibling{.dot = dot, .hlc = {counter << 16}, .tag = counter, .value = Blob(value_of(slot, counter))};
  return Object::make(VersionVector::from_sorted({&dot, 1}), {&sibling, 1});
}

void acknowledge(std::uint32_t slot, Slot& known, std::uint64_t counter) {
  known.floor = counter;
  known.absent = erases(slot, counter);
}

void find(Slot& known, std::uint64_t found) {
  if (found > 0) known.floor = found;
  known.absent = found == 0;
  known.gone = known.issued;
}

std::string judge(std::uint32_t slot, const Slot& known, std::uint64_t found) {
  const std::uint64_t first_open = std::max(known.floor, known.gone) + 1;
  if (found > 0 ? found == known.floor && !known.absent : known.absent) return {};
  if (found > 0 && found >= first_open && found <= known.issued && !erases(slot, found)) return {};
  for (std::uint64_t counter = first_open; found == 0 && counter <= known.issued; ++counter) {
    if (erases(slot, counter)) return {};
  }
  return "slot " + std::to_string(slot) + ": write " + std::to_string(found) + " was found; possible are " +
         (known.absent ? "none" : std::to_string(known.floor)) + ", and " + std::to_string(first_open) + " to " +
         std::to_string(known.issued);
}

std::optional<std::uint64_t> write_of(std::uint32_t slot, const Object& object) {
  if (object.siblings().size() != 1) return std::nullopt;
  const Sibling& found = object.siblings().front();
  const ObjectPtr written = object_of(slot, found.dot.counter);
  const Sibling& expected = written->siblings().front();
  const bool same = found.dot == expected.dot && found.hlc == expected.hlc && found.tag == expected.tag &&
                    !found.tombstone && found.cold_bytes == 0 && found.value == expected.value &&
                    object.seen() == written->seen();
  if (!same) return std::nullopt;
  return found.dot.counter;
}

}  // namespace dkv::kill_tests
