// The fuzzer's entry point: any bytes, as if a client presented them as its context.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/context_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkv::testing::check_context({reinterpret_cast<const char*>(data), size});
  return 0;
}
