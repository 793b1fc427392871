#include "engine/gateway/json_reader.h"

#include <nlohmann/json.hpp>
#include <random>

#include "tests/catch.h"

using Catch::Matchers::Contains;

namespace dkv::http {
namespace {

bool is_json(std::string_view text, std::size_t piece) {
  JsonReader reader(JsonReader::Purpose::kCheck);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    if (!reader.add(text.substr(0, piece))) return false;
  }
  return reader.end();
}

Result<PlainPut> read_put(std::string_view text, std::size_t piece) {
  JsonReader reader(JsonReader::Purpose::kPlainPut);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    if (!reader.add(text.substr(0, piece))) return tl::unexpected(Error{"no JSON"});
  }
  if (!reader.end()) return tl::unexpected(Error{"no JSON"});
  return reader.take_put();
}

}  // namespace

TEST_CASE("text is JSON when another library says so, wherever it is cut") {
  const std::string texts[] = {"{}",
                               "[]",
                               " [1 , -2.5e+3,true,false , null] ",
                               R"({"a":{"b":["\u00e9\ud83d\ude00\n\"",""]}})",
                               "1",
                               "\"x\"",
                               "0",
                               "-0",
                               "1e5",
                               "123456789012345678901234567890",
                               "[1,]",
                               "{\"a\"}",
                               "{,}",
                               "[1 2]",
                               "01",
                               "+1",
                               "1.",
                               ".5",
                               "nul",
                               "truex",
                               "\"\x01\"",
                               "\"\\x\"",
                               "\"\\u12\"",
                               "\"\\ud800\"",
                               "\"\xff\"",
                               "\"\xc3\xa9\"",
                               "[1]]",
                               "{} {}",
                               "",
                               " ",
                               "// c",
                               "[NaN]",
                               "'a'",
                               "{a:1}",
                               "\"open",
                               "[[[",
                               "1e",
                               "-"};
  for (const std::string& text : texts) {
    INFO(text);
    const bool expected = nlohmann::json::accept(text);
    for (const std::size_t piece : {1, 2, 3, 100}) CHECK(is_json(text, piece) == expected);
  }
}

TEST_CASE("damaged JSON is judged as another library does, wherever it is cut") {
  std::mt19937 random(11);
  const std::string good = R"({"k": [1.5, "\u0041\n", {"z": null}, -3e2, true], "empty": {}, "l": [[], ""]})";
  for (int round = 0; round < 3000; ++round) {
    std::string text = good;
    for (std::uint32_t i = 0; i < 1 + random() % 2; ++i) {
      // Printable, so that most rounds damage the grammar and not the encoding.
      text[random() % text.size()] = static_cast<char>(' ' + random() % 95);
    }
    INFO(text);
    const bool expected = nlohmann::json::accept(text);
    REQUIRE(is_json(text, text.size()) == expected);
    REQUIRE(is_json(text, 1 + random() % 9) == expected);
    REQUIRE(is_json(text, 1) == expected);
  }
}

TEST_CASE("nesting has a limit") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(is_json(nested(kJsonDepthMax), 7));
  CHECK_FALSE(is_json(nested(kJsonDepthMax + 1), 7));
  CHECK_FALSE(is_json(std::string(1'000'000, '['), 65'536));
}

TEST_CASE("the value of a plain put is a string's text or JSON without spaces, wherever the body is cut") {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"value": "a\nb\u00e9\ud83d\ude00\\\""})", "a\nb\xc3\xa9\xf0\x9f\x98\x80\\\""},
      {R"({"value":""})", ""},
      {R"({"value": 1.50})", "1.50"},
      {R"({"value": 123456789012345678901234567890})", "123456789012345678901234567890"},
      {R"({"value":null})", "null"},
      {R"({ "value" : [ 1 , "x\ty" , { "a" : { } , "b" : [ ] , "\"c" : true } , -2e3 ] })",
       R"([1,"x\ty",{"a":{},"b":[],"\"c":true},-2e3])"},
      {R"({"value":{"value":{"value":1},"ttl":2}})", R"({"value":{"value":1},"ttl":2})"},
      {R"({"value":[[],[[]],{}]})", "[[],[[]],{}]"},
      {R"({"context":"abc","value":"x","ttl":"3s"})", "x"},
  };
  for (const auto& [body, value] : rows) {
    INFO(body);
    for (std::size_t piece = 1; piece <= std::string_view(body).size(); ++piece) {
      const auto put = read_put(body, piece);
      REQUIRE(put);
      REQUIRE(put->value == value);
      const bool text = nlohmann::json::parse(body)["value"].is_string();
      REQUIRE(put->content_type == (text ? "text/plain; charset=utf-8" : "application/json"));
    }
  }
  const auto put = read_put(R"({"context":"abc","value":"x","ttl":"3s"})", 5);
  CHECK(put->context == "abc");
  CHECK(put->ttl == "3s");
  CHECK_FALSE(read_put(R"({"value":1})", 5)->context);
}

TEST_CASE("a complaint about a wrong plain put names the field") {
  const std::pair<const char*, const char*> rows[] = {
      {"[1]", "no object with a \"value\""},
      {"1", "no object with a \"value\""},
      {"{}", "no object with a \"value\""},
      {R"({"a":{"value":1}})", "no object with a \"value\""},
      {R"({"value":1,"tttl":"1s"})", "did you mean 'ttl'?"},
      {R"({"value":1,"ttl":1})", "\"ttl\" is no string"},
      {R"({"value":1,"context":["x"]})", "\"context\" is no string"},
      {R"({"value":1,"context":null})", "\"context\" is no string"},
      {R"({"value":1,"value":2})", "\"value\" stands twice"},
      {R"({"value":1,"ttl":"1s","ttl":"2s"})", "\"ttl\" stands twice"},
      {R"({"value":1)", "no JSON"},
      {R"({"value":1}})", "no JSON"},
  };
  for (const auto& [body, what] : rows) {
    INFO(body);
    for (const std::size_t piece : {1, 4, 100}) {
      const auto put = read_put(body, piece);
      REQUIRE_FALSE(put);
      CHECK_THAT(put.error().what, Contains(what));
    }
  }
}

}  // namespace dkv::http
