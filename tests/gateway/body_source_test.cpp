#include "engine/gateway/body_source.h"

#include <nlohmann/json.hpp>
#include <random>

#include "engine/gateway/message.h"
#include "tests/catch.h"

namespace dkv::http {
namespace {

std::string shown(const std::string& value, bool said_json) {
  const Blob blob(value);
  BodySource source;
  source.add_text("{");
  source.add_json_value(blob, blob.view(), said_json);
  source.add_text("}");
  return whole_body(source);
}

}  // namespace

TEST_CASE("text and bytes come out in their order, in pieces of a known whole size") {
  const Blob blob(std::string(200'000, 'v'));
  BodySource source;
  source.add_text("head");
  source.add_text(";");
  source.add_bytes(blob, blob.view().substr(1));
  source.add_bytes(blob, {});
  source.add_text("tail");
  CHECK(source.size() == 5 + 199'999 + 4);
  CHECK(source.held_bytes() == 5 + 199'999 + 4);
  std::string whole;
  std::size_t largest = 0;
  for (bool more = true; more;) {
    std::string piece;
    more = source.next(piece);
    largest = std::max(largest, piece.size());
    whole += piece;
  }
  CHECK(largest <= BodySource::kPieceBytes);
  CHECK(whole == "head;" + std::string(199'999, 'v') + "tail");
}

TEST_CASE("a value in a JSON body: JSON unchanged, text as a string, bytes in base64") {
  CHECK(shown("[1, 2.50]", true) == R"({"value":[1, 2.50]})");
  CHECK(shown("[1, 2", true) == R"({"value":"[1, 2"})");
  CHECK(shown("[1, 2]", false) == R"({"value":"[1, 2]"})");
  CHECK(shown("", true) == R"({"value":""})");
  CHECK(shown("", false) == R"({"value":""})");
  CHECK(shown(std::string("\xff\x00\x01", 3), false) == R"({"value":"/wAB","encoding":"base64"})");
  CHECK(shown("\"\xff\"", true) == R"({"value":"Iv8i","encoding":"base64"})");
  CHECK(shown(std::string("q\"\\/\b\f\n\r\t\x01\x1f\x7f\0", 13), false) ==
        "{\"value\":\"q\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000\"}");
}

TEST_CASE("long values of every kind come back from their JSON, and no piece takes more than a piece's work") {
  std::mt19937 random(3);
  std::string text, bytes;
  while (text.size() < 300'000) text += random() % 3 == 0 ? "\xe2\x82\xac" : random() % 2 == 0 ? "a\n" : "b\"";
  while (bytes.size() < 300'001) bytes += static_cast<char>(random());
  const std::string json = "[\"" + std::string(250'000, 'x') + "\"]";
  CHECK(nlohmann::json::parse(shown(text, false))["value"] == text);
  CHECK(nlohmann::json::parse(shown(bytes, false))["value"] == encode_base64(bytes));
  CHECK(nlohmann::json::parse(shown(json, true))["value"] == nlohmann::json::parse(json));
  // A body whose last byte makes it invalid JSON is text.
  CHECK(nlohmann::json::parse(shown(json + "]", true))["value"] == json + "]");

  const Blob blob(std::string(1'000'000, '\0'));
  BodySource source;
  source.add_json_value(blob, blob.view(), true);
  CHECK_FALSE(source.size());
  std::size_t pieces = 0;
  for (bool more = true; more; ++pieces) {
    std::string piece;
    more = source.next(piece);
    REQUIRE(piece.size() <= 6 * BodySource::kPieceBytes + 100);
  }
  CHECK(pieces >= 2 * blob.size() / BodySource::kPieceBytes);
}

TEST_CASE("only a long body stays a source") {
  Response response;
  BodySource small;
  small.add_text("x");
  set_body(response, std::move(small));
  CHECK(response.body == "x");
  CHECK_FALSE(response.source);
  BodySource large;
  large.add_text(std::string(kSmallBodyBytes + 1, 'x'));
  set_body(response, std::move(large));
  CHECK(response.source);
}

}  // namespace dkv::http
