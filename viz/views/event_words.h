#pragma once

#include <string>

#include "viz/views/workspace.h"

// Descriptions of events in words.
namespace dkv::viz {

std::string event_words(const Workspace& workspace, const EventRecord& event);
std::string note_words(const Workspace& workspace, const Note& note);
std::string operation_words(const Workspace& workspace, const OperationRecord& operation);
std::string command_words(const Workspace& workspace, const sim::Command& command);
// True when only a story with details tells it.
bool is_detail(const Note& note);
bool is_detail(const Workspace& workspace, const OperationRecord& operation);

}  // namespace dkv::viz
