#include "cli/bench/load_protocol.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/gateway/message.h"

namespace dkv::cli {
namespace {

std::string key_text(std::uint64_t key) {
  return fmt::format("key-{:012}", key);
}

std::string post(const std::string& path, const std::string& body, const std::string& host) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                     path, host, body.size(), body);
}

// The Content-Length of a header; npos when there is none.
std::size_t content_length(std::string_view head) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    constexpr std::string_view kName = "content-length:";
    if (line.size() < kName.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < kName.size(); ++i) same = same && (line[i] | 0x20) == (kName[i] | 0x20);
    if (!same) continue;
    line.remove_prefix(kName.size());
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    std::size_t length = 0;
    std::from_chars(line.data(), line.data() + line.size(), length);
    return length;
  }
  return std::string_view::npos;
}

LoadAnswer read_http(std::string_view bytes, bool wants_value) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos || bytes.size() < 12) return {};
  const std::string_view head = bytes.substr(0, end);
  const bool empty = head.substr(9, 3) == "204" || head.substr(9, 3) == "304";
  const std::size_t length = empty ? 0 : content_length(head);
  // Both servers send bodies of this size without chunks.
  if (length == std::string_view::npos) return {.bytes = bytes.size(), .good = false};
  if (bytes.size() < end + 4 + length) return {};
  return {.bytes = end + 4 + length, .good = head.substr(9, 1) == "2" && (!wants_value || length > 0)};
}

LoadAnswer read_redis(std::string_view bytes, bool wants_value) {
  const std::size_t line_end = bytes.find("\r\n");
  if (line_end == std::string_view::npos) return {};
  if (bytes.front() != '$') return {.bytes = line_end + 2, .good = bytes.front() == '+' && !wants_value};
  int length = 0;
  std::from_chars(bytes.data() + 1, bytes.data() + line_end, length);
  if (length < 0) return {.bytes = line_end + 2, .good = false};
  const std::size_t whole = line_end + 2 + static_cast<std::size_t>(length) + 2;
  return bytes.size() < whole ? LoadAnswer{} : LoadAnswer{.bytes = whole, .good = wants_value};
}

}  // namespace

std::string load_request(LoadProtocol protocol, LoadKind kind, std::uint64_t key, std::string_view value,
                         const std::string& host) {
  const std::string name = key_text(key);
  const bool puts = kind == LoadKind::kPut;
  switch (protocol) {
    case LoadProtocol::kDistriKv:
      if (!puts) return fmt::format("GET /buckets/bench/keys/{} HTTP/1.1\r\nHost: {}\r\n\r\n", name, host);
      return fmt::format(
          "PUT /buckets/bench/keys/{} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/octet-stream\r\n"
          "Content-Length: {}\r\n\r\n{}",
          name, host, value.size(), value);
    case LoadProtocol::kRedis:
      if (!puts) return fmt::format("*2\r\n$3\r\nGET\r\n${}\r\n{}\r\n", name.size(), name);
      return fmt::format("*3\r\n$3\r\nSET\r\n${}\r\n{}\r\n${}\r\n{}\r\n", name.size(), name, value.size(), value);
    case LoadProtocol::kEtcd: {
      const std::string key64 = http::encode_base64(name);
      if (!puts) return post("/v3/kv/range", fmt::format(R"({{"key":"{}"}})", key64), host);
      return post("/v3/kv/put", fmt::format(R"({{"key":"{}","value":"{}"}})", key64, http::encode_base64(value)), host);
    }
  }
  return {};
}

LoadAnswer read_answer(LoadProtocol protocol, LoadKind kind, std::string_view bytes) {
  if (bytes.empty()) return {};
  const bool wants_value = kind == LoadKind::kGet;
  return protocol == LoadProtocol::kRedis ? read_redis(bytes, wants_value) : read_http(bytes, wants_value);
}

}  // namespace dkv::cli
