#include "engine/gateway/message.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <optional>

#include "engine/gateway/body_source.h"
#include "engine/gateway/grammar.h"

namespace dkv::http {
namespace {

bool unescape(std::string_view text, bool plus_is_space, std::string& out) {
  out.clear();
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return true;
}

const std::string* find(const Pairs& pairs, std::string_view name) noexcept {
  const auto found = std::ranges::find(pairs, name, [](const auto& pair) -> std::string_view { return pair.first; });
  return found == pairs.end() ? nullptr : &found->second;
}

}  // namespace

const char* method_name(Method method) noexcept {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPut: return "PUT";
    case Method::kPost: return "POST";
    case Method::kDelete: return "DELETE";
    case Method::kOptions: return "OPTIONS";
    case Method::kOther: break;
  }
  return "other";
}

const std::string* Request::header(std::string_view name) const noexcept {
  return find(headers, name);
}
const std::string* Request::parameter(std::string_view name) const noexcept {
  return find(parameters, name);
}

bool take_target(std::string_view target, Request& request) {
  request.target = target;
  const std::size_t mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  std::string_view query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  if (path.empty() || path.front() != '/') return false;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (segment.empty()) continue;
    if (!unescape(segment, false, request.segments.emplace_back())) return false;
  }
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto& [name, value] = request.parameters.emplace_back();
    if (!unescape(pair.substr(0, equals), true, name)) return false;
    if (equals != std::string_view::npos && !unescape(pair.substr(equals + 1), true, value)) return false;
  }
  return true;
}

const char* reason_phrase(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 300: return "Multiple Choices";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 414: return "URI Too Long";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

BodyEnd encode(const Response& response, const Delivery& delivery, std::string_view date, std::string& out) {
  const bool bodiless = response.status == 204 || response.status == 304;
  const auto add = [&out](std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  };
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  add("Date", date);
  for (const auto& [name, value] : response.headers) add(name, value);
  if (!response.content_type.empty() && response.status != 304) add("Content-Type", response.content_type);
  const std::optional<std::uint64_t> bytes = response.source ? response.source->size() : response.body.size();
  BodyEnd end = BodyEnd::kHere;
  if (!bodiless && bytes) {
    add("Content-Length", std::to_string(*bytes));
    if (response.source) end = BodyEnd::kLength;
  } else if (!bodiless) {
    end = delivery.minor_version == 0 ? BodyEnd::kUntilEnd : BodyEnd::kChunked;
    if (end == BodyEnd::kChunked) add("Transfer-Encoding", "chunked");
  }
  if (!delivery.keep_alive || end == BodyEnd::kUntilEnd) {
    out += "Connection: close\r\n";
  } else if (delivery.minor_version == 0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (bodiless || delivery.head) return BodyEnd::kHere;
  if (!response.source) out += response.body;
  return end;
}

std::string http_date(std::uint64_t unix_seconds) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[40];
  const int length =
      std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday,
                    kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace dkv::http
