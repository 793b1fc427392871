// The list of all commands. A new command is a file with its entry, which is declared and listed here.
#include <array>

#include "cli/command.h"

namespace dkv::cli {

extern const CommandEntry kRun, kFuzz, kReplay, kShrink, kVerdict, kLint;
extern const CommandEntry kBenchSim, kBenchStore, kBenchCluster;
extern const CommandEntry kServe;
extern const CommandEntry kClusterStart, kClusterStop, kClusterStatus, kClusterKill, kClusterPause, kClusterResume,
    kClusterRestart;
extern const CommandEntry kGet, kPut, kDelete, kStatus, kRing, kPreflist, kExplain;

std::span<const CommandEntry* const> commands() noexcept {
  static constexpr std::array kAll = {
      &kRun,         &kFuzz,         &kReplay,        &kShrink,         &kVerdict, &kLint,  // the simulator
      &kBenchSim,    &kBenchStore,   &kBenchCluster,                                        // benchmarks
      &kServe,       &kClusterStart, &kClusterStop,   &kClusterStatus,                      // nodes of this machine
      &kClusterKill, &kClusterPause, &kClusterResume, &kClusterRestart,                     //
      &kGet,         &kPut,          &kDelete,        &kStatus,                             // clients
      &kRing,        &kPreflist,     &kExplain,                                             //
  };
  return kAll;
}

std::span<const CommandGroup> command_groups() noexcept {
  static constexpr std::array<CommandGroup, 2> kGroups = {{
      {"bench", "Measure the simulator, the store or a cluster", ""},
      {"cluster", "Run a cluster of real nodes on this machine",
       "Examples:\n"
       "  distri-kv cluster start --nodes 5 --set cluster.n=3 --set log.requests=all\n"
       "  distri-kv cluster kill n2\n"
       "  distri-kv put hello again && distri-kv explain hello\n"
       "  distri-kv cluster restart n2\n"},
  }};
  return kGroups;
}

std::span<const std::string_view> planned_commands() noexcept {
  static constexpr std::array<std::string_view, 2> kPlanned = {"staleness", "explore"};
  return kPlanned;
}

}  // namespace dkv::cli
