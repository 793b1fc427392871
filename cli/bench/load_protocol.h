#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dkv::cli {

// How a load speaks to what it measures: enough of each protocol to write and read a value.
enum class LoadProtocol : std::uint8_t {
  kDistriKv,  // Riak's routes over HTTP
  kRedis,     // RESP, SET and GET
  kEtcd,      // the JSON gateway of the v3 API
};

enum class LoadKind : std::uint8_t { kPut, kGet };

// The bytes of one request. host: for the header of HTTP.
std::string load_request(LoadProtocol protocol, LoadKind kind, std::uint64_t key, std::string_view value,
                         const std::string& host);

// Looks at the beginning of what has come in.
struct LoadAnswer {
  std::size_t bytes = 0;  // of the answer; 0: it is not whole yet
  bool good = false;      // done, or found
};
LoadAnswer read_answer(LoadProtocol protocol, LoadKind kind, std::string_view bytes);

}  // namespace dkv::cli
