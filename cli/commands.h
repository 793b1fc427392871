#pragma once

#include "cli/arguments.h"

namespace dkv::cli {

// Each answers with the exit status.
int run_command(const RunArguments& arguments);
int replay_command(const ReplayArguments& arguments);
int fuzz_command(const FuzzArguments& arguments);
int bench_command(const BenchArguments& arguments);
int bench_store_command(const StoreBenchArguments& arguments);
int serve_command(const ServeArguments& arguments);
int client_command(const ClientArguments& arguments);
int cluster_command(const ClusterArguments& arguments);

}  // namespace dkv::cli
