#include "viz/model/records.h"

#include <array>

namespace dkv::viz {

const char* event_kind_name(EventKind kind) noexcept {
  static constexpr std::array<const char*, kEventKinds> kNames = {"message",        "request",
                                                                  "reply",          "connection refused",
                                                                  "timer",          "synced",
                                                                  "disk",           "respawn",
                                                                  "client begins",  "client's patience",
                                                                  "client arrives", "fault begins",
                                                                  "fault ends",     "heal",
                                                                  "poll",           "dropped"};
  return kNames[static_cast<std::size_t>(kind)];
}

KeyNumber KeyTable::number(const Key& key) {
  const auto [place, added] = numbers_.try_emplace(key, static_cast<KeyNumber>(keys_.size()));
  if (added) keys_.push_back(key);
  return place->second;
}

KeyNumber KeyTable::find(const Key& key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? kNoKey : found->second;
}

}  // namespace dkv::viz
