#include "cli/client/http_client.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>

#include "engine/core/assert.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t kHeaderBytesMax = 1u << 20;

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

// One connection, and the event loop that runs while a request waits.
struct HttpClient::Wire {
  asio::io_context context{1};
  std::optional<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
  error_code error;

  // Runs the operation that `begin` starts. Its handler receives the error.
  template <typename Begin>
  bool wait(Begin&& begin) {
    error = asio::error::would_block;
    begin([this](const error_code& ended, const auto&...) { error = ended; });
    context.restart();
    context.run();
    return !error;
  }

  void close() {
    stream.reset();
    buffer.clear();
  }

  // False when the server has closed the idle connection.
  bool usable() {
    if (!stream) return false;
    char byte = 0;
    const ssize_t got = ::recv(stream->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  bool connect(const Address& server, std::chrono::steady_clock::time_point deadline) {
    close();
    tcp::resolver resolver(context);
    const auto found =
        resolver.resolve(server.host, std::to_string(server.port), tcp::resolver::numeric_service, error);
    if (error) return false;
    stream.emplace(context);
    stream->expires_at(deadline);
    if (!wait([&](auto done) { stream->async_connect(found, std::move(done)); })) return false;
    stream->socket().set_option(tcp::no_delay(true), error);
    return true;
  }

  bool exchange(const beast_http::request<beast_http::string_body>& request,
                beast_http::response_parser<beast_http::string_body>& parser,
                std::chrono::steady_clock::time_point deadline) {
    stream->expires_at(deadline);
    return wait([&](auto done) { beast_http::async_write(*stream, request, std::move(done)); }) &&
           wait([&](auto done) { beast_http::async_read(*stream, buffer, parser, std::move(done)); });
  }
};

HttpClient::HttpClient(Address server, TimeNs timeout_ns)
    : server_(std::move(server)), timeout_ns_(timeout_ns), wire_(std::make_unique<Wire>()) {
  DKV_ASSERT(timeout_ns > 0);
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

namespace {

HttpFailure explain(const Address& server, const error_code& error, bool sent, TimeNs timeout_ns) {
  const std::string where = to_string(server);
  if (error == asio::error::connection_refused) {
    return {sent,
            "no server listens at " + where + ": is a node running? (distri-kv serve, or distri-kv cluster start)"};
  }
  if (error == beast::error::timeout) {
    return {sent, where + (sent ? " did not answer within " : " did not accept a connection within ") +
                      duration_text(timeout_ns)};
  }
  if (!sent) return {sent, "can't reach " + where + ": " + error.message()};
  if (error.category() == beast_http::make_error_code(beast_http::error::bad_version).category() &&
      error != beast_http::error::end_of_stream && error != beast_http::error::partial_message) {
    return {sent, where + " does not speak HTTP as expected: " + error.message()};
  }
  return {sent, "the connection with " + where + " broke before the answer: " + error.message()};
}

HttpAnswer answer_of(beast_http::response<beast_http::string_body>&& response) {
  HttpAnswer answer;
  answer.status = static_cast<int>(response.result_int());
  for (const auto& field : response) {
    const auto name = field.name_string(), value = field.value();
    answer.headers.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  answer.body = std::move(response.body());
  return answer;
}

}  // namespace

tl::expected<HttpAnswer, HttpFailure> HttpClient::ask(const HttpRequest& asked) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout_ns_);
  beast_http::request<beast_http::string_body> request;
  request.method_string(asked.method);
  request.target(asked.target);
  request.set(beast_http::field::host, to_string(server_));
  for (const auto& [name, value] : asked.headers) request.set(name, value);
  request.body() = asked.body;
  request.prepare_payload();
  const bool repeatable = asked.method == "GET" || asked.method == "HEAD";
  for (bool kept = wire_->usable();; kept = false) {
    if (!kept && !wire_->connect(server_, deadline)) {
      const error_code error = wire_->error;
      wire_->close();
      return tl::unexpected(explain(server_, error, false, timeout_ns_));
    }
    beast_http::response_parser<beast_http::string_body> parser;
    parser.body_limit(kBodyBytesMax);
    parser.header_limit(kHeaderBytesMax);
    parser.skip(asked.method == "HEAD");
    if (wire_->exchange(request, parser, deadline)) {
      if (!parser.get().keep_alive()) wire_->close();
      return answer_of(parser.release());
    }
    const error_code error = wire_->error;
    wire_->close();
    if (kept && repeatable && error != beast::error::timeout) continue;
    return tl::unexpected(explain(server_, error, true, timeout_ns_));
  }
}

tl::expected<HttpAnswer, HttpFailure> HttpClient::get(std::string target) {
  return ask({.method = "GET", .target = std::move(target), .headers = {}, .body = {}});
}

const std::string* HttpAnswer::header(std::string_view name) const noexcept {
  const auto found = std::ranges::find_if(headers, [&](const auto& field) { return same_letters(field.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

std::string url_escaped(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
  }
  return out;
}

}  // namespace dkv::cli
