// The fuzzer's entry point: it checks the bytes as they are, and as a frame with a corrected header.
#include "tests/fuzz/frame_fuzz.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/assert.h"
#include "tests/protocol/frame_builder.h"
#include "tests/protocol/message_equal.h"

namespace dkv::testing {

bool check_frame(std::string_view frame) {
  const Result<Message> message = decode_frame(frame);
  if (!message) {
    DKV_ASSERT(message.error().what.find(": ") != std::string::npos);
    return false;
  }
  const std::string again = encoded(*message);
  DKV_ASSERT(again == frame);
  const Result<Message> back = decode_frame(again);
  DKV_ASSERT(back && same(*message, *back));
  DKV_ASSERT(frame_bytes_bound(*message) >= frame.size());
  return true;
}

}  // namespace dkv::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string frame(reinterpret_cast<const char*>(data), size);
  dkv::testing::check_frame(frame);
  // Mutations almost never produce a valid checksum. Without this the fuzzer would never reach a body.
  dkv::testing::check_frame(dkv::testing::resealed(frame));
  return 0;
}
