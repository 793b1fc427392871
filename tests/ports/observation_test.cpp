#include "engine/ports/observation.h"

#include <set>
#include <string>

#include "tests/catch.h"

namespace dkv {
namespace {

TEST_CASE("every observation has a name of its own") {
  std::set<std::string> names;
  for (int what = 0; what <= static_cast<int>(kLastObserved); ++what) {
    const std::string name = observed_name(static_cast<Observed>(what));
    CHECK(name != "unknown");
    CHECK(names.insert(name).second);
  }
  CHECK(std::string(observed_name(static_cast<Observed>(200))) == "unknown");
}

}  // namespace
}  // namespace dkv
