// Malformed and unusual requests, each with the status that RFC 9110 and RFC 9112 demand. They are played against the
// parser, whole and cut at every byte, and against a real process.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dkv::http {

inline constexpr int kTaken = 0;   // all requests of the row are parsed without an error
inline constexpr int kWaits = -1;  // incomplete, and correct so far
inline const std::string kGood = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

struct Row {
  std::string bytes;
  int status = 400;
  std::size_t requests = 1;  // number of parsed requests if the status is kTaken
};

std::vector<Row> request_line_rows();
std::vector<Row> field_rows();
std::vector<Row> host_rows();
std::vector<Row> content_length_rows();
std::vector<Row> transfer_coding_rows();
std::vector<Row> chunk_rows();
std::vector<Row> expectation_rows();

inline std::vector<Row> all_rows() {
  std::vector<Row> all;
  for (const auto& rows : {request_line_rows, field_rows, host_rows, content_length_rows, transfer_coding_rows,
                           chunk_rows, expectation_rows}) {
    for (Row& row : rows()) all.push_back(std::move(row));
  }
  return all;
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
