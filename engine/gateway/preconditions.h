#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/object.h"
#include "engine/gateway/message.h"

namespace dkv::http {

// The state of a key that preconditions are compared with (RFC 9110, 8.8). All tags are strong.
struct Validators {
  bool exists = false;                     // false: the rest has no meaning
  std::string tag;                         // without quotes
  std::optional<std::int64_t> modified_s;  // since 1970, whole seconds
};

enum class Preconditions : std::uint8_t { kProceed, kNotModified, kFailed };  // kFailed: 412

// Whether the request has a precondition that applies to its method.
bool has_preconditions(const Request& request);

// RFC 9110, 13.2.2, with its lists, "*", and strong and weak comparison. An invalid date is ignored. A tag without
// quotes counts as a strong one, since Riak shows tags so in multipart answers. An unreadable list names no tag, so a
// read proceeds and a write fails. stored: the validators of an answer of 200 or 300.
Preconditions evaluate_preconditions(const Request& request, const Validators& stored);

// The validators of one version.
Validators validators_of(const Sibling& sibling);
// The validators for Riak's routes: of one version, or of all siblings together. Null: nothing is stored.
Validators validators_of(const Object* object);
// The validators for the plain routes, whose answers also show the context.
Validators validators_with_context(const Object* object);

inline constexpr const char* kPreconditionFailed =
    "a precondition of the request does not hold for the stored object; nothing was done";

// Adds ETag and Last-Modified.
void add_validators(const Validators& stored, Response& response);

}  // namespace dkv::http
