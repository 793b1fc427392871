#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dkv::cli {

class Options;

// One command of the program. It is made when the command line names it, declares its words, and runs once.
class Command {
 public:
  virtual ~Command() = default;
  // References that are handed to `options` must live as long as the command.
  virtual void declare(Options& options) = 0;
  // Called when every word was read: says in one sentence why the words do not go together; empty when they do.
  virtual std::string check(const Options& /*options*/) { return {}; }
  // The exit status of the process, see terminal/exit_status.h.
  virtual int run() = 0;
};

// How the command line finds a command, and what --help says of it.
struct CommandEntry {
  const char* path;   // the words that name it: "run", "cluster start"
  const char* about;  // one line
  const char* more;   // below the options in its own help: examples, exit statuses; may be empty
  std::unique_ptr<Command> (*make)();
};

template <class T>
std::unique_ptr<Command> make_command() {
  return std::make_unique<T>();
}

// A first word with commands below it, such as "cluster".
struct CommandGroup {
  const char* name;
  const char* about;
  const char* more;
};

// The tables of commands.cpp. The order is that of --help.
std::span<const CommandEntry* const> commands() noexcept;
std::span<const CommandGroup> command_groups() noexcept;
// Commands that are announced and do not exist yet.
std::span<const std::string_view> planned_commands() noexcept;

// Reads the command line and runs the command that it names. Prints help and version to standard output, complaints to
// standard error. Answers with the exit status.
int run_command_line(int argc, const char* const* argv);

}  // namespace dkv::cli
