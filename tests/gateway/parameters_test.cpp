#include "engine/gateway/parameters.h"

#include "tests/catch.h"

using Catch::Matchers::Contains;

namespace dkv::http {
namespace {

const QuorumSettings kDefaults;  // n=3, r=2, w=2

Result<ObjectParameters> read(const Pairs& parameters) {
  Request request;
  request.parameters = parameters;
  // The vtag is a view into the request, which ends here. These tests do not use it.
  return read_parameters(request, kDefaults);
}

}  // namespace

TEST_CASE("without parameters the configuration counts") {
  const auto parameters = read({});
  REQUIRE(parameters);
  CHECK(parameters->r == 2);
  CHECK(parameters->w == 2);
  CHECK(parameters->pw == 0);
  CHECK(parameters->mode == QuorumMode::kSloppy);
  CHECK(parameters->timeout_ms == 1000);
}

TEST_CASE("quorums are numbers or names") {
  CHECK(read({{"r", "one"}})->r == 1);
  CHECK(read({{"r", "quorum"}})->r == 2);
  CHECK(read({{"r", "all"}})->r == 3);
  CHECK(read({{"w", "3"}})->w == 3);
  CHECK(read({{"w", "default"}})->w == 2);
  CHECK(read({{"pw", "0"}})->pw == 0);
  CHECK(read({{"rw", "all"}})->r == 3);
  CHECK(read({{"rw", "all"}})->w == 3);
  CHECK(read({{"sloppy_quorum", "false"}})->mode == QuorumMode::kStrict);
}

TEST_CASE("a write counts durable copies: dw raises w and never lowers it") {
  CHECK(read({{"dw", "3"}})->w == 3);
  CHECK(read({{"dw", "1"}})->w == 2);
  CHECK(read({{"dw", "0"}})->w == 2);
  CHECK(read({{"dw", "default"}})->w == 2);
}

TEST_CASE("a value that contradicts the cluster or makes no sense is refused with the allowed ones") {
  for (const Pairs& bad : {Pairs{{"r", "4"}}, Pairs{{"r", "0"}}, Pairs{{"w", "-1"}}, Pairs{{"w", "two"}},
                           Pairs{{"timeout", "0"}}, Pairs{{"timeout", "600001"}}, Pairs{{"ttl", "5"}},
                           Pairs{{"ttl", "0s"}}, Pairs{{"returnbody", "yes"}}, Pairs{{"n_val", "2"}}}) {
    INFO(bad.front().first << "=" << bad.front().second);
    const auto parameters = read(bad);
    REQUIRE_FALSE(parameters);
    CHECK_THAT(parameters.error().what, Contains("'" + bad.front().first + "'"));
  }
  CHECK_THAT(read({{"timeoutt", "5"}}).error().what, Contains("did you mean 'timeout'?"));
}

TEST_CASE("parameters of Riak's clients without a meaning here are ignored") {
  CHECK(read({{"basic_quorum", "true"}, {"notfound_ok", "false"}, {"chunked", "true"}, {"n_val", "3"}}));
}

TEST_CASE("a time to live is a duration, or forever") {
  CHECK(read({{"ttl", "30s"}})->ttl_ns == 30 * kSecond);
  CHECK(read({{"ttl", "forever"}})->ttl_ns == kTtlForever);
}

}  // namespace dkv::http
