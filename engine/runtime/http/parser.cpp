#include "engine/runtime/http/parser.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/gateway/grammar.h"

namespace dkv::http {
namespace {

constexpr std::size_t kReservedBytesMax = 64u << 10;

struct NamedMethod {
  std::string_view name;
  Method method;
};
constexpr NamedMethod kMethods[] = {{"GET", Method::kGet},       {"HEAD", Method::kHead},
                                    {"PUT", Method::kPut},       {"POST", Method::kPost},
                                    {"DELETE", Method::kDelete}, {"OPTIONS", Method::kOptions}};

Method method_of(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kMethods, name, &NamedMethod::name);
  return found == std::end(kMethods) ? Method::kOther : found->method;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

}  // namespace

std::size_t RequestParser::put(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !failure_ && state_ != State::kDone) {
    const std::string_view rest = bytes.substr(taken);
    const bool in_head = !in_body();
    switch (state_) {
      case State::kBody:
      case State::kChunkData: taken += put_data(rest); break;
      case State::kChunkEnd: taken += put_chunk_end(rest); break;
      default: taken += put_line(rest); break;
    }
    if (in_head && in_body()) break;
  }
  return taken;
}

Request RequestParser::take() {
  DKV_ASSERT(done());
  Request request = std::move(request_);
  clear();
  return request;
}

Request RequestParser::take_head() {
  DKV_ASSERT(in_body());
  std::string().swap(request_.body);
  Request request = std::move(request_);
  clear();
  return request;
}

void RequestParser::clear() {
  RequestParser fresh(limits_);
  std::swap(*this, fresh);
}

bool RequestParser::wants_continue() {
  const bool nothing_yet = in_body() && request_.body.empty() && line_.empty();
  return nothing_yet && std::exchange(waits_for_continue_, false);
}

void RequestParser::fail(int status, std::string what) {
  failure_ = {status, std::move(what)};
}

void RequestParser::fail_too_large() {
  fail(413, "the body has more than " + std::to_string(limits_.body_bytes_max) + " bytes");
}

// A line within one piece is parsed in place, without a copy.
std::size_t RequestParser::put_line(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  const bool whole = end != std::string_view::npos;
  const std::string_view piece = whole ? bytes.substr(0, end + 1) : bytes;
  const char first = line_.empty() ? piece.front() : line_.front();
  if (state_ == State::kRequestLine && first != '\r' && !is_token_char(first)) {
    fail(400, "this is no HTTP request: it begins with no method");
    return piece.size();
  }
  if (counted_ + line_.size() + piece.size() > limits_.header_bytes_max) {
    const std::string limit = std::to_string(limits_.header_bytes_max) + " bytes";
    if (state_ == State::kRequestLine) {
      fail(414, "the request line has more than " + limit);
    } else {
      fail(431, "the header has more than " + limit);
    }
    return piece.size();
  }
  if (!whole || !line_.empty()) line_.append(piece);
  if (!whole) return piece.size();
  const std::string kept = std::exchange(line_, {});
  const std::string_view line = kept.empty() ? piece : std::string_view(kept);
  if (line.size() < 2 || line[line.size() - 2] != '\r') {
    fail(400, "a line ends in LF alone, not in CR LF");
    return piece.size();
  }
  counted_ += line.size();
  take_line(line.substr(0, line.size() - 2));
  return piece.size();
}

void RequestParser::take_line(std::string_view line) {
  switch (state_) {
    case State::kRequestLine:
      if (!line.empty()) return take_request_line(line);
      counted_ = 0;
      if (++empty_lines_ > kEmptyLinesMax) fail(400, "empty lines where a request should be");
      return;
    case State::kFields: return line.empty() ? end_head() : take_field(line);
    case State::kChunkSize: return take_chunk_size(line);
    default: break;
  }
  if (line.empty()) {
    state_ = State::kDone;
  } else {
    take_field(line);
  }
}

void RequestParser::take_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return fail(400, "a request line is: method, target and version, a space between them");
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method)) return fail(400, "the method is no word");
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                           version[6] == '.' && is_digit(version[7]);
  if (!well_formed) return fail(400, "the version is no HTTP version");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return fail(505, "this server speaks HTTP/1.1 and HTTP/1.0");
  // Any bytes may follow a CONNECT, so they are not read.
  if (method == "CONNECT") return fail(501, "this is no proxy");
  request_.method = method_of(method);
  request_.minor_version = version == "HTTP/1.1" ? 1 : 0;
  state_ = State::kFields;
  take_whole_target(target, request_.method == Method::kOptions);
}

