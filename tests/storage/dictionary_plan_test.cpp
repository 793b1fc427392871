#include "engine/storage/dictionary_plan.h"

#include "cli/terminal/json_documents.h"
#include "tests/catch.h"

namespace dkv {
namespace {

constexpr std::size_t kSamplesBytes = 64u << 10;

void tell(DictionaryPlan& plan, std::uint64_t bytes, std::uint32_t saved_percent) {
  const std::string value(1024, 'a');
  for (std::uint64_t told = 0; told < bytes; told += value.size()) {
    plan.note(value, value.size() * (100 - saved_percent) / 100);
  }
}

void gather(DictionaryPlan& plan, std::uint64_t seed) {
  JsonDocuments documents(seed);
  for (int i = 0; i < 1'000; ++i) plan.note(documents.next(400), 400);
}

TEST_CASE("a plan that was never begun never trains") {
  DictionaryPlan plan(kSamplesBytes);
  gather(plan, 1);
  CHECK_FALSE(plan.due());
}

TEST_CASE("the first values are gathered, except those of other lengths, and make a dictionary") {
  DictionaryPlan plan(kSamplesBytes);
  plan.gather();
  for (int i = 0; i < 5'000; ++i) {
    plan.note(std::string(63, 'a'), 63);
    plan.note(std::string(4097, 'a'), 100);
  }
  CHECK_FALSE(plan.due());
  gather(plan, 1);
  REQUIRE(plan.due());
  REQUIRE(plan.train().has_value());
  gather(plan, 2);
  CHECK_FALSE(plan.due());  // not before the trained dictionary packs
}

TEST_CASE("new values are gathered when a window of them saves less than half as much as the samples") {
  DictionaryPlan plan(kSamplesBytes);
  plan.packs(60, true);
  tell(plan, 3 * DictionaryPlan::kWindowBytes, 30);
  gather(plan, 1);
  CHECK_FALSE(plan.due());
  plan.packs(60, true);
  tell(plan, DictionaryPlan::kWindowBytes, 29);
  gather(plan, 1);
  CHECK(plan.due());
}

TEST_CASE("the last dictionary that a store may have stays, however little it saves") {
  DictionaryPlan plan(kSamplesBytes);
  plan.packs(60, false);
  tell(plan, 3 * DictionaryPlan::kWindowBytes, 0);
  gather(plan, 1);
  CHECK_FALSE(plan.due());
}

TEST_CASE("values that share too little are followed by a rest, each twice as long as the last") {
  DictionaryPlan plan(kSamplesBytes);
  plan.gather();
  std::uint64_t draw = 0;
  std::uint64_t told = 0;
  const auto until_trained = [&] {
    told = 0;
    while (!plan.due()) {
      std::string value(1024, '\0');
      for (char& c : value) c = static_cast<char>(mix64(++draw) & 0xff);
      plan.note(value, value.size());
      told += value.size();
    }
    REQUIRE_FALSE(plan.train().has_value());
  };
  until_trained();
  CHECK(told <= kSamplesBytes);
  until_trained();
  CHECK(told >= DictionaryPlan::kWindowBytes);
  CHECK(told <= DictionaryPlan::kWindowBytes + 2 * kSamplesBytes);
  until_trained();
  CHECK(told >= 2 * DictionaryPlan::kWindowBytes);
  CHECK(told <= 2 * DictionaryPlan::kWindowBytes + 2 * kSamplesBytes);
}

}  // namespace
}  // namespace dkv
