#include "sim/clients/client_values.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace dkv::sim {
namespace {

void collect_items(std::string_view list, std::set<std::string, std::less<>>& items) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.emplace(item);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

}  // namespace

Blob tagged_value(WriteTag tag, std::uint32_t bytes) {
  return Blob::make(bytes, [&](char* out) {
    std::memset(out, 'v', bytes);
    std::memcpy(out, &tag, std::min<std::size_t>(bytes, sizeof(tag)));
  });
}

bool carries_tag(const Blob& value, WriteTag tag, std::uint32_t bytes) {
  const std::string_view all = value.view();
  if (all.size() != bytes) return false;
  if (all.empty()) return true;
  const std::size_t head = std::min(all.size(), sizeof(tag));
  if (std::memcmp(all.data(), &tag, head) != 0) return false;
  const std::string_view rest = all.substr(head);  // all bytes are equal: each is compared with the one before it
  return rest.empty() || (rest.front() == 'v' && rest.substr(1) == rest.substr(0, rest.size() - 1));
}

Blob filled_value(const std::string& value, std::uint32_t bytes) {
  if (value.size() >= bytes) return Blob(value);
  return Blob::make(bytes, [&](char* out) {
    std::memset(out, 'v', bytes);
    std::memcpy(out, value.data(), value.size());
  });
}

std::string union_of_items(const ObjectPtr& object, const std::string& item) {
  std::set<std::string, std::less<>> items;
  if (object) {
    for (const Sibling& sibling : object->siblings()) collect_items(sibling.value.view(), items);
  }
  collect_items(item, items);
  std::string list;
  for (const std::string& one : items) list += (list.empty() ? "" : ",") + one;
  return list;
}

std::uint8_t primary_need(const ClientRequest& request) {
  return request.mode == QuorumMode::kStrict ? std::max(request.need, request.need_primary) : request.need_primary;
}

namespace {

std::string counted_siblings(std::uint32_t count) {
  return count == 1 ? "there is 1 sibling" : "there are " + std::to_string(count) + " siblings";
}

}  // namespace

std::string broken_expectation(const StepExpect& expect, const ClientReply* reply) {
  const Outcome outcome = reply ? reply->outcome : Outcome::kUnknown;
  if (expect.outcome && *expect.outcome != outcome) {
    return std::string("the outcome is ") + outcome_name(outcome) + ", not " + outcome_name(*expect.outcome);
  }
  std::uint32_t live = 0;
  const Sibling* only = nullptr;
  if (reply && reply->object) {
    for (const Sibling& sibling : reply->object->siblings()) {
      if (sibling.tombstone) continue;
      ++live;
      only = &sibling;
    }
  }
  if (expect.found && *expect.found != (live > 0)) return live > 0 ? "the key was found" : "the key was not found";
  if (expect.siblings && *expect.siblings != live) {
    return counted_siblings(live) + ", not " + std::to_string(*expect.siblings);
  }
  if (expect.value && live != 1) return "there are " + std::to_string(live) + " values, not the one expected";
  if (expect.value && only->value.view() != *expect.value) {
    return "the value is \"" + std::string(only->value.view()) + "\", not \"" + *expect.value + "\"";
  }
  return {};
}

}  // namespace dkv::sim
