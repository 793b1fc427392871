#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace dkv::testing {

// Decodes the bytes. A message that decodes must encode to the same bytes and decode again to an equal message;
// otherwise this aborts. True when the bytes are a frame.
bool check_frame(std::string_view frame);

}  // namespace dkv::testing
