#include "cli/trace/trace_reader.h"

#include <fmt/format.h>

#include <charconv>

#include "cli/terminal/json.h"
#include "cli/trace/trace_format.h"
#include "cli/trace/zstd_file.h"

namespace dkv::cli {
namespace {

Found<TraceEnds> read_header(const std::string& path, const std::string& line) {
  try {
    const Json header = parse_json(line);
    if (!header.is_object()) return tl::unexpected(path + ": not a trace: its first line is not a JSON object");
    if (header.at("kind") != "header") return tl::unexpected(path + ": not a trace: its first line is not a header");
    if (const int format = header.at("format"); format != kTraceFormat) {
      return tl::unexpected(
          fmt::format("{}: a trace of format {}; this build reads format {}", path, format, kTraceFormat));
    }
    TraceEnds ends{.build = header.at("build"), .scenario_name = header.at("scenario"), .seed = header.at("seed")};
    if (header.contains("swarm_seed")) {
      ends.swarm_seed = header.at("swarm_seed").get<std::uint64_t>();
    } else {
      ends.scenario_text = header.at("scenario_text");
      ends.overrides = header.at("set").get<std::vector<std::string>>();
    }
    ends.schedule_text = header.at("schedule");
    return ends;
  } catch (const Json::exception& error) {
    return tl::unexpected(fmt::format("{}: not a trace that can be replayed: {}", path, error.what()));
  }
}

std::optional<std::uint64_t> fingerprint_of(const std::string& line) {
  const Json last = parse_json(line);
  if (!last.is_object() || last.value("kind", "") != "result") return std::nullopt;
  const std::string hex = last.value("fingerprint", "");
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), number, 16);
  if (error != std::errc() || end != hex.data() + hex.size() || hex.size() != 16) return std::nullopt;
  return number;
}

}  // namespace

bool is_trace(const std::string& path) {
  return is_zstd_file(path);
}

Found<TraceEnds> read_trace(const std::string& path) {
  auto lines = ZstdLines::open(path);
  if (!lines) return tl::unexpected(std::move(lines.error()));
  std::string line;
  if (!(*lines)->next(line)) {
    const std::string& error = (*lines)->error();
    return tl::unexpected(error.empty() ? path + ": not a trace: it has no lines" : error);
  }
  auto ends = read_header(path, line);
  if (!ends) return ends;
  std::string last;
  while ((*lines)->next(line)) std::swap(last, line);
  if (!(*lines)->error().empty()) return tl::unexpected((*lines)->error());
  ends->fingerprint = fingerprint_of(last);
  return ends;
}

}  // namespace dkv::cli
