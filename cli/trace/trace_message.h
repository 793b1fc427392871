#pragma once

#include "cli/terminal/json.h"
#include "engine/protocol/messages.h"
#include "sim/scenario/scenario.h"

namespace dkv::cli {

// Adds the fields of a message, without the bytes of values. Writes are identified by their tags.
void add_message(Json& line, const Message& message, const sim::Scenario& scenario);
void add_request(Json& line, const ClientRequest& request);
void add_reply(Json& line, const ClientReply& reply, const sim::Scenario& scenario);

std::string key_text(const Key& key);  // without the bucket if that is the default, otherwise bucket/key

}  // namespace dkv::cli
