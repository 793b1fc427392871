#pragma once

#include "engine/core/context.h"
#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/protocol/client.h"
#include "engine/protocol/wire_reader.h"

namespace dkv::wire {

// The values that several messages share. Each answers false after it has noted in the reader what is wrong; field
// names the value in the message. What it lets through keeps the promises of the value's own header.
bool read_key(Reader& in, const char* field, Key& out);
bool read_context(Reader& in, const char* field, Context& out);
bool read_object(Reader& in, const char* field, ObjectPtr& out);
// A bool, then the object if true; null otherwise.
bool read_optional_object(Reader& in, const char* field, ObjectPtr& out);
bool read_partition(Reader& in, const char* field, PartitionId& out);
bool read_request(Reader& in, const char* field, ClientRequest& out);
bool read_reply(Reader& in, const char* field, ClientReply& out);

}  // namespace dkv::wire
