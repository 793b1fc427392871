#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/capsule/capsule.h"
#include "sim/capsule/source.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

using sim::Source;
using sim::SourceRequest;

// An error is a complete line for standard error: "file:line:column: what, and what was meant".
template <typename T>
using Found = tl::expected<T, std::string>;

Found<Source> load_source(const SourceRequest& request);

// A run from a file, with its recorded results. An empty fingerprint means that the run was not finished.
struct Recorded {
  Source source;
  std::string build;
  std::optional<std::uint64_t> fingerprint;
};
// Loads a capsule or a trace; the first bytes tell which.
Found<Recorded> load_recorded(const std::string& path);
// A capsule, a trace or a scenario. The latter has no build and no fingerprint; seed, schedule and overrides are for
// scenarios only.
Found<Recorded> load_run(const SourceRequest& request);

// Makes the capsule of a run. Its violation is the first failure, in one line.
sim::Capsule make_capsule(const Source& source, const sim::RunResult& result);
// The first failure in one line; empty when everything held.
std::string first_failure(const sim::RunResult& result);

}  // namespace dkv::cli
