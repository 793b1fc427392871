#include "cli/fuzz/fuzz_report.h"

#include "tests/catch.h"

using namespace dkv::cli;

TEST_CASE("failures of one kind are counted apart when their causes differ, and together when they are the same") {
  FuzzReport report;
  const auto fail = [&](std::uint64_t seed, const char* kind, const char* cause) {
    add_to_groups({.seed = seed, .kind = kind, .cause = cause}, report);
  };
  fail(3, "I1-lost", "a merge drops it");
  fail(5, "I1-lost", "its hint is given up");
  fail(8, "I1-lost", "a merge drops it");
  fail(9, "I3-replicas_differ", "a merge drops it");
  fail(12, "I1-lost", "");
  REQUIRE(report.groups.size() == 4);
  CHECK(report.groups[0].failures == 2);
  CHECK(report.groups[0].first_seed == 3);
  CHECK(report.groups[1].cause == "its hint is given up");
  CHECK(report.groups[2].kind == "I3-replicas_differ");
  CHECK(report.groups[3].cause.empty());
  CHECK_THAT(fuzz_json(report),
             ContainsSubstring("\"kind\":\"I1-lost\",\"cause\":\"a merge drops it\",\"failures\":2"));
}
