#include "engine/storage/dictionary_trainer.h"

#include "cli/terminal/json_documents.h"
#include "engine/core/hash.h"
#include "tests/catch.h"

namespace dkv {
namespace {

DictionaryTrainer filled(std::uint64_t seed) {
  DictionaryTrainer trainer;
  JsonDocuments documents(seed);
  while (!trainer.full()) trainer.sample(documents.next(400));
  return trainer;
}

TEST_CASE("only values of 64 to 4096 bytes are samples, and only while there is room") {
  DictionaryTrainer trainer(10'000);
  CHECK_FALSE(trainer.sample(std::string(63, 'a')));
  CHECK_FALSE(trainer.sample(std::string(4097, 'a')));
  CHECK(trainer.sample(std::string(64, 'a')));
  CHECK(trainer.sample(std::string(4096, 'a')));
  CHECK_FALSE(trainer.full());
  CHECK(trainer.sample(std::string(4096, 'a')));
  CHECK(trainer.full());
  CHECK_FALSE(trainer.sample(std::string(4096, 'a')));
  CHECK(trainer.sample(std::string(1000, 'a')));
  CHECK(trainer.samples() == 4);
  CHECK(trainer.bytes() == 64 + 2 * 4096 + 1000);
  trainer.clear();
  CHECK(trainer.samples() == 0);
  CHECK(trainer.bytes() == 0);
  CHECK(trainer.sample(std::string(4096, 'a')));
}

TEST_CASE("the same samples in the same order make the same dictionary, and others another") {
  const DictionaryTrainer trainer = filled(1);
  const auto one = trainer.train();
  REQUIRE(one.has_value());
  CHECK(one->dictionary.size() <= DictionaryTrainer::kDictionaryBytesMax);
  CHECK(one->dictionary.size() > 1000);
  CHECK(one->saved_percent >= 40);
  CHECK(one->saved_percent <= 90);
  CHECK(one->dictionary == trainer.train()->dictionary);
  const DictionaryTrainer copy = trainer;
  CHECK(one->dictionary == copy.train()->dictionary);
  CHECK_FALSE(one->dictionary == filled(2).train()->dictionary);
}

TEST_CASE("too few samples make no dictionary") {
  DictionaryTrainer trainer;
  CHECK_THAT(trainer.train().error().what, ContainsSubstring("no dictionary from 0 samples"));
  trainer.sample(JsonDocuments(1).next(400));
  CHECK_FALSE(trainer.train().has_value());
}

TEST_CASE("samples that share nothing make no dictionary") {
  DictionaryTrainer trainer;
  std::uint64_t draw = 0;
  while (!trainer.full()) {
    std::string value;
    for (int i = 0; i < 500; ++i) value += static_cast<char>(mix64(++draw * 0x9e3779b97f4a7c15ULL) & 0xff);
    trainer.sample(value);
  }
  CHECK_THAT(trainer.train().error().what, ContainsSubstring("share too little"));
}

TEST_CASE("JSON documents are a function of their seed and about as long as asked for") {
  JsonDocuments one(1);
  JsonDocuments two(1);
  for (const std::size_t bytes : {500u, 1000u, 4000u, 16'000u}) {
    std::size_t total = 0;
    for (int i = 0; i < 50; ++i) {
      const std::string document = one.next(bytes);
      REQUIRE(document == two.next(bytes));
      REQUIRE(document.size() <= bytes);
      total += document.size();
    }
    CHECK(total > 50 * bytes * 3 / 4);
  }
  // This must never change and must be the same with every compiler, so that measurements are comparable.
  CHECK(hash64(JsonDocuments(42).next(2000)) == 0x90c41f9631e46a41ULL);
}

}  // namespace
}  // namespace dkv
