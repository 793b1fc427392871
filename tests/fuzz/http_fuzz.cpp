// The fuzzer's entry point: any bytes, as if from a client.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/http_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkv::testing::check_http({reinterpret_cast<const char*>(data), size});
  return 0;
}
