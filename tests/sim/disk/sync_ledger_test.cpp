// The records that no power loss may take, under policies that acknowledge before they sync.
#include "sim/disk/sync_ledger.h"

#include "tests/catch.h"
#include "tests/sim/records.h"

namespace dkv::sim {

using kit::key;

namespace {

constexpr FileName kOne{FileKind::kSegment, 1};
constexpr FileName kTwo{FileKind::kSegment, 2};

Append append(AppendId id, const char* name) {
  const Dot dot{Actor{ActorId{1, 1}, 1}, id};
  std::vector<Sibling> siblings{{.dot = dot, .tag = id, .value = Blob("v")}};
  return {
      .id = id,
      .record = {
          .space = KeySpace::kObjects, .key = key(name), .object = Object::make(VersionVector().with(dot), siblings)}};
}

bool has(const SyncLedger& ledger, const char* name) {
  return ledger.image().find(key(name)) != nullptr;
}

}  // namespace

TEST_CASE("a record is synced once a sync has covered its bytes") {
  SyncLedger ledger;
  ledger.restarted(0);
  ledger.acknowledged(append(1, "a"));
  ledger.landed(1, kOne, 100);
  ledger.acknowledged(append(2, "b"));
  ledger.landed(2, kOne, 200);
  CHECK_FALSE(has(ledger, "a"));
  ledger.synced(kOne, 199);
  CHECK(has(ledger, "a"));
  CHECK_FALSE(has(ledger, "b"));
  CHECK(ledger.unsynced().size() == 1);
  ledger.synced(kTwo, 1'000);
  CHECK_FALSE(has(ledger, "b"));
  ledger.synced(kOne, 200);
  CHECK(has(ledger, "b"));
  CHECK(ledger.unsynced().empty());
}

TEST_CASE("a segment that is synced before the one that came before it waits for that") {
  SyncLedger ledger;
  ledger.restarted(0);
  ledger.acknowledged(append(1, "a"));
  ledger.landed(1, kOne, 100);
  ledger.acknowledged(append(2, "b"));
  ledger.landed(2, kTwo, 50);
  ledger.synced(kTwo, 50);
  CHECK_FALSE(has(ledger, "b"));
  ledger.synced(kOne, 100);
  CHECK(has(ledger, "b"));
}

TEST_CASE("records that a crash left unsynced are synced with all the records of the next start") {
  SyncLedger ledger;
  ledger.restarted(0);
  ledger.acknowledged(append(7, "a"));
  ledger.landed(7, kOne, 100);
  ledger.stopped();
  // The numbers begin again, and the start has not read everything yet.
  ledger.landed(9, kTwo, 50);
  ledger.synced(kTwo, 50);
  CHECK_FALSE(has(ledger, "a"));
  ledger.restarted(10);
  CHECK_FALSE(has(ledger, "a"));
  ledger.landed(11, kTwo, 80);
  ledger.synced(kTwo, 80);
  CHECK(has(ledger, "a"));
}

TEST_CASE("records that survived a power loss are durable, and lost ones are forgotten") {
  SyncLedger ledger;
  ledger.restarted(0);
  ledger.acknowledged(append(1, "a"));
  ledger.acknowledged(append(2, "b"));
  ledger.stopped();
  Image left;
  left.apply(append(1, "a").record);
  ledger.take_over(left);
  CHECK(has(ledger, "a"));
  CHECK(ledger.unsynced().empty());
  CHECK_FALSE(has(ledger, "b"));
}

TEST_CASE("damage takes the record's older states, too") {
  SyncLedger ledger;
  ledger.restarted(0);
  ledger.acknowledged(append(1, "a"));
  ledger.acknowledged(append(2, "b"));
  ledger.take_over(Record{.space = KeySpace::kObjects, .key = key("a")});
  CHECK(ledger.unsynced().size() == 1);
  ledger.landed(2, kOne, 100);
  ledger.synced(kOne, 100);
  CHECK_FALSE(has(ledger, "a"));
  CHECK(has(ledger, "b"));
}

}  // namespace dkv::sim
