#include "viz/model/log_reader.h"

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

TEST_CASE("each record of the log is read once, while the run goes on and when a part is played again") {
  SessionOptions options = kit::counted();
  options.log_bytes_max = 600'000;
  Session session(kit::source_of(kit::kStormy), options);
  LogReader reader;
  std::size_t notes = 0, operations = 0;
  const auto read = [&] {
    reader.each_new(session.log(), [&](const Note&) { ++notes; }, [&](const OperationRecord&) { ++operations; });
  };
  for (EventNumber at = 500; at < 20'000; at += 500) {
    kit::go(session, at);
    read();
  }
  kit::go(session, 1'000'000);
  read();
  CHECK(operations == session.branch().points.size());
  const std::size_t before = notes;
  session.want(1, 5'000);
  kit::go(session, 100);
  read();
  CHECK(operations == session.branch().points.size());
  CHECK(notes == before);
}
