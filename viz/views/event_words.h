#pragma once

#include <string>

#include "viz/views/desk.h"

// Descriptions of events in words.
namespace dkv::viz {

std::string event_words(const Desk& desk, const EventRecord& event);
std::string note_words(const Desk& desk, const Note& note);
std::string operation_words(const Desk& desk, const OperationRecord& operation);
std::string command_words(const Desk& desk, const sim::Command& command);
// True when only a story with details tells it.
bool is_detail(const Note& note);
bool is_detail(const Desk& desk, const OperationRecord& operation);

}  // namespace dkv::viz
