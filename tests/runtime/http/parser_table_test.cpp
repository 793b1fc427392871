// Malformed and unusual requests with the status that RFC 9110 and RFC 9112 ask for, each whole and cut at every byte.
#include <set>

#include "tests/catch.h"
#include "tests/runtime/http/parser_feed.h"

namespace dkv::http {
namespace {

constexpr int kTaken = 0;   // each row's requests come out, with no complaint
constexpr int kWaits = -1;  // not whole, and nothing wrong so far
const std::string kGood = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

struct Row {
  std::string bytes;
  int status = 400;
  std::size_t requests = 1;  // that come out, where the status is kTaken
};

void play(const Row& row) {
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

void play_all(const std::vector<Row>& rows) {
  std::set<std::string> seen;
  for (const Row& row : rows) {
    INFO(row.bytes);
    REQUIRE(seen.insert(row.bytes).second);
    play(row);
  }
}

std::string line(const std::string& request_line) {
  return request_line + "\r\nHost: x\r\n\r\n";
}
std::string fields(const std::string& lines) {
  return "PUT /k HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n\r\n";
}
std::string coded(const std::string& coding) {
  return fields("Transfer-Encoding: " + coding) + "0\r\n\r\n";
}
std::string sized(const std::string& length, const std::string& body = {}) {
  return fields("Content-Length:" + length) + body;
}
std::string chunks(const std::string& bytes) {
  return fields("Transfer-Encoding: chunked") + bytes;
}
std::string host(const std::string& value) {
  return "GET / HTTP/1.1\r\nHost:" + value + "\r\n\r\n";
}

}  // namespace

TEST_CASE("request lines") {
  play_all({
      {line("GET / HTTP/1.1"), kTaken},
      {line("GET /a/b?c=d&e HTTP/1.1"), kTaken},
      {line("GET /a%2Fb HTTP/1.1"), kTaken},
      {line("GET //// HTTP/1.1"), kTaken},
      {line("GET /? HTTP/1.1"), kTaken},
      {line("GET /a?b?c HTTP/1.1"), kTaken},
      {line("GET /~-._!$&'()*+,;=:@ HTTP/1.1"), kTaken},
      {line("get / HTTP/1.1"), kTaken},  // another method; not one of this store
      {line("BREW /pot HTTP/1.1"), kTaken},
      {line("M-SEARCH / HTTP/1.1"), kTaken},
      {line("!#$%&'*+-.^_`|~ / HTTP/1.1"), kTaken},
      {line("OPTIONS * HTTP/1.1"), kTaken},
      {line("OPTIONS / HTTP/1.1"), kTaken},
      {line("GET http://x/a HTTP/1.1"), kTaken},
      {line("GET http://x HTTP/1.1"), kTaken},
      {line("GET http://x?a=b HTTP/1.1"), kTaken},
      {line("GET hTTp://x:80/ HTTP/1.1"), kTaken},
      {line("GET https://x/ HTTP/1.1"), kTaken},
      {line("GET http://[::1]:8098/ HTTP/1.1"), kTaken},
      {line("OPTIONS http://x HTTP/1.1"), kTaken},
      {line("TRACE / HTTP/1.1"), kTaken},
      {"GET / HTTP/1.0\r\n\r\n", kTaken},
      {"GET / HTTP/1.0\r\nHost: x\r\n\r\n", kTaken},
      {"\r\n" + kGood, kTaken},
      {"\r\n\r\n\r\n" + kGood, kTaken},
      {kGood + "\r\n" + kGood + kGood, kTaken, 3},
      {"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" + kGood},
      {"\n" + kGood},
      {"\r" + kGood},
      {" " + kGood},
      {"\t" + kGood},
      {line("GET * HTTP/1.1")},
      {line("OPTIONS ** HTTP/1.1")},
      {line("GET a HTTP/1.1")},
      {line("GET ?a HTTP/1.1")},
      {line("GET http:/x HTTP/1.1")},
      {line("GET http:// HTTP/1.1")},
      {line("GET http:///a HTTP/1.1")},
      {line("GET http://u@x/ HTTP/1.1")},
      {line("GET http://x:y/ HTTP/1.1")},
      {line("GET ftp://x/ HTTP/1.1")},
      {line("GET ://x/ HTTP/1.1")},
      {line("GET x:80 HTTP/1.1")},
      {line("CONNECT x:80 HTTP/1.1"), 501},
      {line("CONNECT / HTTP/1.1"), 501},
      {line("GET  HTTP/1.1")},
      {line("GET HTTP/1.1")},
      {line("GET")},
      {line("GET /")},
      {line("GET / ")},
      {line("GET  / HTTP/1.1")},
      {line("GET /  HTTP/1.1")},
      {line("GET / HTTP/1.1 ")},
      {line("GET\t/ HTTP/1.1")},
      {line("GET /\tHTTP/1.1")},
      {line("GET /a b HTTP/1.1")},
      {line("GET /#part HTTP/1.1")},
      {line("GET /a\"b HTTP/1.1")},
      {line("GET /a<b> HTTP/1.1")},
      {line("GET /a\\b HTTP/1.1")},
      {line("GET /a^b HTTP/1.1")},
      {line("GET /a`b HTTP/1.1")},
      {line("GET /a{b} HTTP/1.1")},
      {line("GET /a|b HTTP/1.1")},
      {line("GET /\xc3\xa9 HTTP/1.1")},
      {line("GET /\x7f HTTP/1.1")},
      {line("GET /\x01 HTTP/1.1")},
      {line(std::string("GET /\0 HTTP/1.1", 15))},
      {line("GET /\r HTTP/1.1")},
      {line("GET /% HTTP/1.1")},
      {line("GET /%4 HTTP/1.1")},
      {line("GET /%zz HTTP/1.1")},
      {line("GET /?a=%g1 HTTP/1.1")},
      {line("G(T / HTTP/1.1")},
      {line("G,T / HTTP/1.1")},
      {line("G\xc3\xa9T / HTTP/1.1")},
      {line("\"GET\" / HTTP/1.1")},
      {line(": / HTTP/1.1")},
      {line("GET / HTTP/2.0"), 505},
      {line("GET / HTTP/1.2"), 505},
      {line("GET / HTTP/0.9"), 505},
      {line("GET / HTTP/9.9"), 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {line("GET / HTTP/1")},
      {line("GET / HTTP/1.")},
      {line("GET / HTTP/.1")},
      {line("GET / HTTP/11.1")},
      {line("GET / HTTP/1.10")},
      {line("GET / HTTP/01.1")},
      {line("GET / HTTP/1,1")},
      {line("GET / HTTP/+1.1")},
      {line("GET / HTTP/1.x")},
      {line("GET / http/1.1")},
      {line("GET / HTP/1.1")},
      {line("GET / HTTPS/1.1")},
      {line("GET / HTTP/ 1.1")},
      {line("GET / ICAP/1.0")},
      {"GET / HTTP/1.1\nHost: x\n\n"},
      {"GET / HTTP/1.1\r\r\nHost: x\r\n\r\n"},
      {"GET / HTTP/1.1\rHost: x\r\n\r\n"},
      {"\x16\x03\x01\x02"},
      {"hello\r\n\r\n"},
      {std::string("\0", 1)},
      {"\x80\x2e\x01"},
      {"<policy-file-request/>"},
      {"{\"json\": 1}"},
      {"G", kWaits},
      {"GET / HTTP/1.1\r\nHost: x\r\n\r", kWaits},
      {"\r\n\r\n", kWaits},
      {"GET /" + std::string(40'000, 'a'), 414},
  });
}

TEST_CASE("fields") {
  play_all({
      {fields("A: b"), kTaken},
      {fields("A:"), kTaken},
      {fields("A:b"), kTaken},
      {fields("A: \t b \t "), kTaken},
      {fields("A: b\tc d"), kTaken},
      {fields("A: \xc3\xa9\xff"), kTaken},
      {fields("A: b\r\nA: c"), kTaken},
      {fields("!#$%&'*+-.^_`|~09azAZ: b"), kTaken},
      {fields("A: :b"), kTaken},
      {fields("A: \"unbalanced"), kTaken},
      {fields("Upgrade: websocket\r\nConnection: upgrade"), kTaken},
      {fields("Connection: ,,,"), kTaken},
      {fields("TE: trailers"), kTaken},
      {fields("Content-Length-: 9"), kTaken},
      {fields("A : b")},
      {fields("A\t: b")},
      {fields(" A: b")},
      {fields("\tA: b")},
      {fields("A: b\r\n c")},
      {fields("A: b\r\n\tc")},
      {"GET / HTTP/1.1\r\n Host: x\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: x\r\n \r\n\r\n"},
      {fields(": b")},
      {fields(":")},
      {fields("A")},
      {fields("A b: c")},
      {fields("A b")},
      {fields("A(: b")},
      {fields("A,: b")},
      {fields("A/: b")},
      {fields("A;: b")},
      {fields("A=: b")},
      {fields("A?: b")},
      {fields("A@: b")},
      {fields("[A]: b")},
      {fields("{A}: b")},
      {fields("\"A\": b")},
      {fields("A\\: b")},
      {fields("\xc3\xa9: b")},
      {fields("A\x01: b")},
      {fields("A\x7f: b")},
      {fields(std::string("A\0: b", 5))},
      {fields("A: b\x01")},
      {fields("A: b\x7f")},
      {fields("A: b\x0b")},
      {fields("A: b\x1b[1m")},
      {fields(std::string("A: b\0c", 6))},
      {fields("A: b\rc")},
      {fields("A: b\rX-Forged: c")},
      {fields("A: b\nX-Forged: c")},
      {fields("A: b\n")},
      {"GET / HTTP/1.1\r\nHost: x\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: x\r\n\n"},
      {fields("A: " + std::string(33'000, 'b')), 431},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: b", kWaits},
  });
}

TEST_CASE("Host") {
  play_all({
      {host(" x"), kTaken},
      {host("x"), kTaken},
      {host(""), kTaken},
      {host(" x:8098"), kTaken},
      {host(" x:"), kTaken},
      {host(" 127.0.0.1:1"), kTaken},
      {host(" [::1]"), kTaken},
      {host(" [2001:db8::1]:80"), kTaken},
      {host(" a-b.c_d~e"), kTaken},
      {host(" a%20b"), kTaken},
      {host(" X.Y"), kTaken},
      {"GET / HTTP/1.1\r\nhOST: x\r\n\r\n", kTaken},
      {"GET / HTTP/1.1\r\n\r\n"},
      {"GET http://x/ HTTP/1.1\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
      {"GET / HTTP/1.0\r\nHost: x\r\nhost: x\r\n\r\n"},
      {"GET / HTTP/1.0\r\nHost: a b\r\n\r\n"},
      {"GET http://x/ HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {host(" a b")},
      {host(" x, y")},
      {host(" x/y")},
      {host(" http://x")},
      {host(" u@x")},
      {host(" x:y")},
      {host(" x:80:80")},
      {host(" :80")},
      {host(" x:-1")},
      {host(" x?")},
      {host(" x#")},
      {host(" \"x\"")},
      {host(" <x>")},
      {host(" x\\y")},
      {host(" {x}")},
      {host(" \xc3\xa9")},
      {host(" x%")},
      {host(" x%2")},
      {host(" x%zz")},
      {host(" [::1")},
      {host(" ::1")},
      {host(" []")},
      {host(" [x]")},
      {host(" [::1]80")},
      {host(" [::1]:x")},
      {host(" [1:2:3:4:5:6:7:8:9]")},
      {host(" [127.0.0.1]")},
      {host(" x]")},
  });
}

TEST_CASE("Content-Length") {
  play_all({
      {sized("0"), kTaken},
      {sized(" 3", "abc"), kTaken},
      {sized(" 003 ", "abc"), kTaken},
      {sized("3, 3", "abc"), kTaken},
      {sized("3,03", "abc"), kTaken},
      {sized("3\r\nContent-Length: 3", "abc"), kTaken},
      {sized("0\r\ncontent-length: 0"), kTaken},
      {sized("3", "abc" + kGood), kTaken, 2},
      {sized("3", "\r\n\r"), kTaken},
      {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab", kTaken},
      {"PUT / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab", kTaken},
      {sized("3", "ab"), kWaits},
      {sized("")},
      {sized(" ")},
      {sized("+3", "abc")},
      {sized("-3", "abc")},
      {sized("-0")},
      {sized("0x3", "abc")},
      {sized("3.0", "abc")},
      {sized("3e0", "abc")},
      {sized("3 3", "abc")},
      {sized("3;", "abc")},
      {sized("\"3\"", "abc")},
      {sized("three")},
      {sized("3,", "abc")},
      {sized(",3", "abc")},
      {sized("3,,3", "abc")},
      {sized("3, 4", "abc")},
      {sized("4, 3", "abc")},
      {sized("3\r\nContent-Length: 4", "abc")},
      {sized("3\r\nContent-Length: ", "abc")},
      {sized("0\r\nContent-Length: 5", "abcde")},
      {sized("\xd9\xa3", "abc")},
      {sized("16777217"), 413},
      {sized("9223372036854775808"), 413},
      {sized("18446744073709551615"), 413},
      {sized("18446744073709551619"), 413},
      {sized("99999999999999999999999"), 413},
  });
}

TEST_CASE("Transfer-Encoding") {
  play_all({
      {coded("chunked"), kTaken},
      {coded("Chunked"), kTaken},
      {coded("CHUNKED"), kTaken},
      {coded(" \tchunked "), kTaken},
      {coded(", chunked,"), kTaken},
      {coded("chunked") + kGood, kTaken, 2},
      {coded("xchunked")},
      {coded("chunkedx")},
      {coded("chunked;q=1")},
      {coded("chunked foo")},
      {coded("chunke d")},
      {coded("\"chunked\"")},
      {coded("'chunked'")},
      {coded("\x0b"
             "chunked")},
      {coded("identity")},
      {coded("gzip")},
      {coded("")},
      {coded(",")},
      {coded("chunked, identity")},
      {coded("chunked, gzip")},
      {coded("chunked, chunked")},
      {coded("chunked\r\nTransfer-Encoding: chunked")},
      {coded("chunked\r\nTransfer-Encoding: identity")},
      {coded("chunked\r\nTransfer-Encoding: x")},
      {coded("gzip, chunked"), 501},
      {coded("identity, chunked"), 501},
      {coded("identity\r\nTransfer-Encoding: chunked"), 501},
      {coded("x\r\nTransfer-Encoding: chunked"), 501},
      {fields("Transfer-Encoding : chunked")},
      {fields("Transfer-Encoding: chunked\r\nContent-Length: 5") + "0\r\n\r\n"},
      {fields("Content-Length: 5\r\nTransfer-Encoding: chunked") + "0\r\n\r\n"},
      {fields("Content-Length: 0\r\nTransfer-Encoding: chunked") + "0\r\n\r\n"},
      {fields("Content-Length: 0\r\nTransfer-Encoding: xchunked")},
      {"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"PUT / HTTP/1.0\r\nTransfer-Encoding: identity\r\n\r\n"},
      {"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello"},
  });
}

TEST_CASE("chunks and trailers") {
  play_all({
      {chunks("3\r\nabc\r\n0\r\n\r\n"), kTaken},
      {chunks("a\r\n0123456789\r\n0\r\n\r\n"), kTaken},
      {chunks("A\r\n0123456789\r\n0\r\n\r\n"), kTaken},
      {chunks("0003\r\nabc\r\n00\r\n\r\n"), kTaken},
      {chunks("2\r\n\r\n\r\n0\r\n\r\n"), kTaken},
      {chunks("1\r\na\r\n1\r\nb\r\n0\r\n\r\n" + kGood), kTaken, 2},
      {chunks("3;a\r\nabc\r\n0\r\n\r\n"), kTaken},
      {chunks("3;a=b;c=d\r\nabc\r\n0;x\r\n\r\n"), kTaken},
      {chunks("3 ; a = b\r\nabc\r\n0\r\n\r\n"), kTaken},
      {chunks("3;a=\"b;\\\"c\"\r\nabc\r\n0\r\n\r\n"), kTaken},
      {chunks("3;a=\"\"\r\nabc\r\n0\r\n\r\n"), kTaken},
      {chunks("0\r\nA: b\r\nC:\r\n\r\n"), kTaken},
      {chunks("0\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\nHost: y\r\n\r\n" + kGood), kTaken, 2},
      {chunks("0\r\n"), kWaits},
      {chunks("0\r\n\r"), kWaits},
      {chunks("3\r\nabc\r\n0\r\nA: b\r\n"), kWaits},
      {chunks("\r\n")},
      {chunks(" 3\r\nabc\r\n0\r\n\r\n")},
      {chunks("3 \r\nabc\r\n0\r\n\r\n")},
      {chunks("+3\r\nabc\r\n0\r\n\r\n")},
      {chunks("-3\r\nabc\r\n0\r\n\r\n")},
      {chunks("0x3\r\nabc\r\n0\r\n\r\n")},
      {chunks("3h\r\nabc\r\n0\r\n\r\n")},
      {chunks("g\r\nabc\r\n0\r\n\r\n")},
      {chunks("3.0\r\nabc\r\n0\r\n\r\n")},
      {chunks("3,3\r\nabc\r\n0\r\n\r\n")},
      {chunks("3\nabc\r\n0\r\n\r\n")},
      {chunks("3\r\nabc\n0\r\n\r\n")},
      {chunks("3\r\nabcd\r\n0\r\n\r\n")},
      {chunks("3\r\nabc0\r\n\r\n")},
      {chunks("3\r\nabc\r0\r\n\r\n")},
      {chunks("3\r\nabc\r\n\r\n")},
      {chunks("3;\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;;a\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;=b\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a=\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a b\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a=b c\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a=\"b\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a=\"b\\\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a=\"b\"c\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a=\"\x01\"\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a\rb\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;a\nb\r\nabc\r\n0\r\n\r\n")},
      {chunks("3;\xc3\xa9\r\nabc\r\n0\r\n\r\n")},
      {chunks("3 a\r\nabc\r\n0\r\n\r\n")},
      {chunks("0\r\nA\r\n\r\n")},
      {chunks("0\r\nA : b\r\n\r\n")},
      {chunks("0\r\n A: b\r\n\r\n")},
      {chunks("0\r\nA: b\r\n c\r\n\r\n")},
      {chunks("0\r\nA: \x01\r\n\r\n")},
      {chunks("0\r\nA: b\n\r\n")},
      {chunks("0\r\n\n")},
      {chunks("1000001\r\n"), 413},
      {chunks("ffffffffffffffff\r\n"), 413},
      {chunks("fffffffffffffffff\r\n"), 413},
      {chunks("10000000000000003\r\nabc\r\n0\r\n\r\n"), 413},
      {chunks("1\r\na\r\nffffffffffffffff\r\n"), 413},
      {chunks(std::string(33'000, '0')), 431},
      {chunks("0\r\nA: " + std::string(33'000, 'b')), 431},
      {chunks("1;a=" + std::string(33'000, 'b')), 431},
  });
}

TEST_CASE("Expect") {
  play_all({
      {fields("Expect: 100-continue"), kTaken},
      {fields("Expect: 100-Continue\r\nContent-Length: 1") + "a", kTaken},
      {fields("Expect: more"), 417},
      {fields("Expect: 100-continue, more"), 417},
      {"PUT / HTTP/1.0\r\nExpect: more\r\n\r\n", kTaken},
  });
}

TEST_CASE("every byte that is no part of a word is refused in a method and in a field's name") {
  std::vector<Row> rows;
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    if (c == ':') continue;  // ends a name
    rows.push_back({fields(std::string("A") + c + "B: v"), word ? kTaken : 400});
    if (c != ' ') rows.push_back({line(std::string("G") + c + "T / HTTP/1.1"), word ? kTaken : 400});
  }
  play_all(rows);
}

}  // namespace dkv::http
