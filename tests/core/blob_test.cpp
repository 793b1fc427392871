#include "engine/core/blob.h"

#include <cstring>
#include <string>

#include "tests/catch.h"

using namespace dkv;

TEST_CASE("a blob keeps every byte, zeros included") {
  const std::string bytes("a\0b\xff", 4);
  const Blob blob(bytes);
  CHECK(blob.size() == 4);
  CHECK(blob.view() == bytes);
}

TEST_CASE("blobs are equal by content") {
  const Blob one("same");
  const Blob copy = one;
  CHECK(one == copy);
  CHECK(one == Blob("same"));
  CHECK_FALSE(one == Blob("sama"));
  CHECK_FALSE(one == Blob("sam"));
  CHECK(Blob() == Blob(""));
}

TEST_CASE("a blob is filled in place") {
  const Blob blob = Blob::make(3, [](char* out) { std::memcpy(out, "xyz", 3); });
  CHECK(blob.view() == "xyz");
  CHECK_FALSE(blob.empty());
}
