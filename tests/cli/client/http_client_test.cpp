#include "cli/client/http_client.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <thread>
#include <vector>

#include "engine/runtime/disk/descriptor.h"
#include "tests/catch.h"

using namespace dkv;
using namespace dkv::cli;
using Catch::Matchers::Contains;

namespace {

// A scripted server. For each connection it has a list of answers to the requests in order; then it closes the
// connection.
class ScriptedServer {
 public:
  using Script = std::vector<std::vector<std::string>>;
  explicit ScriptedServer(Script script) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_.get(), 8) == 0);
    REQUIRE(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    address_ = {"127.0.0.1", ntohs(address.sin_port)};
    thread_ = std::thread([this, script = std::move(script)] { serve(script); });
  }
  ~ScriptedServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);  // wakes the server when a failed test sent no request
    join();
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  const Address& address() const { return address_; }
  // All bytes that clients sent. Call it after join().
  const std::string& heard() const { return heard_; }

 private:
  void serve(const Script& script) {
    for (const auto& answers : script) {
      const Descriptor client(::accept(listener_.get(), nullptr, nullptr));
      for (const std::string& answer : answers) {
        std::string request;
        char piece[4096];
        while (request.find("\r\n\r\n") == std::string::npos) {
          const ssize_t got = ::recv(client.get(), piece, sizeof piece, 0);
          if (got <= 0) break;
          request.append(piece, static_cast<std::size_t>(got));
        }
        heard_ += request;
        if (!answer.empty()) ::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
      }
      // Without an answer, waits until the client has closed the connection, too.
      if (!answers.empty() && answers.back().empty()) {
        char byte;
        while (::recv(client.get(), &byte, 1, 0) > 0) continue;
      }
    }
  }

  Descriptor listener_;
  Address address_;
  std::string heard_;
  std::thread thread_;
};

const std::string kFine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Word: yes\r\n\r\nbody";
constexpr TimeNs kLong = 20 * kSecond;

}  // namespace

TEST_CASE("one connection serves several requests") {
  ScriptedServer server({{kFine, kFine}});
  HttpClient client(server.address(), kLong);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.ask({.method = "PUT", .target = "/a", .headers = {{"X-Mine", "1"}}, .body = "abc"});
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "body");
    REQUIRE(answer->header("x-wORD"));
    CHECK(*answer->header("x-wORD") == "yes");
    CHECK(answer->header("x-other") == nullptr);
  }
  server.join();
  CHECK_THAT(server.heard(), Contains("PUT /a HTTP/1.1\r\n") && Contains("X-Mine: 1\r\n") &&
                                 Contains("Content-Length: 3\r\n") && Contains("Host: " + to_string(server.address())));
}

TEST_CASE("a connection that the server has closed is opened again") {
  ScriptedServer server({{kFine}, {kFine}});
  HttpClient client(server.address(), kLong);
  CHECK(client.get("/"));
  CHECK(client.get("/"));
}

TEST_CASE("a HEAD has no body to wait for") {
  ScriptedServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"}});
  HttpClient client(server.address(), kLong);
  const auto answer = client.ask({.method = "HEAD", .target = "/", .headers = {}, .body = {}});
  REQUIRE(answer);
  CHECK(answer->body.empty());
}

TEST_CASE("a port without a listener gets no request, and the message says what to do") {
  HttpClient client({"127.0.0.1", 1}, kLong);
  const auto answer = client.get("/");
  REQUIRE_FALSE(answer);
  CHECK_FALSE(answer.error().sent);
  CHECK(answer.error().what ==
        "no server listens at 127.0.0.1:1: is a node running? (distri-kv serve, or distri-kv cluster start)");
}

TEST_CASE("a server that does not answer in time is given up, and the request may have been done") {
  ScriptedServer server({{""}});
  HttpClient client(server.address(), 50 * kMillisecond);
  const auto answer = client.ask({.method = "PUT", .target = "/", .headers = {}, .body = "x"});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().sent);
  CHECK_THAT(answer.error().what, Contains("did not answer within 50ms"));
}

TEST_CASE("an answer that is no HTTP or ends too early is reported as such") {
  ScriptedServer garbage({{"SSH-2.0-OpenSSH_9.2\r\n\r\n"}});
  const auto strange = HttpClient(garbage.address(), kLong).get("/");
  REQUIRE_FALSE(strange);
  CHECK_THAT(strange.error().what, Contains("does not speak HTTP as expected"));
  ScriptedServer half({{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"}});
  const auto broken = HttpClient(half.address(), kLong).get("/");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().sent);
  CHECK_THAT(broken.error().what, Contains("broke before the answer"));
}

TEST_CASE("a piece of an address keeps its letters and hides everything else") {
  CHECK(url_escaped("aZ09-._~") == "aZ09-._~");
  CHECK(url_escaped("a/b c?d&e=%\xff") == "a%2Fb%20c%3Fd%26e%3D%25%FF");
}
