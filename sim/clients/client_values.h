#pragma once

#include <cstdint>
#include <string>

#include "engine/core/blob.h"
#include "engine/core/object.h"
#include "engine/protocol/client.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// The value that the load writes under a tag: it begins with the tag, so that a reader can tell whose it is.
Blob tagged_value(WriteTag tag, std::uint32_t bytes);
// Whether the value is the one that the load writes under the tag with this size.
bool carries_tag(const Blob& value, WriteTag tag, std::uint32_t bytes);

// A shopping cart: every item of every live sibling, and `item`; sorted, each once, separated by commas.
std::string union_of_items(const ObjectPtr& object, const std::string& item);

// How many of a request's answers must come from primaries.
std::uint8_t primary_need(const ClientRequest& request);

// What is wrong with the answer (null: none came), in words; empty when it is as expected.
std::string broken_expectation(const StepExpect& expect, const ClientReply* reply);

}  // namespace dkv::sim
