#include "engine/gateway/preconditions.h"

#include <algorithm>

#include "engine/core/hash.h"
#include "engine/gateway/date.h"
#include "engine/gateway/grammar.h"
#include "engine/gateway/header_list.h"
#include "engine/gateway/objects.h"
#include "engine/input/units.h"

namespace dkv::http {
namespace {

enum class Comparison : std::uint8_t { kStrong, kWeak };
enum class Found : std::uint8_t { kYes, kNo, kUnreadable };

bool reads(Method method) noexcept {
  return method == Method::kGet || method == Method::kHead;
}

bool is_tag_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
}

struct EntityTag {
  std::string_view opaque;
  bool weak = false;
};

// Takes the next tag off the list; nothing when the list does not begin with one. Quotes may contain a comma.
std::optional<EntityTag> take_tag(std::string_view& list) {
  EntityTag tag;
  tag.weak = list.starts_with("W/");
  if (tag.weak) list.remove_prefix(2);
  const bool quoted = list.starts_with('"');
  if (!quoted && tag.weak) return std::nullopt;
  if (quoted) list.remove_prefix(1);
  const auto end = std::ranges::find_if(list, [&](char c) { return !is_tag_char(c) || (!quoted && c == ','); });
  tag.opaque = list.substr(0, static_cast<std::size_t>(end - list.begin()));
  list.remove_prefix(tag.opaque.size());
  if (quoted && !list.starts_with('"')) return std::nullopt;
  if (quoted) list.remove_prefix(1);
  if (!quoted && tag.opaque.empty()) return std::nullopt;
  return tag;
}

// Whether the list names the stored tag. Empty items are allowed (RFC 9110, 5.6.1.2).
Found look_in(std::string_view list, const Validators& stored, Comparison comparison) {
  list = trimmed(list);
  if (list == "*") return stored.exists ? Found::kYes : Found::kNo;
  bool any = false, found = false;
  while (!list.empty()) {
    if (list.starts_with(',')) {
      list = trimmed(list.substr(1));
      continue;
    }
    const auto tag = take_tag(list);
    list = trimmed(list);
    if (!tag || tag->opaque == "*" || !(list.empty() || list.starts_with(','))) return Found::kUnreadable;
    any = true;
    found = found || (stored.exists && tag->opaque == stored.tag && (comparison == Comparison::kWeak || !tag->weak));
  }
  if (!any) return Found::kUnreadable;
  return found ? Found::kYes : Found::kNo;
}

std::optional<std::int64_t> date_in(const Request& request, std::string_view name) {
  const auto text = joined_header(request, name);
  return text ? parse_http_date(trimmed(*text)) : std::nullopt;
}

// Steps 1 and 2 of 13.2.2: whether the client knows the stored state.
bool matches(const Request& request, const Validators& stored) {
  if (const auto wanted = joined_header(request, "if-match")) {
    return look_in(*wanted, stored, Comparison::kStrong) == Found::kYes;
  }
  const auto since = date_in(request, "if-unmodified-since");
  return !since || !stored.exists || !stored.modified_s || *stored.modified_s <= *since;
}

// Steps 3 and 4: whether the client still needs the answer or the write.
bool is_wanted(const Request& request, const Validators& stored) {
  if (const auto unwanted = joined_header(request, "if-none-match")) {
    const Found found = look_in(*unwanted, stored, Comparison::kWeak);
    return found == Found::kNo || (found == Found::kUnreadable && reads(request.method));
  }
  if (!reads(request.method)) return true;
  const auto since = date_in(request, "if-modified-since");
  return !since || !stored.exists || !stored.modified_s || *stored.modified_s > *since;
}

}  // namespace

bool has_preconditions(const Request& request) {
  const auto has = [&](std::string_view name) { return request.header(name) != nullptr; };
  return has("if-match") || has("if-none-match") || has("if-unmodified-since") ||
         (has("if-modified-since") && reads(request.method));
}

Preconditions evaluate_preconditions(const Request& request, const Validators& stored) {
  if (!matches(request, stored)) return Preconditions::kFailed;
  if (is_wanted(request, stored)) return Preconditions::kProceed;
  return reads(request.method) ? Preconditions::kNotModified : Preconditions::kFailed;
}

Validators validators_of(const Sibling& sibling) {
  return {.exists = true,
          .tag = vtag_of(sibling.dot),
          .modified_s = static_cast<std::int64_t>(sibling.hlc.wall_ms() / 1000)};
}

Validators validators_of(const Object* object) {
  if (object == nullptr || object->deleted()) return {};
  if (object->siblings().size() == 1) return validators_of(object->siblings().front());
  return validators_with_context(object);
}

// An expired value is shown as deleted, but the digest does not change with it. So the tombstone marks are hashed, too.
Validators validators_with_context(const Object* object) {
  if (object == nullptr || object->deleted()) return {};
  Validators all{.exists = true, .tag = {}, .modified_s = 0};
  std::uint64_t digest = object->digest();
  for (const Sibling& sibling : object->siblings()) {
    digest = hash_combine(digest, sibling.tombstone ? 1 : 0);
    all.modified_s = std::max(*all.modified_s, *validators_of(sibling).modified_s);
  }
  all.tag = hex16(digest);
  return all;
}

void add_validators(const Validators& stored, Response& response) {
  if (!stored.exists) return;
  response.header("ETag", "\"" + stored.tag + "\"");
  if (stored.modified_s) {
    response.header("Last-Modified", http_date(static_cast<std::uint64_t>(*stored.modified_s)));
  }
}

}  // namespace dkv::http
