#include "engine/runtime/http/parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "engine/core/assert.h"

namespace dkv::http {

namespace beast = boost::beast::http;
using boost::system::error_code;
using View = boost::beast::string_view;

namespace {

Method method_of(beast::verb verb) {
  switch (verb) {
    case beast::verb::get: return Method::kGet;
    case beast::verb::head: return Method::kHead;
    case beast::verb::put: return Method::kPut;
    case beast::verb::post: return Method::kPost;
    case beast::verb::delete_: return Method::kDelete;
    case beast::verb::options: return Method::kOptions;
    default: return Method::kOther;
  }
}

bool same_word(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] - 'A' + 'a') : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

}  // namespace

class RequestParser::Impl final : public beast::basic_parser<true> {
 public:
  Request request;
  bool bad_target = false;
  bool waits_for_continue = false;

 private:
  void on_request_impl(beast::verb verb, View, View target, int, error_code&) override {
    request.method = method_of(verb);
    bad_target = !take_target({target.data(), target.size()}, request);
  }
  void on_response_impl(int, View, int, error_code&) override {}
  void on_field_impl(beast::field, View name, View value, error_code&) override {
    auto& [lower, text] = request.headers.emplace_back();
    lower.reserve(name.size());
    for (const char c : name) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    text.assign(value.data(), value.size());
    if (lower == "expect") waits_for_continue = same_word(text, "100-continue");
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& bytes, error_code&) override {
    // What is announced is not taken on trust: a large body gets its memory as it comes.
    if (bytes) request.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*bytes, 64u << 10)));
  }
  std::size_t on_body_impl(View body, error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
};

RequestParser::RequestParser(const ParserLimits& limits) : limits_(limits) {
  renew();
}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

void RequestParser::renew() {
  impl_ = std::make_unique<Impl>();
  impl_->eager(true);
  impl_->header_limit(limits_.header_bytes_max);
  impl_->body_limit(limits_.body_bytes_max);
  begun_ = false;
}

std::size_t RequestParser::put(std::string_view bytes) {
  if (failure_ || done() || bytes.empty()) return 0;
  begun_ = true;
  error_code error;
  const std::size_t taken = impl_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == beast::error::need_more) error = {};
  if (error == beast::error::header_limit) {
    failure_ = {431, "the header has more than " + std::to_string(limits_.header_bytes_max) + " bytes"};
  } else if (error == beast::error::body_limit) {
    failure_ = {413, "the body has more than " + std::to_string(limits_.body_bytes_max) + " bytes"};
  } else if (error == beast::error::bad_version) {
    failure_ = {505, "HTTP/1.1 and HTTP/1.0 are spoken here"};
  } else if (error) {
    failure_ = {400, "this is no HTTP request: " + error.message()};
  } else if (impl_->bad_target) {
    failure_ = {400, "the target is no path with a query"};
  }
  return taken;
}

bool RequestParser::done() const noexcept {
  return impl_->is_done();
}

Request RequestParser::take() {
  DKV_ASSERT(done());
  Request request = std::move(impl_->request);
  request.keep_alive = impl_->keep_alive();
  renew();
  return request;
}

bool RequestParser::wants_continue() {
  return impl_->is_header_done() && !impl_->is_done() && std::exchange(impl_->waits_for_continue, false);
}

}  // namespace dkv::http
