#pragma once

#include <cstdint>
#include <string>

#include "engine/core/blob.h"
#include "engine/core/object.h"
#include "engine/protocol/client.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// The value that the load writes under a tag. It begins with the tag, so that a reader can tell which write it comes
// from.
Blob tagged_value(WriteTag tag, std::uint32_t bytes);
// True when the value is the one that the load writes under this tag with this size.
bool carries_tag(const Blob& value, WriteTag tag, std::uint32_t bytes);

// The value of a scripted step, filled up to the size with letters v. A longer value stays as it is.
Blob filled_value(const std::string& value, std::uint32_t bytes);

// A shopping cart: the items of all live siblings, and `item`; sorted, without duplicates, separated by commas.
std::string union_of_items(const ObjectPtr& object, const std::string& item);

// The number of answers that must come from primaries.
std::uint8_t primary_need(const ClientRequest& request);

// The mistake in the answer (null: none came) in words; empty when the answer is as expected.
std::string broken_expectation(const StepExpect& expect, const ClientReply* reply);

}  // namespace dkv::sim
