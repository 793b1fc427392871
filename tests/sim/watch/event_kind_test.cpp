#include "sim/watch/event_kind.h"

#include <set>
#include <string>

#include "tests/catch.h"

namespace dkv::sim {
namespace {

TEST_CASE("each kind of event has its own word in traces, and only messages travel") {
  std::set<std::string> words;
  std::size_t messages = 0;
  for (std::size_t i = 0; i < kEventKinds; ++i) {
    const auto kind = static_cast<EventKind>(i);
    CHECK(words.insert(event_word(kind)).second);
    messages += is_message(kind) ? 1 : 0;
  }
  CHECK(words.count("message") == 1);
  CHECK(words.count("disk_late") == 1);
  CHECK(messages == 4);
}

}  // namespace
}  // namespace dkv::sim
