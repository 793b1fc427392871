#pragma once

#include "engine/core/context.h"
#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/protocol/wire_reader.h"

namespace dkv::wire {

// Readers of values that several messages share. Each returns false after it has noted the error in the reader.
// `field` names the value in the message. A value that passes keeps the promises of its header.
bool read_key(Reader& in, const char* field, Key& out);
bool read_clock(Reader& in, const char* field, VersionVector& out);
bool read_context(Reader& in, const char* field, Context& out);
bool read_object(Reader& in, const char* field, ObjectPtr& out);

}  // namespace dkv::wire
