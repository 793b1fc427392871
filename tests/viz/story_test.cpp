// The story of a run, branch by branch.
#include "sim/story/story.h"

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

std::vector<std::string> lines_of(const std::vector<story::Row>& rows) {
  std::vector<std::string> lines;
  for (const story::Row& row : rows) lines.push_back(std::to_string(row.at_ns) + " " + row.who + " " + row.text);
  return lines;
}
std::vector<std::string> lines_of(const Branch& branch) {
  std::vector<story::Row> rows;
  for (const StoryLine& line : branch.story) rows.push_back(line.row);
  return lines_of(rows);
}

// The story as `distri-kv run` tells it.
std::vector<std::string> told(const sim::Scenario& scenario, const sim::Source& source) {
  sim::World world(std::make_shared<const sim::Scenario>(scenario), source.seed, source.schedule);
  story::Story story(scenario);
  std::vector<story::Row> rows;
  const auto collect = [&] {
    for (story::Row& row : story.take_rows()) rows.push_back(std::move(row));
  };
  bool more = true;
  while (more) {
    more = world.step(&story);
    story.after_step(world);
    collect();
  }
  story.finish(world);
  collect();
  return lines_of(rows);
}

}  // namespace

TEST_CASE("the story equals that of a straight run, however the moments were reached") {
  const auto source = kit::source_of(kit::kStormy);
  Session session(source, kit::counted());
  for (const EventNumber event : {1'000, 300, 2'500, 700, 100'000, 50}) kit::go(session, event);
  const auto lines = lines_of(session.branch());
  CHECK(lines.size() > 10);
  CHECK(lines == told(*source.scenario, source));
  for (std::size_t i = 1; i < session.branch().story.size(); ++i) {
    CHECK(session.branch().story[i - 1].event <= session.branch().story[i].event);
  }
}

TEST_CASE("a branch from the past tells the story of its own run, including the events before the branch") {
  const auto source = kit::source_of(kit::kStormy);
  Session session(source, kit::counted());
  kit::go(session, 100'000);
  kit::go(session, 1'234);
  sim::Command crash;
  crash.kind = sim::CommandKind::kCrash;
  for (NodeId node = 0; node < 5; ++node) {
    if (session.world().node_view(node).process == sim::ProcessState::kUp) crash.groups = {{node}};
  }
  REQUIRE(session.apply(crash));
  kit::go(session, 100'000);
  sim::Scenario scenario = *source.scenario;
  scenario.commands = session.branch().commands;
  CHECK(lines_of(session.branch()) == told(scenario, source));
  const auto lines = lines_of(session.branch());
  CHECK(std::any_of(lines.begin(), lines.end(),
                    [](const std::string& line) { return line.find("from outside: crash: [n") != std::string::npos; }));
}
