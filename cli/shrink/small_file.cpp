#include "cli/shrink/small_file.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/terminal/text.h"
#include "sim/scenario/write.h"

namespace dkv::cli {
namespace {

constexpr std::size_t kColumns = 110;

std::string comment(const std::string& text) {
  std::string lines;
  for (const std::string& line : wrapped(text, kColumns)) lines += "# " + line + "\n";
  return lines;
}

// "2 faults and ", "no fault, 1 command and ".
std::string faults_and_commands(const sim::Size& size) {
  const std::string faults = counted(size.faults, "fault");
  return size.commands == 0 ? faults + " and " : faults + ", " + counted(size.commands, "command") + " and ";
}

}  // namespace

std::string small_path(const std::string& path) {
  std::filesystem::path small = path;
  std::filesystem::path name = small.filename();
  while (name.has_extension()) name = name.stem();
  return small.replace_filename(name.string() + ".small.yaml").string();
}

std::string what_there_was(const Shrunk& shrunk) {
  return faults_and_commands(shrunk.before) + counted(shrunk.operations_before, "operation");
}

std::vector<std::string> kept_commands(const sim::Scenario& scenario) {
  std::vector<std::string> texts;
  for (const sim::Command& command : scenario.commands) {
    texts.push_back(fmt::format("{}, before event {}", sim::command_text(command, scenario), command.at_event));
  }
  return texts;
}

std::string what_is_left(const Shrunk& shrunk) {
  const sim::Size& size = shrunk.after;
  const std::string faults = faults_and_commands(size);
  if (size.clients == 0) return faults + counted(size.operations, "step");
  return faults + counted(shrunk.operations_after, "operation") + " of " + counted(size.clients, "client");
}

std::string small_file_text(const Shrunk& shrunk, const std::string& source, const std::string& file) {
  const std::string fails = sim::target_text(shrunk.failure.target);
  std::string text = comment("What fails: " + fails + ".");
  const std::string at = shrunk.failure.at_ns >= 0 ? "at " + clock_time(shrunk.failure.at_ns) : std::string();
  const std::string key =
      shrunk.failure.key.empty() ? "" : (at.empty() ? "key " : ", key ") + shown(shrunk.failure.key);
  text += comment(at + key + (at.empty() && key.empty() ? "" : ": ") + shrunk.failure.detail);
  text += comment(
      fmt::format("`distri-kv shrink` cut {} from {} to {}.", source, what_there_was(shrunk), what_is_left(shrunk)));
  for (const std::string& command : kept_commands(shrunk.scenario)) {
    text += comment("It needs this command of the debugger: " + command + ".");
  }
  text += comment(fmt::format("Play it: distri-kv run {}", file));
  sim::Scenario scenario = shrunk.scenario;
  scenario.about = "What is left of " + source + " when everything is cut that its failure does not need.";
  return text + sim::write_scenario(scenario);
}

std::string other_file_text(const sim::Shrinker::Other& other, const std::string& file) {
  std::string text = comment("What fails: " + sim::target_text(other.failure.target) + ".");
  text += comment(other.failure.detail);
  text += comment(fmt::format("`distri-kv shrink` met this while it cut another failure, and has not cut it."));
  text += comment(fmt::format("Play it: distri-kv run {}", file));
  sim::Scenario scenario = other.scenario;
  scenario.about.clear();
  return text + sim::write_scenario(scenario);
}

}  // namespace dkv::cli
