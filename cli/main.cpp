// distri-kv: the store, its simulator, and what there is to do with both, on the command line.
#include <cstdio>
#include <exception>
#include <variant>

#include "cli/commands.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/out_of_memory.h"

namespace {

struct Carry {
  int operator()(int status) const { return status; }
  int operator()(const dkv::cli::RunArguments& arguments) const { return dkv::cli::run_command(arguments); }
  int operator()(const dkv::cli::ReplayArguments& arguments) const { return dkv::cli::replay_command(arguments); }
  int operator()(const dkv::cli::FuzzArguments& arguments) const { return dkv::cli::fuzz_command(arguments); }
  int operator()(const dkv::cli::BenchArguments& arguments) const { return dkv::cli::bench_command(arguments); }
  int operator()(const dkv::cli::StoreBenchArguments& arguments) const {
    return dkv::cli::bench_store_command(arguments);
  }
  int operator()(const dkv::cli::ClusterBenchArguments& arguments) const {
    return dkv::cli::bench_cluster_command(arguments);
  }
  int operator()(const dkv::cli::ServeArguments& arguments) const { return dkv::cli::serve_command(arguments); }
  int operator()(const dkv::cli::ClientArguments& arguments) const { return dkv::cli::client_command(arguments); }
  int operator()(const dkv::cli::ClusterArguments& arguments) const { return dkv::cli::cluster_command(arguments); }
};

}  // namespace

int main(int argc, char** argv) {
  dkv::cli::end_when_out_of_memory();
  try {
    return std::visit(Carry(), dkv::cli::parse_arguments(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "distri-kv: %s\n", error.what());
    return dkv::cli::kBadInput;
  }
}
