#include "viz/model/event_log.h"

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

bool same(const EventRecord& a, const EventRecord& b) {
  return a.at_ns == b.at_ns && a.sent_ns == b.sent_ns && a.cause == b.cause && a.detail == b.detail && a.key == b.key &&
         a.node == b.node && a.from == b.from && a.kind == b.kind && a.message == b.message && a.taken == b.taken;
}

std::vector<Note> notes_of(const EventLog& log, EventNumber from, EventNumber to) {
  std::vector<Note> notes;
  log.each_note(from, to, [&](const Note& note) { notes.push_back(note); });
  return notes;
}

std::size_t operations_of(const EventLog& log, EventNumber from, EventNumber to) {
  std::size_t count = 0;
  log.each_operation(from, to, [&](const OperationRecord&) { ++count; });
  return count;
}

}  // namespace

TEST_CASE("every event is recorded once, in its place, and none has a cause that comes after it") {
  const auto source = kit::source_of(kit::kStormy);
  const auto run = kit::straight(source);
  Session session(source, kit::counted());
  kit::go(session, 1'500);
  kit::go(session, 20);
  kit::go(session, run.last());
  std::size_t messages = 0;
  for (EventNumber event = 1; event <= run.last(); ++event) {
    const EventRecord* const record = session.log().event(event);
    REQUIRE(record);
    REQUIRE(record->at_ns == run.times[event]);
    REQUIRE(record->cause < event);
    REQUIRE(record->sent_ns <= record->at_ns);
    if (record->cause != 0) REQUIRE(session.log().event(record->cause)->at_ns == record->sent_ns);
    messages += record->kind == EventKind::kMessage ? 1 : 0;
  }
  CHECK(messages > 1'000);
  CHECK(session.log().event(run.last() + 1) == nullptr);
  CHECK(session.log().event(0) == nullptr);
  CHECK(session.log().first_at(0) == 1);
  CHECK(session.log().first_at(run.times[3'000] + 1) > 3'000);
  CHECK(run.times[session.log().first_at(2 * kSecond)] >= 2 * kSecond);
  CHECK(run.times[session.log().first_at(2 * kSecond) - 1] < 2 * kSecond);
}

TEST_CASE("events that were dropped to save memory come back unchanged when they are needed") {
  std::string text = kit::kStormy;
  text.replace(text.find("clients: 8"), 10, "clients: 64");
  text.replace(text.find("300/s"), 5, "1500/s");
  const auto source = kit::source_of(text);
  SessionOptions options = kit::counted();
  Session whole(source, options);
  kit::go(whole, 1'000'000);
  const EventNumber last = whole.at();
  REQUIRE(whole.log().chunks() >= 3);
  options.log_bytes_max = whole.log().bytes() / 2;
  Session session(source, options);
  kit::go(session, last);
  CHECK(session.log().bytes() <= options.log_bytes_max + 64 * 1024);
  REQUIRE_FALSE(session.log().has(100));
  CHECK_FALSE(session.log().has_all(1, last, last));
  session.want(50, 150);
  session.finish();
  kit::go(session, 100);
  REQUIRE(session.log().has(100));
  const EventNumber chunk_end = EventLog::kChunkEvents;
  for (EventNumber event = 1; event <= chunk_end; ++event) {
    REQUIRE(session.log().event(event));
    REQUIRE(same(*session.log().event(event), *whole.log().event(event)));
  }
  const auto notes = notes_of(session.log(), 0, chunk_end);
  const auto expected = notes_of(whole.log(), 0, chunk_end);
  REQUIRE(notes.size() == expected.size());
  for (std::size_t i = 0; i < notes.size(); ++i) {
    REQUIRE(notes[i].event == expected[i].event);
    REQUIRE(notes[i].kind == expected[i].kind);
    REQUIRE(notes[i].what == expected[i].what);
    REQUIRE(notes[i].number == expected[i].number);
  }
  CHECK(operations_of(session.log(), 0, chunk_end) == operations_of(whole.log(), 0, chunk_end));
  CHECK(operations_of(whole.log(), 0, last) == whole.branch().points.size());
  CHECK_FALSE(session.error());
}

TEST_CASE("a branch shares the events before it, and writes its own") {
  Session session(kit::source_of(kit::kCalm), kit::counted());
  kit::go(session, 2'000);
  const EventRecord before = *session.log().event(800);
  const EventRecord after = *session.log().event(1'400);
  kit::go(session, 1'000);
  sim::Command pause;
  pause.kind = sim::CommandKind::kPause;
  pause.groups = {{0}};
  REQUIRE(session.apply(pause));
  CHECK(same(*session.log().event(800), before));
  CHECK_FALSE(session.log().has(1'001));
  const auto notes = notes_of(session.log(), 1'000, 1'000);
  CHECK(std::any_of(notes.begin(), notes.end(), [](const Note& note) { return note.kind == NoteKind::kCommand; }));
  kit::go(session, 1'450);
  CHECK(session.log().has(1'400));
  CHECK(same(*session.branch(0).log.event(1'400), after));
  CHECK(notes_of(session.branch(0).log, 1'000, 1'000).size() + 3 == notes.size());  // command, fault, node
}

TEST_CASE("chunks far from the focus go first, and the last one stays") {
  EventLog log;
  for (EventNumber event = 1; event <= 5 * EventLog::kChunkEvents; ++event) {
    log.open(event)->events.push_back({.at_ns = static_cast<TimeNs>(event)});
    log.note_time(event, static_cast<TimeNs>(event));
  }
  const std::uint64_t one = log.chunk(0)->bytes();
  log.thin(3 * one + one / 2, EventLog::kChunkEvents / 2);
  CHECK(log.chunk(0));
  CHECK(log.chunk(1));
  CHECK_FALSE(log.chunk(2));
  CHECK_FALSE(log.chunk(3));
  CHECK(log.chunk(4));
  CHECK(log.bytes() <= 3 * one + one / 2);
  CHECK(log.open(EventLog::first_of(2) + 5) == nullptr);  // the beginning of its chunk is missing
  CHECK(log.open(7) == nullptr);                          // the log has it already
  REQUIRE(log.open(EventLog::first_of(2)));
  const EventLog copy = log;
  log.cut_after(100);
  CHECK(log.has(100));
  CHECK_FALSE(log.has(101));
  CHECK(copy.has(101));
}
