// run and replay: one run, with its story or for machines.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/run/play.h"
#include "cli/run/result_json.h"
#include "cli/run/source.h"
#include "cli/run/story.h"
#include "cli/run/summary.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/text.h"
#include "cli/trace/trace_writer.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

int complain(const std::string& what) {
  fmt::print(stderr, "{}\n", what);
  return kBadInput;
}

struct Show {
  bool json = false;
  bool quiet = false;
  std::string trace;
};

// Plays, shows, and writes the trace. The result goes to `result`; answers with the exit status.
int perform(const Source& source, const sim::WorldOptions& options, const Show& show, sim::RunResult& result) {
  std::unique_ptr<TraceWriter> trace;
  if (!show.trace.empty()) {
    auto opened = TraceWriter::open(show.trace, source);
    if (!opened) return complain(opened.error());
    trace = std::move(*opened);
  }
  Page page(stdout);
  Story story(page);
  const bool told = !show.json && !show.quiet;
  if (told && trace) {
    Both both(story, *trace);
    result = play(source, options, &both);
  } else {
    result = play(source, options, told ? static_cast<Spectator*>(&story) : trace.get());
  }
  if (show.json) {
    fmt::print("{}\n", json_line(result_json(result, *source.scenario)));
  } else if (show.quiet) {
    summarize_briefly(page, result, *source.scenario);
  } else {
    summarize(page, result, *source.scenario);
  }
  std::fflush(stdout);
  if (trace) {
    if (const auto finished = trace->finish(); !finished) return complain(finished.error());
  }
  return result.pass ? kAllHeld : kFailed;
}

}  // namespace

int run_command(const RunArguments& arguments) {
  const auto source = load_source({.scenario_path = arguments.scenario,
                                   .seed = arguments.seed,
                                   .schedule_path = arguments.schedule,
                                   .overrides = arguments.overrides});
  if (!source) return complain(source.error());
  sim::RunResult result;
  return perform(*source, arguments.world, {arguments.json, arguments.quiet, arguments.trace}, result);
}

int replay_command(const ReplayArguments& arguments) {
  const auto recorded = load_recorded(arguments.path);
  if (!recorded) return complain(recorded.error());
  sim::RunResult result;
  const int status = perform(recorded->source, {}, {arguments.json, arguments.quiet, arguments.trace}, result);
  if (status == kBadInput) return status;
  // With --json standard output is one object; the comparison is for people.
  std::FILE* out = arguments.json ? stderr : stdout;
  if (!recorded->fingerprint) {
    fmt::print(out, "      the record ends before the run did, so there is no fingerprint to compare with\n");
  } else if (*recorded->fingerprint == result.fingerprint) {
    fmt::print(out, "      the same fingerprint as recorded: this was the same run, event for event\n");
  } else if (recorded->build == build_text()) {
    fmt::print(out,
               "      NOT the run that was recorded: its fingerprint is {}\n"
               "      The build calls itself the same, {}: the record or the sources have changed since.\n",
               hex16(*recorded->fingerprint), build_text());
  } else {
    fmt::print(out,
               "      NOT the run that was recorded: its fingerprint is {}\n"
               "      It was recorded by {}, and this is {}.\n",
               hex16(*recorded->fingerprint), recorded->build, build_text());
  }
  return status;
}

}  // namespace dkv::cli
