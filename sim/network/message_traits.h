#pragma once

#include <cstddef>

#include "engine/protocol/messages.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// Which kind of traffic a message between nodes belongs to.
Leg leg_of(const Message& message) noexcept;

// The key that a message is about; null when it names none, or many.
const Key* key_of(const Message& message) noexcept;

// How a kind of message is told to those who watch.
struct MessageWords {
  const char* word;     // in a list of events: "copy"
  const char* meaning;  // a sentence
};
// kind: Message::index().
const MessageWords& words_of_message(std::size_t kind) noexcept;

}  // namespace dkv::sim
