#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/object.h"
#include "engine/gateway/message.h"

namespace dkv::http {

// What a key holds, as far as a precondition can ask (RFC 9110, 8.8). All tags are strong.
struct Validators {
  bool exists = false;                     // otherwise the rest means nothing
  std::string tag;                         // without quotes
  std::optional<std::int64_t> modified_s;  // since 1970, whole seconds
};

enum class Preconditions : std::uint8_t { kProceed, kNotModified, kFailed };  // kFailed: 412

// Whether the request has any that counts for its method.
bool has_preconditions(const Request& request);

// RFC 9110, 13.2.2, with its lists, "*", and strong and weak comparison; a date that is none counts for nothing. A tag
// without quotes is taken as a strong one, since Riak shows tags so in multipart answers. A list that can't be read
// names no tag; it lets a read proceed and a write fail. stored: what an answer of 200 or 300 would show.
Preconditions evaluate_preconditions(const Request& request, const Validators& stored);

// Of one version.
Validators validators_of(const Sibling& sibling);
// Of what Riak's routes show: one version, or all siblings together. Null: nothing is stored.
Validators validators_of(const Object* object);
// Of what the plain routes show: the same, and the context beside it.
Validators validators_with_context(const Object* object);

inline constexpr const char* kPreconditionFailed =
    "a precondition of the request does not hold for what is stored; nothing was done";

// ETag and Last-Modified.
void add_validators(const Validators& stored, Response& response);

}  // namespace dkv::http
