#include "sim/clients/client_values.h"

#include <vector>

#include "tests/catch.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

struct Version {
  std::string value;
  bool tombstone = false;
};

ObjectPtr object_of(const std::vector<Version>& versions) {
  std::vector<Sibling> siblings;
  VersionVector seen;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const Dot dot{Actor{ActorId{1, 1}, 1}, i + 1};
    siblings.push_back(
        {.dot = dot, .tag = i + 1, .value = Blob(versions[i].value), .tombstone = versions[i].tombstone});
    seen = seen.with(dot);
  }
  return siblings.empty() ? ObjectPtr() : Object::make(seen, siblings);
}

std::string judged(const StepExpect& expect, const std::vector<Version>& versions, Outcome outcome = Outcome::kDone) {
  const ClientReply reply{.outcome = outcome, .object = object_of(versions)};
  return broken_expectation(expect, &reply);
}

}  // namespace

TEST_CASE("a value carries the tag that it was made with, and no other") {
  for (const std::uint32_t bytes : {0u, 1u, 7u, 8u, 9u, 10u, 100u}) {
    CAPTURE(bytes);
    const Blob value = tagged_value(0x0102030405060708, bytes);
    CHECK(value.size() == bytes);
    CHECK(carries_tag(value, 0x0102030405060708, bytes));
    if (bytes > 0) CHECK_FALSE(carries_tag(value, 0x0102030405060709, bytes));
  }
}

TEST_CASE("a value that was cut short, emptied, lengthened or garbled carries no tag") {
  const std::string good(tagged_value(77, 40).view());
  CHECK(carries_tag(Blob(good), 77, 40));
  CHECK_FALSE(carries_tag(Blob(good.substr(0, 39)), 77, 40));
  CHECK_FALSE(carries_tag(Blob(), 77, 40));
  CHECK_FALSE(carries_tag(Blob(good + "v"), 77, 40));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string garbled = good;
    garbled[at] = static_cast<char>(garbled[at] ^ 1);
    CHECK_FALSE(carries_tag(Blob(garbled), 77, 40));
  }
}

TEST_CASE("a cart is the union of the items of all siblings, sorted, each once") {
  CHECK(union_of_items({}, "milk") == "milk");
  CHECK(union_of_items(object_of({{"milk,bread"}, {"bread,eggs"}}), "apples") == "apples,bread,eggs,milk");
  CHECK(union_of_items(object_of({{" milk , ,bread,"}}), "milk") == "bread,milk");
  CHECK(union_of_items(object_of({{"", true}, {"bread"}}), "milk") == "bread,milk");
  CHECK(union_of_items({}, "two, items") == "items,two");
  CHECK(union_of_items({}, "").empty());
}

TEST_CASE("a strict request needs primaries for all its answers, a sloppy one only as many as it names") {
  ClientRequest request;
  request.need = 2;
  request.need_primary = 1;
  request.mode = QuorumMode::kSloppy;
  CHECK(primary_need(request) == 1);
  request.mode = QuorumMode::kStrict;
  CHECK(primary_need(request) == 2);
  request.need_primary = 3;
  CHECK(primary_need(request) == 3);
}

TEST_CASE("a step that expects nothing is content with everything") {
  CHECK(broken_expectation({}, nullptr).empty());
  CHECK(judged({}, {}, Outcome::kRefused).empty());
  CHECK(judged({}, {{"a"}, {"b"}}).empty());
}

TEST_CASE("the outcome of a step is compared with its expectation, and a step without an answer counts as unknown") {
  CHECK(judged({.outcome = Outcome::kDone}, {}).empty());
  CHECK(judged({.outcome = Outcome::kDone}, {}, Outcome::kRefused) == "the outcome is refused, not done");
  CHECK(judged({.outcome = Outcome::kRefused}, {}) == "the outcome is done, not refused");
  CHECK(broken_expectation({.outcome = Outcome::kUnknown}, nullptr).empty());
  CHECK(broken_expectation({.outcome = Outcome::kDone}, nullptr) == "the outcome is unknown, not done");
}

TEST_CASE("only live siblings count as found") {
  CHECK(judged({.found = true}, {{"a"}}).empty());
  CHECK(judged({.found = true}, {{"", true}}) == "the key was not found");
  CHECK(judged({.found = false}, {{"", true}}).empty());
  CHECK(judged({.found = false}, {{"a"}, {"", true}}) == "the key was found");
  CHECK(judged({.found = true}, {}) == "the key was not found");
  CHECK(judged({.siblings = 2}, {{"a"}, {"b"}, {"", true}}).empty());
  CHECK(judged({.siblings = 1}, {{"a"}, {"b"}}) == "there are 2 siblings, not 1");
}

TEST_CASE("an expected value must be the only one") {
  CHECK(judged({.value = "a"}, {{"a"}}).empty());
  CHECK(judged({.value = "a"}, {{"a"}, {"", true}}).empty());
  CHECK(judged({.value = "a"}, {{"b"}}) == "the value is \"b\", not \"a\"");
  CHECK(judged({.value = "a"}, {{"a"}, {"b"}}) == "there are 2 values, not the one expected");
  CHECK(judged({.value = "a"}, {}) == "there are 0 values, not the one expected");
  CHECK(broken_expectation({.value = "a"}, nullptr) == "there are 0 values, not the one expected");
  CHECK(judged({.value = ""}, {{""}}).empty());
}

TEST_CASE("a value is filled up to its size, and a longer one stays as it is") {
  CHECK(filled_value("milk", 0).view() == "milk");
  CHECK(filled_value("milk", 3).view() == "milk");
  CHECK(filled_value("milk", 7).view() == "milkvvv");
  CHECK(filled_value("", 2).view() == "vv");
}
