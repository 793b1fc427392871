#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "engine/input/suggest.h"

namespace dkv::cli {
namespace {

constexpr const char* kAbout =
    "Distri-KV: a leaderless, Dynamo-style key-value store, whose production node runs unchanged\n"
    "in a deterministic simulator. A run is a function of the build, the scenario and the seed.";
constexpr const char* kFooter =
    "Examples:\n"
    "  distri-kv cluster start\n"
    "  distri-kv put hello world\n"
    "  distri-kv explain hello\n"
    "  distri-kv run scenarios/partition-heals-sloppy.yaml\n"
    "  distri-kv run scenarios/shopping-carts.yaml --seed 7 --set cluster.w=1\n"
    "  distri-kv fuzz --seeds 1..2000\n"
    "  distri-kv replay out/seed-17.yaml\n\n"
    "Exit status: 0 all held, found, done; 1 an invariant or expectation failed, not found, not done; 2 the input or\n"
    "usage is wrong, or no node can be reached.\n"
    "Help of one command: distri-kv COMMAND --help\n";

int usage_error(const std::string& what, std::string_view of = {}) {
  fmt::print(stderr, "distri-kv: {}\nTry: distri-kv {}{}--help\n", what, of, of.empty() ? "" : " ");
  return kBadInput;
}

// "cluster start" -> {"cluster", "start"}; "run" -> {"", "run"}.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const auto space = path.find(' ');
  if (space == std::string_view::npos) return {{}, path};
  return {path.substr(0, space), path.substr(space + 1)};
}

const CommandGroup* find_group(std::string_view name) {
  for (const CommandGroup& group : command_groups()) {
    if (name == group.name) return &group;
  }
  return nullptr;
}

const CommandEntry* find_command(std::string_view group, std::string_view name) {
  for (const CommandEntry* entry : commands()) {
    if (split(entry->path) == std::pair(group, name)) return entry;
  }
  return nullptr;
}

// The words that are allowed here: commands of the group or, without a group, all commands and groups.
std::vector<std::string> words_of(std::string_view group) {
  std::vector<std::string> words;
  for (const CommandEntry* entry : commands()) {
    const auto [of, name] = split(entry->path);
    if (of == group) words.emplace_back(name);
  }
  if (group.empty()) {
    for (const CommandGroup& known : command_groups()) words.emplace_back(known.name);
  }
  return words;
}

// The command that the first words of a command line name.
struct Named {
  const CommandEntry* entry = nullptr;  // null: the words ask for help or the version, or are wrong
  std::string complaint;
};

Named find_named(std::span<const char* const> words) {
  const auto word = [&](std::size_t i) { return i < words.size() ? std::string_view(words[i]) : std::string_view(); };
  if (word(0).empty() || word(0).starts_with('-')) return {};
  for (const std::string_view planned : planned_commands()) {
    if (word(0) == planned) return {nullptr, fmt::format("'{}' is planned but does not exist yet", planned)};
  }
  if (find_group(word(0)) == nullptr) {
    if (const CommandEntry* entry = find_command({}, word(0))) return {entry, {}};
    return {nullptr, fmt::format("unknown command '{}': {}", word(0), suggest(word(0), words_of({})))};
  }
  if (word(1).starts_with('-')) return {};
  if (const CommandEntry* entry = find_command(word(0), word(1))) return {entry, {}};
  const auto known = words_of(word(0));
  if (word(1).empty()) {
    return {nullptr, fmt::format("{}: a command is missing: {}", word(0), fmt::join(known, ", "))};
  }
  return {nullptr, fmt::format("{}: unknown '{}': {}", word(0), word(1), suggest(word(1), known))};
}

std::string complain_of_extras(const CLI::App& command, std::string_view path) {
  const std::string word = command.remaining().front();
  if (!word.starts_with('-')) return fmt::format("{}: '{}' is one argument too many", path, word);
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string name = word.substr(0, word.find('='));
  return fmt::format("{}: unknown option '{}': {}", path, name, suggest(name, known));
}

// Builds the tree of all commands for the help. Only `named` gets its options.
CLI::App* build_tree(CLI::App& app, const CommandEntry* named) {
  CLI::App* found = nullptr;
  std::map<std::string_view, CLI::App*> groups;
  for (const CommandEntry* entry : commands()) {
    const auto [of, name] = split(entry->path);
    CLI::App* parent = &app;
    if (const CommandGroup* group = find_group(of)) {
      CLI::App*& known = groups[of];
      if (known == nullptr) {
        known = app.add_subcommand(group->name, group->about)->footer(group->more)->require_subcommand(1);
      }
      parent = known;
    }
    CLI::App* command = parent->add_subcommand(std::string(name), entry->about)->footer(entry->more);
    if (entry == named) found = command;
  }
  return found;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  const std::span<const char* const> words(argv + 1, argv + std::max(argc, 1));
  const Named named = find_named(words);
  if (!named.complaint.empty()) return usage_error(named.complaint);

  CLI::App app(kAbout, "distri-kv");
  app.footer(kFooter);
  app.set_version_flag("--version", "distri-kv " + build_text());
  app.require_subcommand(1);
  CLI::App* parsed = build_tree(app, named.entry);
  if (words.empty()) {
    fmt::print(stderr, "{}", app.help());
    return kBadInput;
  }
  std::unique_ptr<Command> command;
  std::optional<Options> options;
  if (parsed != nullptr) {
    command = named.entry->make();
    command->declare(options.emplace(*parsed));
    parsed->allow_extras();
  }
  const std::string_view path = named.entry != nullptr ? named.entry->path : "";
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    app.exit(success);  // prints help or version to standard output
    return kAllHeld;
  } catch (const CLI::ParseError& error) {
    // An unknown option is a better explanation than the argument that is missing because of it.
    if (parsed != nullptr && !parsed->remaining().empty()) return usage_error(complain_of_extras(*parsed, path), path);
    return usage_error(path.empty() ? error.what() : fmt::format("{}: {}", path, error.what()), path);
  }
  if (parsed == nullptr) return usage_error("a command is missing");
  if (!parsed->remaining().empty()) return usage_error(complain_of_extras(*parsed, path), path);
  for (const auto& complaint : {options->read(), command->check(*options)}) {
    if (!complaint.empty()) return usage_error(fmt::format("{}: {}", path, complaint), path);
  }
  return command->run();
}

}  // namespace dkv::cli
