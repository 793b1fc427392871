#pragma once

#include <cstddef>

#include "engine/protocol/messages.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// The kind of traffic to which a message between nodes belongs.
Leg leg_of(const Message& message) noexcept;

// The key that a message is about; null when it names no key, or several.
const Key* key_of(const Message& message) noexcept;

// The words with which a kind of message is shown.
struct MessageWords {
  const char* word;     // for a list of events: "copy"
  const char* meaning;  // a sentence
};
// kind: Message::index().
const MessageWords& words_of_message(std::size_t kind) noexcept;

}  // namespace dkv::sim
