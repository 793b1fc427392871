// Rows of requests with the status that RFC 9110 and RFC 9112 demand. Each is parsed at once, and cut at every byte.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/runtime/http/parser_feed.h"

namespace dkv::http {

inline constexpr int kTaken = 0;   // all requests of the row are parsed without an error
inline constexpr int kWaits = -1;  // incomplete, and correct so far
inline const std::string kGood = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

struct Row {
  std::string bytes;
  int status = 400;
  std::size_t requests = 1;  // number of parsed requests if the status is kTaken
};

inline void play(const Row& row) {
  INFO(row.bytes);
  const Taken whole = feed(row.bytes, {});
  const int status = whole.failure ? whole.failure->status : 0;
  REQUIRE(status == (row.status > 0 ? row.status : 0));
  REQUIRE(whole.requests.size() == (row.status == kTaken ? row.requests : 0));
  // The few long rows are cut at every thousandth byte or so.
  const std::size_t step = row.bytes.size() > 4096 ? 997 : 1;
  for (std::size_t cut = 1; cut < row.bytes.size(); cut += step) {
    REQUIRE(same(whole, feed(row.bytes, {cut, row.bytes.size()})));
  }
  REQUIRE(same(whole, feed(row.bytes, {1})));
}

inline void play_all(const std::vector<Row>& rows) {
  std::set<std::string> seen;
  for (const Row& row : rows) {
    INFO(row.bytes);
    REQUIRE(seen.insert(row.bytes).second);
    play(row);
  }
}

inline std::string line(const std::string& request_line) {
  return request_line + "\r\nHost: x\r\n\r\n";
}
inline std::string fields(const std::string& lines) {
  return "PUT /k HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n\r\n";
}
inline std::string coded(const std::string& coding) {
  return fields("Transfer-Encoding: " + coding) + "0\r\n\r\n";
}
inline std::string sized(const std::string& length, const std::string& body = {}) {
  return fields("Content-Length:" + length) + body;
}
inline std::string chunks(const std::string& bytes) {
  return fields("Transfer-Encoding: chunked") + bytes;
}
inline std::string host(const std::string& value) {
  return "GET / HTTP/1.1\r\nHost:" + value + "\r\n\r\n";
}

}  // namespace dkv::http
