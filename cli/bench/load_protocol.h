#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dkv::cli {

// The protocol of a measured server: just enough of it to write and read a value.
enum class LoadProtocol : std::uint8_t {
  kDistriKv,  // Riak's routes over HTTP
  kRedis,     // RESP, SET and GET
  kEtcd,      // the JSON gateway of the v3 API
};

enum class LoadKind : std::uint8_t { kPut, kGet };

// The bytes of one request. host: for the HTTP header.
std::string load_request(LoadProtocol protocol, LoadKind kind, std::uint64_t key, std::string_view value,
                         const std::string& host);

// Parses the beginning of the received bytes.
struct LoadAnswer {
  std::size_t bytes = 0;  // size of the answer; 0: it is not complete yet
  bool good = false;      // written, or found
};
LoadAnswer read_answer(LoadProtocol protocol, LoadKind kind, std::string_view bytes);

}  // namespace dkv::cli
