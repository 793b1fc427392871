#include "engine/ports/outbox.h"

#include "tests/catch.h"

namespace dkv {
namespace {

TEST_CASE("an outbox keeps its effects in order, and is empty when cleared") {
  Outbox out;
  out.send(3, ReplicaPutAck{7, true});
  out.append(9, {.space = KeySpace::kIdentity, .identity = {{{1, 2}, 3}}});
  out.set_timer(TimerKind::kHints, 4, 5);
  out.reply(6, {.outcome = Outcome::kDone});
  out.observe({.what = Observed::kServing, .number = 8});
  out.disk_requests().push_back({.ticket = 11, .what = DiskList{}});
  REQUIRE(out.effects().size() == 5);
  REQUIRE(out.disk_requests().size() == 1);
  CHECK(out.disk_requests()[0].ticket == 11);
  const Send& send = std::get<Send>(out.effects()[0]);
  CHECK(send.to == 3);
  CHECK(std::get<ReplicaPutAck>(send.message).op == 7);
  const Append& append = std::get<Append>(out.effects()[1]);
  CHECK(append.id == 9);
  CHECK(append.record.identity.actor.epoch == 3);
  const SetTimer& timer = std::get<SetTimer>(out.effects()[2]);
  CHECK(timer.kind == TimerKind::kHints);
  CHECK(timer.serial == 4);
  CHECK(timer.after_ns == 5);
  CHECK(std::get<Reply>(out.effects()[3]).token == 6);
  CHECK(std::get<Reply>(out.effects()[3]).reply.outcome == Outcome::kDone);
  CHECK(std::get<Observation>(out.effects()[4]).number == 8);
  out.clear();
  CHECK(out.empty());
  out.disk_requests().push_back({.ticket = 12, .what = DiskList{}});
  CHECK_FALSE(out.empty());
}

}  // namespace
}  // namespace dkv
