#include "engine/runtime/http/host.h"

#include "tests/catch.h"

namespace dkv::http {

TEST_CASE("loopback goes by its own names, with any port") {
  for (const char* good : {"localhost", "LocalHost:8098", "localhost.", "127.0.0.1", "127.0.0.1:1", "127.255.0.9:65535",
                           "[::1]", "[::1]:8098", "[0:0:0:0:0:0:0:1]:80", "localhost:"}) {
    CAPTURE(good);
    CHECK(names_loopback(good));
  }
  for (const char* bad : {"",
                          "x",
                          "evil.example",
                          "evil.example:8098",
                          "localhost.evil.example",
                          "127.0.0.1.evil.example",
                          "127.evil.example",
                          "127.1",
                          "128.0.0.1",
                          "0.0.0.0",
                          "10.0.0.1:8098",
                          "[::2]",
                          "[::]",
                          "::1",
                          "localhost:80:80",
                          "localhost:x",
                          "localhost, localhost",
                          "user@localhost",
                          "2130706433",
                          "notlocalhost",
                          "localhost/"}) {
    CAPTURE(bad);
    CHECK_FALSE(names_loopback(bad));
  }
}

TEST_CASE("a node on loopback takes loopback's names, its own and the listed ones, and no other") {
  const HostPolicy policy{.loopback = true, .own = "Desk.lan", .names = {"store.example"}};
  for (const char* good :
       {"localhost:8098", "127.0.0.1", "[::1]:8098", "desk.lan:8098", "STORE.example:443", "store.example."}) {
    CAPTURE(good);
    CHECK(host_is_good(policy, good));
  }
  for (const char* bad : {"evil.example:8098", "10.0.0.1", "a.store.example", "store.example.evil", ""}) {
    CAPTURE(bad);
    CHECK_FALSE(host_is_good(policy, bad));
  }
  CHECK_FALSE(host_is_good(policy, std::nullopt));
}

TEST_CASE("beyond loopback any host is good until some are listed") {
  CHECK(host_is_good({}, "anything.example"));
  CHECK(host_is_good({}, std::nullopt));
  const HostPolicy listed{.loopback = false, .own = "10.0.0.1", .names = {"store.example"}};
  CHECK(host_is_good(listed, "store.example:8098"));
  CHECK(host_is_good(listed, "10.0.0.1:8098"));
  for (const char* bad : {"evil.example", "localhost", "127.0.0.1", "10.0.0.2"}) {
    CAPTURE(bad);
    CHECK_FALSE(host_is_good(listed, bad));
  }
}

TEST_CASE("an address that means every interface is no node's name") {
  CHECK_FALSE(host_is_good({.loopback = false, .own = "0.0.0.0", .names = {"a"}}, "0.0.0.0:8098"));
  CHECK_FALSE(host_is_good({.loopback = false, .own = "::", .names = {"a"}}, "[::]:8098"));
  CHECK(host_is_good({.loopback = false, .own = "fe80::1", .names = {"a"}}, "[FE80::1]:8098"));
}

TEST_CASE("a host is listed by a name or an address, without a port") {
  CHECK(read_host_name("Store.Example.") == "store.example");
  CHECK(read_host_name("[::1]") == "::1");
  CHECK(read_host_name("10.0.0.1") == "10.0.0.1");
  for (const char* bad : {"", "a:80", "http://a", "a/b", "*.a", "*", "a b", "::1"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_host_name(bad));
  }
}

}  // namespace dkv::http
