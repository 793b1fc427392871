// One test for each rule of frames and messages. It checks the text that names the message, the field and the rule.
#include "tests/catch.h"
#include "tests/protocol/frame_builder.h"
#include "tests/protocol/message_equal.h"
#include "tests/protocol/sample_messages.h"

namespace dkv::testing {
namespace {

const std::string kAck = sealed(Kind::kReplicaPutAck, Bytes().u64(7).u8(1));

std::string with_byte(std::string frame, std::size_t at, char byte) {
  frame[at] = byte;
  return frame;
}

Bytes put(std::uint8_t reason) {
  return Bytes().u64(7).u8(reason);
}

TEST_CASE("an acknowledgement put together by hand decodes") {
  const Result<Message> message = decode_frame(kAck);
  REQUIRE(message);
  REQUIRE(same(*message, ReplicaPutAck{7, true}));
}

TEST_CASE("a header that is cut short is named") {
  REQUIRE(error_of("") == "frame: 0 bytes are too few for a header, which has 12");
  REQUIRE(frame_bytes(kAck.substr(0, 11)).error().what == "frame: 11 bytes are too few for a header, which has 12");
}

TEST_CASE("another version of the protocol is named") {
  const std::string frame = resealed(with_byte(kAck, 8, kProtocolVersion + 1));
  REQUIRE(error_of(frame) == "frame.version: 5; this node speaks 4");
  REQUIRE(frame_bytes(frame).error().what == "frame.version: 5; this node speaks 4");
}

TEST_CASE("an unknown kind is named") {
  REQUIRE(error_of(resealed(with_byte(kAck, 9, 0))) == "frame.kind: unknown value 0");
  REQUIRE(error_of(resealed(with_byte(kAck, 9, 16))) == "frame.kind: unknown value 16");
  REQUIRE(frame_bytes(with_byte(kAck, 9, 16)).error().what == "frame.kind: unknown value 16");
}

TEST_CASE("reserved bits in the header are refused") {
  REQUIRE(error_of(resealed(with_byte(kAck, 10, 1))) == "frame.reserved: not 0");
  REQUIRE(error_of(resealed(with_byte(kAck, 11, 1))) == "frame.reserved: not 0");
}

TEST_CASE("a length below the header's is refused") {
  REQUIRE(frame_bytes(with_byte(kAck, 0, 11)).error().what == "frame.length: 11 bytes are fewer than the header's");
}

TEST_CASE("a length over the limit is refused, the limit itself is not") {
  const std::string over = Bytes().u32(kFrameBytesMax + 1).str() + kAck.substr(4);
  REQUIRE(frame_bytes(over).error().what == "frame.length: 134217729 bytes, at most 134217728");
  const std::string limit = Bytes().u32(kFrameBytesMax).str() + kAck.substr(4);
  REQUIRE(frame_bytes(limit).value() == kFrameBytesMax);
}

TEST_CASE("a length that is not the frame's is named") {
  REQUIRE(error_of(kAck + "x") == "frame.length: says 21 bytes, there are 22");
  REQUIRE(error_of(kAck.substr(0, 20)) == "frame.length: says 21 bytes, there are 20");
}

TEST_CASE("a wrong checksum is named") {
  REQUIRE(error_of(with_byte(kAck, 4, static_cast<char>(kAck[4] ^ 1))) == "frame.checksum: not that of the content");
}

TEST_CASE("bytes after the last field are refused") {
  REQUIRE(error_of(Kind::kReplicaPutAck, Bytes().u64(7).u8(1).raw("xyz")) ==
          "ReplicaPutAck: 3 bytes follow its last field");
}

TEST_CASE("a field that is cut short is named") {
  REQUIRE(error_of(Kind::kReplicaPutAck, Bytes().u32(7)) == "ReplicaPutAck.op: cut short");
  REQUIRE(error_of(Kind::kReplicaPutAck, Bytes().u64(7)) == "ReplicaPutAck.stored: cut short");
  REQUIRE(error_of(Kind::kHeartbeat, Bytes().u8(0x80)) == "Heartbeat.incarnation: cut short");
}

TEST_CASE("a boolean other than 0 and 1 is refused") {
  REQUIRE(error_of(Kind::kReplicaPutAck, Bytes().u64(7).u8(2)) == "ReplicaPutAck.stored: 2 is neither 0 nor 1");
  REQUIRE(error_of(Kind::kHeartbeat, Bytes().varint(1).u8(9)) == "Heartbeat.hears_you: 9 is neither 0 nor 1");
  REQUIRE(error_of(Kind::kReplicaGetReply, Bytes().u64(7).u8(3)) == "ReplicaGetReply.object: 3 is neither 0 nor 1");
}

TEST_CASE("a number with more bytes than it needs is refused") {
  REQUIRE(error_of(Kind::kHeartbeat, Bytes().u8(0x81).u8(0).u8(1)) ==
          "Heartbeat.incarnation: a number with more bytes than it needs");
}

TEST_CASE("a number of more than 64 bits is refused") {
  REQUIRE(error_of(Kind::kHeartbeat, Bytes().raw(std::string(9, '\xff')).u8(2).u8(1)) ==
          "Heartbeat.incarnation: a number of more than 64 bits");
  REQUIRE(error_of(Kind::kHeartbeat, Bytes().raw(std::string(10, '\x80')).u8(1).u8(1)) ==
          "Heartbeat.incarnation: a number of more than 64 bits");
}

TEST_CASE("a number of more than 32 bits is refused where 32 are meant") {
  REQUIRE(error_of(Kind::kHeartbeat, Bytes().varint(1ull << 32).u8(1)) ==
          "Heartbeat.incarnation: 4294967296 is over 4294967295");
}

TEST_CASE("an unknown reason for a copy is refused") {
  REQUIRE(error_of(Kind::kReplicaPut, put(5)) == "ReplicaPut.reason: unknown value 5");
}

TEST_CASE("a hint must name the node that it is for") {
  REQUIRE(error_of(Kind::kReplicaPut, put(1).varint(kNoNode)) == "ReplicaPut.hint_for: a hint names no node");
}

TEST_CASE("the rules of a key are named with its field") {
  const auto get = [](std::string_view key) { return error_of(Kind::kReplicaGet, Bytes().u64(7).sized(key)); };
  REQUIRE(get("") == "ReplicaGet.key: the key's bytes are missing");
  REQUIRE(get("\x05"
              "ab") == "ReplicaGet.key: the key's bucket is cut short");
  REQUIRE(get(std::string("\0k", 2)) == "ReplicaGet.key: the bucket is empty");
  REQUIRE(get("\x01"
              "b") == "ReplicaGet.key: the key is empty");
  REQUIRE(get("\x01"
              "b" +
              std::string(kKeyBytesMax + 1, 'k')) == "ReplicaGet.key: the key is longer than 4096 bytes");
  REQUIRE(get(std::string(5000, 'k')) == "ReplicaGet.key: 5000 bytes, at most 4352");
  REQUIRE(error_of(Kind::kReplicaGet, Bytes().u64(7).varint(9).raw("short")) == "ReplicaGet.key: cut short");
}

TEST_CASE("a partition past the limit is refused") {
  REQUIRE(error_of(Kind::kAntiEntropyRoots, Bytes().varint(1).varint(65536).u64(1)) ==
          "AntiEntropyRoots.roots[0].partition: 65536 is over 65535");
  REQUIRE(error_of(Kind::kAntiEntropyKeys, Bytes().varint(65536)) == "AntiEntropyKeys.partition: 65536 is over 65535");
  REQUIRE(error_of(Kind::kAntiEntropyLeaves, Bytes().varint(1).varint(65536).raw(std::string(512, 'h'))) ==
          "AntiEntropyLeaves.partitions[0].partition: 65536 is over 65535");
}

TEST_CASE("roots that do not ascend by partition are refused") {
  const std::string error = "AntiEntropyRoots.roots[1].partition: not after the partition before it";
  REQUIRE(error_of(Kind::kAntiEntropyRoots, Bytes().varint(2).varint(5).u64(1).varint(4).u64(1)) == error);
  REQUIRE(error_of(Kind::kAntiEntropyRoots, Bytes().varint(2).varint(5).u64(1).varint(5).u64(1)) == error);
}

TEST_CASE("leaves that are cut short are named") {
  const Bytes body = Bytes().varint(2).varint(1).raw(std::string(512, 'h')).varint(300).raw(std::string(511, 'h'));
  REQUIRE(error_of(Kind::kAntiEntropyLeaves, body) == "AntiEntropyLeaves.partitions[1].hashes: cut short");
}

TEST_CASE("keys that do not ascend are refused") {
  AntiEntropyKeys sorted = keys_of({"a", "bb"});
  const auto body = [&](int first, int second) {
    return Bytes()
        .varint(3)
        .u64(1)
        .u64(0)
        .u64(9)
        .varint(2)
        .sized(sorted.entries[first].key.encoded())
        .u64(1)
        .sized(sorted.entries[second].key.encoded())
        .u64(1);
  };
  REQUIRE(error_of(Kind::kAntiEntropyKeys, body(0, 1)).empty());
  REQUIRE(error_of(Kind::kAntiEntropyKeys, body(1, 0)) ==
          "AntiEntropyKeys.entries[1].key: not after the key before it");
  REQUIRE(error_of(Kind::kAntiEntropyKeys, body(0, 0)) ==
          "AntiEntropyKeys.entries[1].key: not after the key before it");
}

TEST_CASE("a list over its limit is refused, for any bytes that follow") {
  const Bytes room = Bytes().raw(std::string(2000, '\0'));
  const auto list = [&](Bytes before, std::uint64_t count) { return before.varint(count).raw(room.str()); };
  REQUIRE(error_of(Kind::kAntiEntropyRoots, list({}, 1048577)) ==
          "AntiEntropyRoots.roots: 1048577 elements, at most 1048576");
  REQUIRE(error_of(Kind::kAntiEntropyLeaves, list({}, 1048577)) ==
          "AntiEntropyLeaves.partitions: 1048577 elements, at most 1048576");
  REQUIRE(error_of(Kind::kAntiEntropyKeys, list(Bytes().varint(3).u64(1).u64(0).u64(9), 4097)) ==
          "AntiEntropyKeys.entries: 4097 elements, at most 4096");
  REQUIRE(error_of(Kind::kAntiEntropyObjects, list({}, 513)) ==
          "AntiEntropyObjects.objects: 513 elements, at most 512");
  REQUIRE(error_of(Kind::kAntiEntropyObjects, list(Bytes().varint(0), 4097)) ==
          "AntiEntropyObjects.wanted: 4097 elements, at most 4096");
}

TEST_CASE("a list of more elements than the frame can hold is refused before any is read") {
  REQUIRE(error_of(Kind::kAntiEntropyRoots, Bytes().varint(3).raw(std::string(26, 'r'))) ==
          "AntiEntropyRoots.roots: 3 elements do not fit into the 26 bytes left");
  REQUIRE(error_of(Kind::kAntiEntropyKeys, Bytes().varint(3).u64(1).u64(0).u64(9).varint(2).raw("short")) ==
          "AntiEntropyKeys.entries: 2 elements do not fit into the 5 bytes left");
  REQUIRE(error_of(Kind::kAntiEntropyLeaves, Bytes().varint(1).raw("short")) ==
          "AntiEntropyLeaves.partitions: 1 elements do not fit into the 5 bytes left");
  REQUIRE(error_of(Kind::kAntiEntropyObjects, Bytes().varint(1).raw("short")) ==
          "AntiEntropyObjects.objects: 1 elements do not fit into the 5 bytes left");
  REQUIRE(error_of(Kind::kAntiEntropyObjects, Bytes().varint(0).varint(2).raw("short")) ==
          "AntiEntropyObjects.wanted: 2 elements do not fit into the 5 bytes left");
}

TEST_CASE("an element of a list is named by its place") {
  Bytes body = Bytes()
                   .varint(0)
                   .varint(2)
                   .key("z")
                   .sized(
                       "\x01"
                       "b")
                   .raw("xx");
  REQUIRE(error_of(Kind::kAntiEntropyObjects, body) == "AntiEntropyObjects.wanted[1]: the key is empty");
}

}  // namespace
}  // namespace dkv::testing
