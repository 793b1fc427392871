#include "cli/run/perform.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "cli/run/play.h"
#include "cli/run/result_json.h"
#include "cli/run/setback_list.h"
#include "cli/run/story.h"
#include "cli/run/summary.h"
#include "cli/run/why.h"
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
  SetbackList setbacks;
  Spectator* teller = told ? static_cast<Spectator*>(&story) : show.json ? &setbacks : nullptr;
  if (teller && trace) {
    Both both(*teller, *trace);
    result = play(source, options, &both);
  } else {
    result = play(source, options, teller ? teller : trace.get());
  }
  const std::vector<why::Chain> chains = explain(source, options, result, show.why);
  if (show.json) {
    Json json = result_json(result, *source.scenario);
    json["setbacks"] = setbacks.list();
    json["why"] = chains_json(chains, *source.scenario);
    fmt::print("{}\n", json_line(json));
  } else if (show.quiet) {
    summarize_briefly(page, result, *source.scenario, chains);
  } else {
    summarize(page, result, *source.scenario, chains);
  }
  std::fflush(stdout);
  if (trace) {
    if (const auto finished = trace->finish(); !finished) return complain_of_input(finished.error());
  }
  return result.pass ? kAllHeld : kFailed;
}

}  // namespace dkv::cli
