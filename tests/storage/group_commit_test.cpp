#include "engine/storage/group_commit.h"

#include "tests/catch.h"

namespace dkv {
namespace {

constexpr TimeNs kSync = 4 * kMillisecond;

// The state after a sync from 0 to kSync that made `served` appends durable. Meanwhile the log has reached `last`.
GroupCommit after(std::uint64_t served, AppendId last) {
  GroupCommit commit;
  commit.issued(0);
  commit.landed(kSync, served, last);
  return commit;
}

}  // namespace

TEST_CASE("a few writers never wait") {
  CHECK_FALSE(after(GroupCommit::kCrowdMin - 1, 100).holds(kSync, 100));
}

TEST_CASE("after a sync that served many appends the next one waits for their clients") {
  const GroupCommit commit = after(25, 50);
  CHECK(commit.holds(kSync, 50));
  CHECK(commit.holds(kSync, 74));
  CHECK_FALSE(commit.holds(kSync, 75));
}

TEST_CASE("no append waits longer than a quarter of a sync, and never long") {
  const GroupCommit commit = after(25, 50);
  CHECK(commit.hold_until_ns() == kSync + kSync / 4);
  CHECK(commit.holds(kSync + kSync / 4 - 1, 50));
  CHECK_FALSE(commit.holds(kSync + kSync / 4, 50));
  GroupCommit slow;
  slow.issued(0);
  slow.landed(10 * kSecond, 25, 50);
  CHECK(slow.hold_until_ns() == 10 * kSecond + GroupCommit::kHoldMaxNs);
}

TEST_CASE("a host that sets no time never makes a write wait") {
  GroupCommit commit;
  commit.issued(0);
  commit.landed(0, 1000, 2000);
  CHECK_FALSE(commit.holds(0, 1000));
}

}  // namespace dkv
