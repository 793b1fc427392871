#pragma once

#include <string>
#include <vector>

#include "viz/model/log_reader.h"
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

// The lines of the shown branch that pass the filter, in the order of events. They grow with the run: a story may have
// a hundred thousand lines, and none is made twice, except after a change of the branch, the filter or the details.
class StoryLines {
 public:
  const std::vector<StoryRow>& of(const Workspace& workspace);
  // Grows with each change of the list.
  std::uint64_t version() const noexcept { return version_; }
  bool cut_short() const noexcept { return cut_short_; }

 private:
  static constexpr std::size_t kMost = 200'000;
  void begin_again(const Workspace& workspace);
  void add(StoryRow line);
  void add_findings(const Workspace& workspace);

  BranchId branch_ = kNoBranch;
  std::string filter_;
  bool details_ = false;
  LogReader reader_;
  std::size_t violations_ = 0, failed_steps_ = 0, setbacks_ = 0;  // that have lines
  std::uint64_t version_ = 0;
  bool cut_short_ = false;
  std::vector<StoryRow> lines_;
};

}  // namespace dkv::viz
