#include "cli/run/perform.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/run/play.h"
#include "cli/run/result_json.h"
#include "cli/run/story.h"
#include "cli/run/summary.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/text.h"
#include "cli/trace/trace_writer.h"

namespace dkv::cli {

int complain_of_input(const std::string& what) {
  fmt::print(stderr, "{}\n", what);
  return kBadInput;
}

int perform(const Source& source, const sim::WorldOptions& options, const Show& show, sim::RunResult& result) {
  std::unique_ptr<TraceWriter> trace;
  if (!show.trace.empty()) {
    auto opened = TraceWriter::open(show.trace, source);
    if (!opened) return complain_of_input(opened.error());
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
    if (const auto finished = trace->finish(); !finished) return complain_of_input(finished.error());
  }
  return result.pass ? kAllHeld : kFailed;
}

}  // namespace dkv::cli
