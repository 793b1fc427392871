#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dkv::cli {

class Options;

// One command of the program. It is created when the command line names it, declares its options, and runs once.
class Command {
 public:
  virtual ~Command() = default;
  // Variables that are passed to `options` must live as long as the command.
  virtual void declare(Options& options) = 0;
  // Called after all options have been read. Returns one sentence if they contradict each other, otherwise nothing.
  virtual std::string check(const Options& /*options*/) { return {}; }
  // Returns the exit status of the process, see terminal/exit_status.h.
  virtual int run() = 0;
};

// The name of a command on the command line, and its texts for --help.
struct CommandEntry {
  const char* path;   // the words that name it: "run", "cluster start"
  const char* about;  // one line
  const char* more;   // shown below the options in its own help: examples, exit statuses; may be empty
  std::unique_ptr<Command> (*make)();
};

template <class T>
std::unique_ptr<Command> make_command() {
  return std::make_unique<T>();
}

// A first word with commands under it, such as "cluster".
struct CommandGroup {
  const char* name;
  const char* about;
  const char* more;
};

// The tables of commands.cpp, in the order of --help.
std::span<const CommandEntry* const> commands() noexcept;
std::span<const CommandGroup> command_groups() noexcept;
// Commands that are announced but do not exist yet.
std::span<const std::string_view> planned_commands() noexcept;

// Reads the command line and runs the command that it names. Prints help and version to standard output, and errors
// to standard error. Returns the exit status.
int run_command_line(int argc, const char* const* argv);

}  // namespace dkv::cli
