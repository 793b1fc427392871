// distri-kv: the store, its simulator and their tools on the command line.
#include <cstdio>
#include <exception>

#include "cli/command.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/out_of_memory.h"

int main(int argc, char** argv) {
  dkv::cli::end_when_out_of_memory();
  try {
    return dkv::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "distri-kv: %s\n", error.what());
    return dkv::cli::kBadInput;
  }
}
