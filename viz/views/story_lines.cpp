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

void StoryLines::begin_again(const Workspace& workspace) {
  branch_ = workspace.session.branch().id;
  filter_ = workspace.story_filter;
  details_ = workspace.story_details;
  reader_ = LogReader();
  violations_ = failed_steps_ = setbacks_ = 0;
  cut_short_ = false;
  lines_.clear();
  ++version_;
}

void StoryLines::add(StoryRow line) {
  if (!contains(line.what, filter_) && !contains(line.who, filter_)) return;
  if (lines_.size() < kMost) {
    lines_.push_back(std::move(line));
  } else {
    cut_short_ = true;
  }
}

void StoryLines::add_findings(const Workspace& workspace) {
  const Branch& branch = workspace.session.branch();
  for (; violations_ < branch.violations.size(); ++violations_) {
    const FoundViolation& found = branch.violations[violations_];
    add({.event = found.event,
         .at_ns = found.violation.at_ns,
         .node = found.violation.node,
         .who = std::string("oracle ") + sim::invariant_code(found.violation.invariant),
         .what =
             std::string(sim::invariant_name(found.violation.invariant)) + " is violated: " + found.violation.detail,
         .bad = true});
  }
  for (; failed_steps_ < branch.failed_steps.size(); ++failed_steps_) {
    const FailedStep& failed = branch.failed_steps[failed_steps_];
    add({.event = failed.event,
         .at_ns = failed.at_ns,
         .node = kNoNode,
         .who = failed.session,
         .what = "the story expects otherwise: " + failed.why,
         .bad = true});
  }
  for (; setbacks_ < branch.setbacks.size(); ++setbacks_) {
    const FoundSetback& found = branch.setbacks[setbacks_];
    add({.event = found.event,
         .at_ns = found.setback.at_ns,
         .node = found.setback.node,
         .who = "setback",
         .what = setback_title(found) + ": " + found.words,
         .bad = true});
  }
}

const std::vector<StoryRow>& StoryLines::of(const Workspace& workspace) {
  const Branch& branch = workspace.session.branch();
  if (branch_ != branch.id || filter_ != workspace.story_filter || details_ != workspace.story_details) {
    begin_again(workspace);
  }
  const auto before = static_cast<std::ptrdiff_t>(lines_.size());
  const auto note_line = [&](const Note& note) {
    if (!details_ && is_detail(note)) return;
    const NodeId node = long_node(note.node);
    add({.event = note.event,
         .at_ns = note.at_ns,
         .node = node,
         .who = node == kNoNode ? "" : node_name(workspace.world(), node),
         .what = note_words(workspace, note),
         .bad = is_bad(note),
         .yours = note.kind == NoteKind::kCommand});
  };
  const auto operation_line = [&](const OperationRecord& operation) {
    if (!details_ && is_detail(workspace, operation)) return;
    add({.event = operation.event,
         .at_ns = operation.finished_ns,
         .node = long_node(operation.via),
         .who = node_name(workspace.world(), long_node(operation.via)),
         .what = operation_words(workspace, operation),
         .bad = operation.end != OperationEnd::kDone});
  };
  reader_.each_new(branch.log, note_line, operation_line);
  add_findings(workspace);
  const auto fresh = lines_.begin() + before;
  if (fresh == lines_.end()) return lines_;
  std::stable_sort(fresh, lines_.end(), [](const StoryRow& a, const StoryRow& b) { return a.event < b.event; });
  // Parts that were played again may belong before the lines that are there.
  if (fresh != lines_.begin() && fresh->event < (fresh - 1)->event) {
    std::inplace_merge(lines_.begin(), fresh, lines_.end(),
                       [](const StoryRow& a, const StoryRow& b) { return a.event < b.event; });
  }
  ++version_;
  return lines_;
}

}  // namespace dkv::viz
