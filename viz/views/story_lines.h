#pragma once

#include <string>
#include <vector>

#include "viz/model/session.h"

namespace dkv::viz {

struct Workspace;

// One line of the story.
struct StoryRow {
  EventNumber event = 0;
  TimeNs at_ns = 0;
  NodeId node = kNoNode;
  std::string who, what;
  bool bad = false, yours = false;
};

// The lines of the shown branch that pass the filter, in the order of events. They are collected again only after a
// change, because a story may have a hundred thousand lines.
class StoryLines {
 public:
  const std::vector<StoryRow>& of(const Workspace& workspace);
  bool cut_short() const noexcept { return cut_short_; }

 private:
  static constexpr std::size_t kMost = 200'000;
  BranchId branch_ = kNoBranch;
  EventNumber explored_ = 0;
  std::size_t commands_ = 0;
  std::uint64_t log_bytes_ = 0;
  std::string filter_;
  bool details_ = false;
  bool cut_short_ = false;
  std::vector<StoryRow> lines_;
};

}  // namespace dkv::viz
