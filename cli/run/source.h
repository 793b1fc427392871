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

// Errors are whole lines for standard error: "file:line:column: what, and what was meant".
template <typename T>
using Found = tl::expected<T, std::string>;

Found<Source> load_source(const SourceRequest& request);

// The run of a capsule, and what was written down of it. Empty fingerprint: it was not finished.
struct Recorded {
  Source source;
  std::string build;
  std::optional<std::uint64_t> fingerprint;
};
// A capsule, or a trace (which is told by its first bytes).
Found<Recorded> load_recorded(const std::string& path);

// The capsule of a run. violation: what failed, in one line.
sim::Capsule make_capsule(const Source& source, const sim::RunResult& result);
// What failed first, in one line; empty when all held.
std::string first_failure(const sim::RunResult& result);

}  // namespace dkv::cli
