#include <set>
#include <string_view>

#include "engine/runtime/http/parser.h"
#include "tests/catch.h"
#include "tests/runtime/http/parser_feed.h"
#include "tests/runtime/http/rows.h"

namespace dkv::http {
namespace {

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

}  // namespace

TEST_CASE("each row gives the specified result, whole and cut at every byte") {
  std::set<std::string> seen;
  for (const Row& row : all_rows()) {
    INFO(row.bytes);
    REQUIRE(seen.insert(row.bytes).second);
    play(row);
  }
  CHECK(seen.size() >= 300);
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
  for (const Row& row : rows) play(row);
}

}  // namespace dkv::http
