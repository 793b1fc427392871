// One test for each rule of the values that messages carry: clocks, objects, contexts, requests and replies.
#include "tests/catch.h"
#include "tests/protocol/frame_builder.h"
#include "tests/protocol/message_equal.h"
#include "tests/protocol/sample_messages.h"

namespace dkv::testing {
namespace {

// A clock of two actors that have counted to 4 and to 9, without isolated dots.
const Bytes kClock = Bytes().varint(2).entry(1, 0, 4).entry(2, 0, 9).varint(0);
constexpr std::uint8_t kTombstone = 1, kTag = 2, kExpiry = 4;

Bytes put() {
  return Bytes().u64(7).u8(0).key("a");
}
Bytes put(const Bytes& object) {
  return put().raw(object.str());
}
std::string put_error(const Bytes& object) {
  return error_of(Kind::kReplicaPut, put(object));
}
// The error of an object with kClock and these siblings.
std::string siblings_error(int count, const Bytes& siblings) {
  return put_error(Bytes().raw(kClock.str()).varint(count).raw(siblings.str()));
}
// The fields after the object.
constexpr std::string_view kStamp("\0\0", 2);
Bytes tombstone(std::uint64_t actor, std::uint64_t counter) {
  return Bytes().varint(actor).u8(kTombstone).varint(counter).u64(50);
}

TEST_CASE("an object put together by hand decodes to its parts") {
  const Bytes siblings = Bytes()
                             .raw(tombstone(0, 3).str())
                             .varint(1)
                             .u8(kTag | kExpiry)
                             .varint(9)
                             .u64(60)
                             .varint(1234)
                             .u64(99)
                             .sized("value");
  const Result<Message> message =
      decode_frame(sealed(Kind::kReplicaPut, put(Bytes().raw(kClock.str()).varint(2).raw(siblings.str()).u8(5).u8(6))));
  REQUIRE(message);
  const Actor first{{1, 1}, 0}, second{{2, 1}, 0};
  const std::vector<Dot> clock{{first, 4}, {second, 9}};
  Sibling removed{.dot = {first, 3}, .hlc = {50}, .tombstone = true};
  Sibling value{.dot = {second, 9}, .hlc = {60}, .tag = 1234, .expires_wall_ns = 99, .value = Blob("value")};
  const ObjectPtr object = object_of(VersionVector::from_sorted(clock), {removed, value});
  REQUIRE(same(*message, ReplicaPut{7, CopyReason::kWrite, kNoNode, key_of("a"), object, {5, 6}}));
}

TEST_CASE("clock entries that do not ascend by actor are refused") {
  const std::string error = "ReplicaPut.object.clock[1].actor: not after the actor before it";
  REQUIRE(put_error(Bytes().varint(2).entry(2, 0, 4).entry(1, 0, 9)) == error);
  REQUIRE(put_error(Bytes().varint(2).entry(2, 1, 4).entry(2, 0, 9)) == error);
  REQUIRE(put_error(Bytes().varint(2).entry(2, 1, 4).entry(2, 1, 9)) == error);
}

TEST_CASE("a clock entry with counter 0 is refused") {
  REQUIRE(put_error(Bytes().varint(1).entry(1, 0, 0)) == "ReplicaPut.object.clock[0].counter: 0 names no write");
}

TEST_CASE("a counter that leaves no room for a next one is refused") {
  REQUIRE(put_error(Bytes().varint(1).entry(1, 0, kStateCounterMax + 1)) ==
          "ReplicaPut.object.clock[0].counter: out of range");
  REQUIRE(put_error(Bytes().varint(1).entry(1, 0, ~0ull)) == "ReplicaPut.object.clock[0].counter: out of range");
}

TEST_CASE("a timestamp that leaves no room for a later one is refused") {
  const Bytes late = Bytes().varint(0).u8(kTombstone).varint(3).u64(kStateHlcMax.packed + 1);
  REQUIRE(siblings_error(1, late) == "ReplicaPut.object.siblings[0].hlc: out of range");
}

TEST_CASE("an epoch of more than 32 bits is refused") {
  REQUIRE(put_error(Bytes().varint(1).entry(1, 1ull << 32, 1)) ==
          "ReplicaPut.object.clock[0].epoch: 4294967296 is over 4294967295");
}

TEST_CASE("a clock over its limit, or over the frame's, is refused") {
  REQUIRE(put_error(Bytes().varint(8193).raw(std::string(200'000, 'c'))) ==
          "ReplicaPut.object.clock: 8193 elements, at most 8192");
  REQUIRE(put_error(Bytes().varint(3).raw(std::string(53, 'c'))) ==
          "ReplicaPut.object.clock: 3 elements do not fit into the 53 bytes left");
}

// The error of an object with kClock's entries, these isolated dots and one sibling.
std::string isolated_error(int count, const Bytes& isolated, const Bytes& sibling) {
  return put_error(
      Bytes().varint(2).entry(1, 0, 4).entry(2, 0, 9).varint(count).raw(isolated.str()).varint(1).raw(sibling.str()));
}

TEST_CASE("isolated dots beyond a gap pass, and a sibling may be one") {
  const Bytes isolated = Bytes().entry(1, 0, 6).entry(3, 0, 2);
  REQUIRE(isolated_error(2, isolated, tombstone(0, 3).raw(kStamp)).empty());
  REQUIRE(isolated_error(2, isolated, tombstone(2, 6).raw(kStamp)).empty());
  REQUIRE(isolated_error(2, isolated, tombstone(3, 2).raw(kStamp)).empty());
}

TEST_CASE("isolated dots that belong into an entry, or do not ascend, are refused") {
  const std::string error = "ReplicaPut.object.clock.isolated: out of order or not isolated";
  REQUIRE(isolated_error(1, Bytes().entry(1, 0, 4), tombstone(0, 3)) == error);
  REQUIRE(isolated_error(1, Bytes().entry(1, 0, 5), tombstone(0, 3)) == error);
  REQUIRE(isolated_error(1, Bytes().entry(3, 0, 1), tombstone(0, 3)) == error);
  REQUIRE(isolated_error(2, Bytes().entry(2, 0, 20).entry(1, 0, 20), tombstone(0, 3)) == error);
  REQUIRE(isolated_error(2, Bytes().entry(1, 0, 20).entry(1, 0, 20), tombstone(0, 3)) == error);
}

TEST_CASE("an isolated dot with counter 0 is refused") {
  REQUIRE(isolated_error(1, Bytes().entry(3, 0, 0), tombstone(0, 3)) ==
          "ReplicaPut.object.clock.isolated[0].counter: 0 names no write");
}

TEST_CASE("isolated dots over the limit that they share with the entries, or over the frame's, are refused") {
  REQUIRE(isolated_error(8191, Bytes().raw(std::string(200'000, 'c')), {}) ==
          "ReplicaPut.object.clock.isolated: 8191 elements, at most 8190");
  REQUIRE(isolated_error(2, Bytes().raw(std::string(10, 'c')), {}) ==
          "ReplicaPut.object.clock.isolated: 2 elements do not fit into the 11 bytes left");
}

TEST_CASE("a sibling in the gap before an isolated dot is refused") {
  const std::string error = "ReplicaPut.object.siblings[0].dot: not covered by the clock";
  REQUIRE(isolated_error(1, Bytes().entry(1, 0, 6), tombstone(2, 5)) == error);
  REQUIRE(isolated_error(1, Bytes().entry(1, 0, 6), tombstone(0, 5)) == error);
}

TEST_CASE("an object without siblings is refused") {
  REQUIRE(siblings_error(0, {}) == "ReplicaPut.object.siblings: there is none");
}

TEST_CASE("siblings over their limit, or over the frame's, are refused") {
  REQUIRE(siblings_error(4097, Bytes().raw(std::string(100'000, 's'))) ==
          "ReplicaPut.object.siblings: 4097 elements, at most 4096");
  REQUIRE(siblings_error(2, tombstone(0, 3)) ==
          "ReplicaPut.object.siblings: 2 elements do not fit into the 11 bytes left");
}

TEST_CASE("a sibling whose dot the clock does not cover is refused") {
  Bytes three = Bytes().raw(tombstone(0, 3).str()).raw(tombstone(0, 4).str()).raw(tombstone(1, 10).str());
  REQUIRE(siblings_error(3, three) == "ReplicaPut.object.siblings[2].dot: not covered by the clock");
}

TEST_CASE("a sibling whose actor is not in the clock is refused") {
  REQUIRE(siblings_error(1, tombstone(2, 1)) ==
          "ReplicaPut.object.siblings[0].dot: names entry 2 of a clock with 2 entries");
  REQUIRE(put_error(Bytes().varint(0).varint(0).varint(1).raw(tombstone(0, 1).str())) ==
          "ReplicaPut.object.siblings[0].dot: names entry 0 of a clock with 0 entries");
}

TEST_CASE("a sibling with counter 0 is refused") {
  REQUIRE(siblings_error(1, tombstone(0, 0)) == "ReplicaPut.object.siblings[0].dot: counter 0 names no write");
}

TEST_CASE("siblings that share a dot or do not ascend are refused") {
  const std::string error = "ReplicaPut.object.siblings[1].dot: not after the dot before it";
  REQUIRE(siblings_error(2, tombstone(0, 3).raw(tombstone(0, 3).str())) == error);
  REQUIRE(siblings_error(2, tombstone(0, 3).raw(tombstone(0, 2).str())) == error);
  REQUIRE(siblings_error(2, tombstone(1, 3).raw(tombstone(0, 4).str())) == error);
}

TEST_CASE("unknown flags of a sibling are refused") {
  REQUIRE(siblings_error(1, Bytes().varint(0).u8(16).varint(3).u64(50).sized("v")) ==
          "ReplicaPut.object.siblings[0].flags: unknown value 16");
}

TEST_CASE("a tombstone has no place for a value") {
  REQUIRE(siblings_error(1, tombstone(0, 3).sized("v").raw(kStamp)) == "ReplicaPut: 2 bytes follow its last field");
}

TEST_CASE("a tag or an expiry that is flagged must not be 0") {
  REQUIRE(siblings_error(1, Bytes().varint(0).u8(kTag).varint(3).u64(50).varint(0).sized("v")) ==
          "ReplicaPut.object.siblings[0].tag: flagged, but 0");
  REQUIRE(siblings_error(1, Bytes().varint(0).u8(kExpiry).varint(3).u64(50).u64(0).sized("v")) ==
          "ReplicaPut.object.siblings[0].expires_wall_ns: flagged, but 0");
}

TEST_CASE("a value over its limit is refused") {
  const auto value = [](std::uint64_t bytes) { return Bytes().varint(0).u8(0).varint(3).u64(50).varint(bytes); };
  REQUIRE(siblings_error(1, value(kValueBytesMax + 1)) ==
          "ReplicaPut.object.siblings[0].value: 16777217 bytes, at most 16777216");
  REQUIRE(siblings_error(1, value(kValueBytesMax)) == "ReplicaPut.object.siblings[0].value: cut short");
}

TEST_CASE("an object deep in a message is named by its whole path") {
  const Bytes bad = Bytes().raw(kClock.str()).varint(1).raw(tombstone(1, 10).str());
  const Bytes good = Bytes().raw(kClock.str()).varint(1).raw(tombstone(1, 9).str());
  REQUIRE(error_of(Kind::kReplicaGetReply, Bytes().u64(7).u8(1).raw(bad.str())) ==
          "ReplicaGetReply.object.siblings[0].dot: not covered by the clock");
  REQUIRE(error_of(Kind::kAntiEntropyObjects, Bytes().varint(2).key("a").raw(good.str()).key("b").raw(bad.str())) ==
          "AntiEntropyObjects.objects[1].object.siblings[0].dot: not covered by the clock");
}

// The fields of a request. A test can make each of them invalid.
struct RequestFields {
  std::uint8_t kind = 1, mode = 0, return_siblings = 0, need = 2, need_primary = 0;
  std::uint64_t timeout_ms = 1000;
  Bytes key = Bytes().key("a");
  Bytes context = Bytes().raw(kClock.str()).u64(50);
  Bytes value = Bytes().sized("v");
};

std::string request_error(const RequestFields& f) {
  const Bytes body = Bytes()
                         .u64(7)
                         .varint(1)
                         .varint(2)
                         .u8(f.kind)
                         .u8(f.mode)
                         .u8(f.return_siblings)
                         .u8(f.need)
                         .u8(f.need_primary)
                         .varint(f.timeout_ms)
                         .varint(5)
                         .u64(6)
                         .raw(f.key.str())
                         .raw(f.context.str())
                         .raw(f.value.str());
  return error_of(Kind::kForward, body);
}

TEST_CASE("a request put together by hand decodes") {
  REQUIRE(request_error({}).empty());
}

TEST_CASE("an unknown kind or mode of a request is refused") {
  REQUIRE(request_error({.kind = 3}) == "Forward.request.kind: unknown value 3");
  REQUIRE(request_error({.mode = 2}) == "Forward.request.mode: unknown value 2");
  REQUIRE(request_error({.return_siblings = 2}) == "Forward.request.return_siblings: 2 is neither 0 nor 1");
}

TEST_CASE("a quorum that no key can have is refused") {
  REQUIRE(request_error({.need = 0}) == "Forward.request.need: 0 is under 1");
  REQUIRE(request_error({.need = 16}).empty());
  REQUIRE(request_error({.need = 17}) == "Forward.request.need: 17 is over 16");
  REQUIRE(request_error({.need_primary = 16}).empty());
  REQUIRE(request_error({.need_primary = 17}) == "Forward.request.need_primary: 17 is over 16");
}

TEST_CASE("a time-out out of range is refused") {
  REQUIRE(request_error({.timeout_ms = 0}) == "Forward.request.timeout_ms: 0 is under 1");
  REQUIRE(request_error({.timeout_ms = 600'000}).empty());
  REQUIRE(request_error({.timeout_ms = 600'001}) == "Forward.request.timeout_ms: 600001 is over 600000");
}

TEST_CASE("a request's key, context and value are checked") {
  REQUIRE(request_error({.key = Bytes().sized("")}) == "Forward.request.key: the key's bytes are missing");
  REQUIRE(request_error({.context = Bytes().varint(1).entry(1, 0, 0).u64(5)}) ==
          "Forward.request.context.seen[0].counter: 0 names no write");
  REQUIRE(request_error({.value = Bytes().varint(kValueBytesMax + 1)}) ==
          "Forward.request.value: 16777217 bytes, at most 16777216");
  REQUIRE(request_error({.value = Bytes()}) == "Forward.request.value: cut short");
}

struct ReplyFields {
  std::uint8_t outcome = 0, reason = 0, total = 3, primary = 2, fallback = 1, has_object = 0;
  Bytes context = Bytes().varint(0).varint(0).u64(50);
};

std::string reply_error(const ReplyFields& f) {
  const Bytes body = Bytes()
                         .u64(7)
                         .u8(f.outcome)
                         .u8(f.reason)
                         .u8(f.total)
                         .u8(f.primary)
                         .u8(f.fallback)
                         .u8(2)
                         .u32(kNoNode)
                         .u8(f.has_object)
                         .raw(f.context.str());
  return error_of(Kind::kForwardReply, body);
}

TEST_CASE("a reply put together by hand decodes") {
  REQUIRE(reply_error({}).empty());
}

TEST_CASE("an unknown outcome or reason is refused") {
  REQUIRE(reply_error({.outcome = 3}) == "ForwardReply.reply.outcome: unknown value 3");
  REQUIRE(reply_error({.outcome = 1, .reason = 10}) == "ForwardReply.reply.reason: unknown value 10");
}

TEST_CASE("every outcome except done has a reason") {
  REQUIRE(reply_error({.outcome = 0, .reason = 1}) == "ForwardReply.reply.reason: given, although the outcome is done");
  REQUIRE(reply_error({.outcome = 1, .reason = 0}) ==
          "ForwardReply.reply.reason: missing, although the outcome is not done");
  REQUIRE(reply_error({.outcome = 2, .reason = 8}).empty());
}

TEST_CASE("acknowledgements must add up") {
  REQUIRE(reply_error({.total = 4}) == "ForwardReply.reply.acks.total: not the sum of primary and fallback");
  REQUIRE(reply_error({.total = 0, .primary = 255, .fallback = 1}) ==
          "ForwardReply.reply.acks.total: not the sum of primary and fallback");
}

TEST_CASE("a reply's object and context are checked") {
  REQUIRE(reply_error({.has_object = 2}) == "ForwardReply.reply.object: 2 is neither 0 nor 1");
  REQUIRE(reply_error({.has_object = 1}) ==
          "ForwardReply.reply.object.siblings: 50 elements do not fit into the 7 bytes left");
  REQUIRE(reply_error({.context = Bytes().varint(0).varint(0).u32(50)}) == "ForwardReply.reply.context.hlc: cut short");
}

}  // namespace
}  // namespace dkv::testing
