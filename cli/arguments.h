#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/bench/bench_cluster.h"
#include "engine/runtime/config.h"
#include "sim/world/world.h"

namespace dkv::cli {

struct RunArguments {
  std::string scenario;
  std::optional<std::uint64_t> seed;
  bool json = false;
  bool quiet = false;
  std::string trace;     // path; empty: none
  std::string schedule;  // path; empty: drawn
  std::vector<std::string> overrides;
  sim::WorldOptions world;
};

struct ReplayArguments {
  std::string path;
  bool json = false;
  bool quiet = false;
  std::string trace;
};

struct FuzzArguments {
  std::string scenario;  // empty: the swarm
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 100;  // included
  std::uint32_t jobs = 0;         // 0: as many as there are processors
  TimeNs time_ns = 0;             // 0: no limit
  bool json = false;
  std::string out = "out";
  std::vector<std::string> overrides;
};

struct BenchArguments {
  std::uint32_t nodes = 5;
  std::uint32_t keys = 1000;
  std::uint64_t events = 1'000'000;  // measured, for each variant and repetition
  std::uint32_t repetitions = 5;
  TimeNs time_ns = 0;  // instead of events: CPU time for each
  bool json = false;
};

struct StoreBenchArguments {
  std::string folder;  // empty: $TMPDIR, or the current one
  std::string only;    // one of store_bench_parts(); empty: all
  std::uint64_t keys = 1'000'000;
  std::uint64_t events = 1'000'000;  // operations of each fast measurement
  std::uint32_t repetitions = 5;
  bool json = false;
};

struct ServeArguments {
  std::string config;  // path; empty: one node on loopback
  ServerOverrides overrides;
};

enum class ClientVerb : std::uint8_t { kGet, kPut, kDelete, kStatus, kRing, kPreflist, kExplain };

struct ClientArguments {
  ClientVerb verb = ClientVerb::kGet;
  std::string key;
  std::string bucket = "default";
  std::string value;         // "-": standard input
  std::string content_type;  // empty: text, or bytes when it is no UTF-8
  std::string context;       // of a read, as it was printed; empty: what is there now is replaced
  bool blind = false;        // put: as if nothing had been read
  std::string at;            // "host:port"; empty: $DISTRI_KV_AT, the local cluster, or 127.0.0.1:8098
  std::string r, w, pr, pw;  // as the API takes them; empty: the cluster's own
  TimeNs timeout_ns = 0;     // 0: the cluster's own
  bool json = false;
};

enum class ClusterVerb : std::uint8_t { kStart, kStop, kStatus, kKill, kPause, kResume, kRestart };

struct ClusterArguments {
  ClusterVerb verb = ClusterVerb::kStatus;
  std::string node;                    // kKill and behind
  std::string folder;                  // empty: below the user's state folder
  std::optional<std::uint32_t> nodes;  // kStart; unset: as the folder has it, or 3
  std::optional<std::uint16_t> port;   // kStart: the first node's; 0: any free ones
  std::vector<std::string> sets;       // "path=value", as for serve
  bool json = false;
};

// What is to be done, or the exit status of what is done already (help, version, a complaint).
using Arguments = std::variant<int, RunArguments, ReplayArguments, FuzzArguments, BenchArguments, StoreBenchArguments,
                               ServeArguments, ClusterBenchArguments, ClientArguments, ClusterArguments>;

// Prints help and version to standard output, complaints to standard error.
Arguments parse_arguments(int argc, const char* const* argv);

}  // namespace dkv::cli
