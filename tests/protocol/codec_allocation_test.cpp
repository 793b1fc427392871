// The memory that a decoder may allocate: in proportion to the received bytes, whatever counts they claim.
#include <cstdlib>
#include <new>

#include "tests/catch.h"
#include "tests/protocol/frame_builder.h"
#include "tests/protocol/sample_messages.h"

namespace {
thread_local bool counting = false;
thread_local std::size_t counted_bytes = 0;
}  // namespace

// All forms of new and delete are replaced. A sanitizer has its own, which must not be mixed with ours. Not inlined,
// because g++ would see free() for an operator new and warn.
[[gnu::noinline]] void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  if (counting) counted_bytes += bytes;
  return std::malloc(bytes == 0 ? 1 : bytes);
}
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  if (void* memory = operator new(bytes, std::nothrow)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace dkv::testing {
namespace {

struct Decoded {
  std::string error;  // empty: it decoded
  std::size_t allocated_bytes = 0;
};

Decoded decode_counting(const std::string& frame) {
  Decoded decoded;
  counted_bytes = 0;
  counting = true;
  const Result<Message> message = decode_frame(frame);
  counting = false;
  decoded.allocated_bytes = counted_bytes;
  if (!message) decoded.error = message.error().what;
  return decoded;
}

// Memory for the text of the error.
constexpr std::size_t kErrorBytes = 600;

TEST_CASE("the count of allocated bytes sees a message's own") {
  const Decoded decoded = decode_counting(encoded(ReplicaGet{1, key_of(std::string(1000, 'k'))}));
  REQUIRE(decoded.error.empty());
  REQUIRE(decoded.allocated_bytes >= 1000);
}

TEST_CASE("a count of 2^32 elements in a frame of 50 bytes allocates nothing for them") {
  constexpr std::uint64_t kMany = 1ull << 32;
  const auto claims = [](Kind kind, Bytes before) {
    std::string body = before.varint(kMany).str();
    body.resize(50 - kFrameHeaderBytes);
    return sealed(kind, Bytes().raw(body));
  };
  const Bytes object = Bytes().varint(1).entry(1, 0, 1).varint(0);
  const std::string frames[] = {
      claims(Kind::kReplicaGet, Bytes().u64(7)),
      claims(Kind::kReplicaPut, Bytes().u64(7).u8(0).key("a")),
      claims(Kind::kReplicaGetReply, Bytes().u64(7).u8(1).raw(object.str())),
      claims(Kind::kReplicaGetReply, Bytes().u64(7).u8(1).raw(object.str()).varint(1).varint(0).u8(8)),
      claims(Kind::kForwardReply, Bytes().u64(7).u8(0).u8(0).u32(0).u32(0).u8(0)),
      claims(Kind::kAntiEntropyRoots, {}),
      claims(Kind::kAntiEntropyLeaves, {}),
      claims(Kind::kReplicaPut, Bytes().u64(7).u8(0).key("a").varint(0)),
      claims(Kind::kAntiEntropyKeys, Bytes().varint(3).u64(1).u64(0).u64(9)),
      claims(Kind::kAntiEntropyObjects, {}),
      claims(Kind::kAntiEntropyObjects, Bytes().varint(0)),
  };
  for (const std::string& frame : frames) {
    REQUIRE(frame.size() == 50);
    const Decoded decoded = decode_counting(frame);
    INFO(decoded.error << ", " << decoded.allocated_bytes << " bytes allocated");
    REQUIRE_FALSE(decoded.error.empty());
    REQUIRE(decoded.allocated_bytes < kErrorBytes);
  }
}

TEST_CASE("counts that the frame could just hold take a small multiple of its bytes") {
  // The worst case of each list: its count fits the frame exactly, and its first element is invalid.
  const std::string room(30'000, '\xff');
  const auto fits = [&](Kind kind, Bytes before, std::size_t element_bytes, std::size_t most) {
    return sealed(kind, before.varint(std::min(room.size() / element_bytes, most)).raw(room));
  };
  const Bytes object = Bytes().varint(1).entry(1, 0, 1).varint(0);
  const std::string frames[] = {
      fits(Kind::kReplicaPut, Bytes().u64(7).u8(0).key("a"), 18, 4096),
      fits(Kind::kReplicaGetReply, Bytes().u64(7).u8(1).raw(object.str()), 11, 4096),
      fits(Kind::kAntiEntropyRoots, {}, 9, 1u << 20),
      fits(Kind::kAntiEntropyLeaves, {}, 513, 1u << 20),
      fits(Kind::kReplicaPut, Bytes().u64(7).u8(0).key("a").varint(0), 18, 4096),
      fits(Kind::kAntiEntropyKeys, Bytes().varint(3).u64(1).u64(0).u64(9), 12, 4096),
      fits(Kind::kAntiEntropyObjects, {}, 36, 512),
      fits(Kind::kAntiEntropyObjects, Bytes().varint(0), 4, 4096),
  };
  for (const std::string& frame : frames) {
    const Decoded decoded = decode_counting(frame);
    INFO(decoded.error << ", " << decoded.allocated_bytes << " bytes allocated for " << frame.size());
    REQUIRE_FALSE(decoded.error.empty());
    REQUIRE(decoded.error.find("elements") == std::string::npos);
    REQUIRE(decoded.allocated_bytes < 10 * frame.size() + kErrorBytes);
  }
}

TEST_CASE("a message that decodes takes a small multiple of its frame") {
  for (const Sample& sample : sample_messages()) {
    const std::string frame = encoded(sample.message);
    const Decoded decoded = decode_counting(frame);
    INFO(sample.name << ": " << decoded.allocated_bytes << " bytes allocated for " << frame.size());
    REQUIRE(decoded.error.empty());
    REQUIRE(decoded.allocated_bytes < 10 * frame.size() + kErrorBytes);
  }
}

}  // namespace
}  // namespace dkv::testing
