#include "engine/protocol/codec.h"

#include <rapidcheck.h>

#include <set>

#include "tests/catch.h"
#include "tests/protocol/frame_builder.h"
#include "tests/protocol/message_equal.h"
#include "tests/protocol/message_gen.h"
#include "tests/protocol/sample_messages.h"

namespace dkv::testing {
namespace {

TEST_CASE("every kind of message comes back from its frame as it was, and has one encoding") {
  for (std::size_t kind = 0; kind < std::variant_size_v<Message>; ++kind) {
    INFO("kind " << kind);
    REQUIRE(rc::check([kind] {
      const Message message = any_message_of(kind);
      RC_ASSERT(message.index() == kind);
      const std::string frame = encoded(message);
      const Result<Message> back = decode_frame(frame);
      if (!back) RC_FAIL(back.error().what);
      RC_ASSERT(same(message, *back));
      RC_ASSERT(encoded(*back) == frame);
      RC_ASSERT(frame.size() <= frame_bytes_bound(message));
    }));
  }
}

TEST_CASE("the samples hold every kind and come back as they were") {
  std::set<std::size_t> kinds;
  for (const Sample& sample : sample_messages()) {
    INFO(sample.name);
    const Result<Message> back = decode_frame(encoded(sample.message));
    REQUIRE(back);
    REQUIRE(same(sample.message, *back));
    kinds.insert(sample.message.index());
  }
  REQUIRE(kinds.size() == std::variant_size_v<Message>);
}

TEST_CASE("frames of one turn share a buffer, and frame_bytes separates them") {
  std::string buffer = "before";
  for (const Sample& sample : sample_messages()) encode_frame(sample.message, buffer);
  REQUIRE(buffer.substr(0, 6) == "before");
  std::string_view rest = std::string_view(buffer).substr(6);
  for (const Sample& sample : sample_messages()) {
    INFO(sample.name);
    const Result<std::size_t> bytes = frame_bytes(rest.substr(0, kFrameHeaderBytes));
    REQUIRE(bytes);
    const Result<Message> message = decode_frame(rest.substr(0, *bytes));
    REQUIRE(message);
    REQUIRE(same(sample.message, *message));
    rest.remove_prefix(*bytes);
  }
  REQUIRE(rest.empty());
}

TEST_CASE("the largest key, value and clock pass") {
  std::vector<Dot> entries;
  for (std::uint64_t i = 0; i < kVersionVectorEntriesMax; ++i) entries.push_back({{{i, 0}, 0}, kStateCounterMax});
  const VersionVector seen = VersionVector::from_sorted(entries);
  const Key key = *Key::make(std::string(kBucketBytesMax, 'b'), std::string(kKeyBytesMax, 'k'));
  const ObjectPtr object = object_of(seen, {sibling_of(entries.back(), std::string(kValueBytesMax, 'v'))});
  const Message message = ReplicaPut{1, CopyReason::kAntiEntropy, kNoNode, key, object};
  const Result<Message> back = decode_frame(encoded(message));
  REQUIRE(back);
  REQUIRE(same(message, *back));
}

TEST_CASE("a frame holds as many siblings as the limit allows") {
  std::vector<Sibling> siblings;
  for (std::uint64_t i = 1; i <= kSiblingsDecodedMax; ++i) siblings.push_back(tombstone_of({actor_of(1), i}));
  const Message message = ReplicaGetReply{1, object_of(clock_of({kSiblingsDecodedMax}), siblings)};
  const Result<Message> back = decode_frame(encoded(message));
  REQUIRE(back);
  REQUIRE(same(message, *back));
}

TEST_CASE("the bound of a copy, summed, tells how many copies fit into one message") {
  AntiEntropyObjects message;
  std::size_t bytes = 0;
  for (int i = 0; i < 20; ++i) {
    message.objects.push_back({key_of(std::to_string(i)), wide_object()});
    bytes += copy_bytes_bound(message.objects.back().key, message.objects.back().object);
  }
  const std::size_t bound = frame_bytes_bound(message);
  REQUIRE(encoded(message).size() <= bound);
  REQUIRE(bound - bytes < 100);
  REQUIRE(copy_bytes_bound(key_of("a"), {}) < 100);
}

// Such a state ended each process that held it, because the frame was encoded all the same.
TEST_CASE("the merged siblings of replicas that were apart may be too large for a frame, and a host can tell") {
  const Blob value(std::string(kValueBytesMax, 'v'));  // shared by all siblings
  VersionVector seen;
  std::vector<Sibling> siblings;
  for (std::uint64_t i = 1; i <= kFrameBytesMax / kValueBytesMax; ++i) {
    siblings.push_back({.dot = {{{i, i}, 1}, 1}, .value = value});
    seen = seen.with(siblings.back().dot);
  }
  const Message too_large = ReplicaPut{.key = key_of("k"), .object = Object::make(seen, siblings)};
  CHECK_FALSE(fits_into_frame(too_large));
  Sibling one{.dot = {{{1, 1}, 1}, 1}, .value = value};
  const Message fits = ReplicaPut{.key = key_of("k"), .object = Object::make(seen, {&one, 1})};
  CHECK(fits_into_frame(fits));
}

}  // namespace
}  // namespace dkv::testing