void RequestParser::take_whole_target(std::string_view target, bool options) {
  if (target == "*" && options) {
    request_.target = target;
    return;
  }
  std::string origin;
  const std::size_t scheme = target.find("://");
  if (!target.starts_with('/') && scheme != std::string_view::npos) {
    const bool known = same_word(target.substr(0, scheme), "http") || same_word(target.substr(0, scheme), "https");
    const std::string_view rest = target.substr(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (!known || authority.empty() || !is_host(authority)) return fail(400, "the target is no URL of http");
    absolute_ = true;
    authority_ = authority;
    const std::string_view path = rest.substr(authority.size());
    origin = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
    target = origin;
  }
  if (!is_uri_text(target)) return fail(400, "the target holds a character that must be escaped with %");
  if (!take_target(target, request_)) fail(400, "the target is no path with a query");
}

void RequestParser::take_field(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return fail(400, "a field may not continue on a second line");
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || !is_token(name)) {
    return fail(400, "a field is: a name, a colon right behind it, and a value");
  }
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_field_value(value)) return fail(400, "the value of a field holds a control character");
  if (++fields_ > kFieldsMax) {
    return fail(431, "the header has more than " + std::to_string(kFieldsMax) + " fields");
  }
  if (state_ == State::kTrailers) return;  // trailers are checked and ignored
  auto& [lower, text] = request_.headers.emplace_back(lower_case(name), std::string(value));
  if (lower == "host") return take_host(text);
  if (lower == "connection") return take_connection(text);
  if (lower == "content-length") return take_content_length(text);
  if (lower == "expect") return take_expectation(text);
  if (lower == "transfer-encoding") {
    if (std::exchange(has_transfer_coding_, true)) transfer_coding_ += ',';
    transfer_coding_ += text;
  }
}

void RequestParser::take_host(std::string& value) {
  if (std::exchange(has_host_, true)) return fail(400, "there is more than one Host");
  if (!is_host(value)) return fail(400, "the Host is no host with a port");
  if (absolute_) value = authority_;
}

void RequestParser::take_connection(std::string_view value) {
  while (const auto option = next_element(value)) {
    if (same_word(*option, "close")) says_close_ = true;
    if (same_word(*option, "keep-alive")) says_keep_alive_ = true;
  }
}

void RequestParser::take_content_length(std::string_view value) {
  // An intermediary may join repeated fields into a list of equal lengths.
  std::size_t begin = 0;
  do {
    const std::size_t end = std::min(value.find(',', begin), value.size());
    const auto length = decimal(trimmed(value.substr(begin, end - begin)));
    if (!length) return fail(400, "the Content-Length is no number");
    if (content_length_ && *content_length_ != *length) return fail(400, "there are two different Content-Lengths");
    content_length_ = length;
    begin = end + 1;
  } while (begin <= value.size());
}

void RequestParser::take_expectation(std::string_view value) {
  if (request_.minor_version == 0) return;
  if (!same_word(value, "100-continue")) return fail(417, "only 100-continue can be expected");
  waits_for_continue_ = true;
}

void RequestParser::end_head() {
  if (!has_host_ && request_.minor_version == 1) return fail(400, "there is no Host");
  if (!has_host_ && absolute_) request_.headers.emplace_back("host", authority_);
  request_.keep_alive = !says_close_ && (request_.minor_version == 1 || says_keep_alive_);
  if (has_transfer_coding_) return take_transfer_coding();
  data_left_ = content_length_.value_or(0);
  if (data_left_ > limits_.body_bytes_max) return fail_too_large();
  // The announced length is not trusted: a large body gets its memory as it comes.
  request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(data_left_, kReservedBytesMax)));
  state_ = data_left_ == 0 ? State::kDone : State::kBody;
}

// RFC 9112, 6.1 and 6.3: the end of the body must be certain. Otherwise an intermediary may see other requests than
// this node does (request smuggling).
void RequestParser::take_transfer_coding() {
  if (request_.minor_version == 0) return fail(400, "HTTP/1.0 has no Transfer-Encoding");
  if (content_length_) return fail(400, "there are both a Transfer-Encoding and a Content-Length");
  std::string_view list = transfer_coding_;
  bool others = false, chunked = false, twice = false;
  while (const auto coding = next_element(list)) {
    twice = twice || (chunked && same_word(*coding, "chunked"));
    others = others || !same_word(*coding, "chunked");
    chunked = same_word(*coding, "chunked");
  }
  if (!chunked || twice) return fail(400, "the last Transfer-Encoding, and only that, must be chunked");
  if (others) return fail(501, "chunked is the only Transfer-Encoding that is known here");
  state_ = State::kChunkSize;
}

std::size_t RequestParser::put_data(std::string_view bytes) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), data_left_));
  std::string& body = request_.body;
  // After the first bytes, it reserves room for the whole body: nothing is moved later, and the system provides memory
  // only as it is written.
  if (content_length_ && body.size() + count > body.capacity()) {
    body.reserve(body.size() + static_cast<std::size_t>(data_left_));
  }
  body.append(bytes.data(), count);
  data_left_ -= count;
  if (data_left_ == 0) state_ = state_ == State::kBody ? State::kDone : State::kChunkEnd;
  return count;
}

void RequestParser::take_chunk_size(std::string_view line) {
  const auto size = chunk_size(line);
  if (!size) return fail(400, "a chunk does not begin with its size");
  if (*size > limits_.body_bytes_max - request_.body.size()) return fail_too_large();
  counted_ -= static_cast<std::size_t>(std::min<std::uint64_t>(line.size() + 2, *size));
  data_left_ = *size;
  state_ = *size == 0 ? State::kTrailers : State::kChunkData;
}

std::size_t RequestParser::put_chunk_end(std::string_view bytes) {
  if (bytes.front() != "\r\n"[chunk_end_]) {
    fail(400, "a chunk is longer than it says");
  } else if (++chunk_end_ == 2) {
    chunk_end_ = 0;
    state_ = State::kChunkSize;
  }
  return 1;
}

}  // namespace dkv::http
