#include "engine/core/names.h"

#include <cstdint>
#include <string>

#include "tests/catch.h"

namespace dkv {
namespace {

enum class Fruit : std::uint8_t { kApple, kPear, kPlum };
enum class None : std::uint8_t {};
struct Nested {
  enum class Kind : std::uint8_t { k1, kLast_2 };
};

constexpr Word<Fruit> kFruit[] = {{"apple", Fruit::kApple}, {"pear", Fruit::kPear}, {"plum", Fruit::kPlum}};
constexpr Word<Fruit> kOneMissing[] = {{"apple", Fruit::kApple}, {"pear", Fruit::kPear}};
constexpr Word<Fruit> kOutOfOrder[] = {{"pear", Fruit::kPear}, {"apple", Fruit::kApple}, {"plum", Fruit::kPlum}};
constexpr Word<Fruit> kSameWord[] = {{"apple", Fruit::kApple}, {"pear", Fruit::kPear}, {"apple", Fruit::kPlum}};
constexpr Word<Fruit> kEmptyWord[] = {{"apple", Fruit::kApple}, {"", Fruit::kPear}, {"plum", Fruit::kPlum}};

TEST_CASE("the enumerators of an enumeration are counted") {
  STATIC_REQUIRE(enumerators<Fruit>() == 3);
  STATIC_REQUIRE(enumerators<None>() == 0);
  STATIC_REQUIRE(enumerators<Nested::Kind>() == 2);
}

TEST_CASE("a table of words holds each enumerator once, in order, under its own word") {
  STATIC_REQUIRE(names_each(kFruit));
  STATIC_REQUIRE_FALSE(names_each(kOneMissing));
  STATIC_REQUIRE_FALSE(names_each(kOutOfOrder));
  STATIC_REQUIRE_FALSE(names_each(kSameWord));
  STATIC_REQUIRE_FALSE(names_each(kEmptyWord));
  STATIC_REQUIRE(covers_each(kSameWord));
}

TEST_CASE("an enumerator leads to its row") {
  CHECK(std::string(name_of(kFruit, Fruit::kPlum)) == "plum");
  CHECK(row_of(kFruit, Fruit::kPear).word == "pear");
}

}  // namespace
}  // namespace dkv
