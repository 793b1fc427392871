#include "viz/views/story_lines.h"

#include <algorithm>
#include <cctype>

#include "viz/views/event_words.h"
#include "viz/views/words.h"
#include "viz/views/workspace.h"

namespace dkv::viz {
namespace {

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return part.empty() || !std::ranges::search(text, part, same).empty();
}

bool is_bad(const Note& note) {
  if (note.kind == NoteKind::kFaultBegins) return true;
  if (note.kind == NoteKind::kNode) {
    const auto change = static_cast<sim::NodeChange>(note.what);
    return change != sim::NodeChange::kStarted && change != sim::NodeChange::kResumed;
  }
  return note.kind == NoteKind::kObserved && (static_cast<Observed>(note.what) == Observed::kStorageFailed ||
                                              static_cast<Observed>(note.what) == Observed::kDamageFound ||
                                              static_cast<Observed>(note.what) == Observed::kHintRefused ||
                                              static_cast<Observed>(note.what) == Observed::kHintLost);
}

}  // namespace

const std::vector<StoryRow>& StoryLines::of(const Workspace& workspace) {
  const Branch& branch = workspace.session.branch();
  const std::uint64_t bytes = branch.log.bytes();
  const bool same_run = branch_ == branch.id && explored_ == branch.explored && commands_ == branch.commands.size() &&
                        log_bytes_ == bytes;
  // While the run is being played, the list is updated only now and then instead of in each frame.
  const bool soon = branch_ == branch.id && workspace.session.busy() && branch.explored < explored_ + 20'000 &&
                    branch.explored >= explored_;
  if ((same_run || soon) && filter_ == workspace.story_filter && details_ == workspace.story_details) return lines_;
  branch_ = branch.id;
  explored_ = branch.explored;
  commands_ = branch.commands.size();
  log_bytes_ = bytes;
  filter_ = workspace.story_filter;
  details_ = workspace.story_details;
  lines_.clear();
  cut_short_ = false;
  const auto add = [&](StoryRow line) {
    if (!contains(line.what, filter_) && !contains(line.who, filter_)) return;
    if (lines_.size() < kMost) {
      lines_.push_back(std::move(line));
    } else {
      cut_short_ = true;
    }
  };
  branch.log.each_note(0, branch.explored, [&](const Note& note) {
    if (!details_ && is_detail(note)) return;
    const NodeId node = long_node(note.node);
    add({.event = note.event,
         .at_ns = note.at_ns,
         .node = node,
         .who = node == kNoNode ? "" : node_name(workspace.world(), node),
         .what = note_words(workspace, note),
         .bad = is_bad(note),
         .yours = note.kind == NoteKind::kCommand});
  });
  branch.log.each_operation(0, branch.explored, [&](const OperationRecord& operation) {
    if (!details_ && is_detail(workspace, operation)) return;
    add({.event = operation.event,
         .at_ns = operation.finished_ns,
         .node = long_node(operation.via),
         .who = node_name(workspace.world(), long_node(operation.via)),
         .what = operation_words(workspace, operation),
         .bad = operation.end != OperationEnd::kDone});
  });
  for (const FoundViolation& found : branch.violations) {
    add({.event = found.event,
         .at_ns = found.violation.at_ns,
         .node = found.violation.node,
         .who = std::string("oracle ") + sim::invariant_code(found.violation.invariant),
         .what =
             std::string(sim::invariant_name(found.violation.invariant)) + " is violated: " + found.violation.detail,
         .bad = true});
  }
  std::ranges::stable_sort(lines_, {}, &StoryRow::event);
  return lines_;
}

}  // namespace dkv::viz
