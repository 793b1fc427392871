#pragma once

#include <nlohmann/json.hpp>

#include "engine/protocol/messages.h"
#include "sim/scenario.h"

namespace dkv::cli {

// The fields of a message that tell what it does, without the bytes of values. Writes appear by their tags.
void add_message(nlohmann::ordered_json& line, const Message& message, const sim::Scenario& scenario);
void add_request(nlohmann::ordered_json& line, const ClientRequest& request);
void add_reply(nlohmann::ordered_json& line, const ClientReply& reply, const sim::Scenario& scenario);

std::string key_text(const Key& key);  // the key alone in the default bucket, else bucket/key

const char* outcome_name(Outcome outcome) noexcept;  // "done", "refused", "unknown"
const char* reason_name(Reason reason) noexcept;     // "too_few_replicas"

}  // namespace dkv::cli
