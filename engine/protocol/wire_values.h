#pragma once

#include "engine/core/context.h"
#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/protocol/wire_reader.h"

namespace dkv::wire {

// The values that several messages share. Each answers false after it has noted in the reader what is wrong; field
// names the value in the message. What it lets through keeps the promises of the value's own header.
bool read_key(Reader& in, const char* field, Key& out);
bool read_context(Reader& in, const char* field, Context& out);
bool read_object(Reader& in, const char* field, ObjectPtr& out);

}  // namespace dkv::wire
