#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "cli/run/source.h"

namespace dkv::cli {

// Makes the run of a seed.
class SeedMaker {
 public:
  // Without a base, every seed draws its own scenario. With own_faults, the base's own faults are the only ones.
  explicit SeedMaker(std::optional<Source> base, bool own_faults = false);
  virtual ~SeedMaker() = default;
  virtual Source make(std::uint64_t seed) const;
  // Whether a palette of all faults was added, because the scenario has none. Its expectations do not take these
  // faults into account, so only invariants are judged.
  bool palette_added() const noexcept { return palette_added_; }

 private:
  std::optional<Source> base_;
  std::shared_ptr<const sim::Scenario> with_palette_;
  bool palette_added_ = false;
};

}  // namespace dkv::cli
