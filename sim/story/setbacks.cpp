#include "sim/story/setbacks.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/names.h"
#include "sim/faults/catalogue.h"
#include "sim/story/text.h"

namespace dkv::story {
namespace {

using sim::Absence;
using sim::Answered;

// Why the node had not the write, as the end of a sentence that begins with its name.
std::string absence_words(const Answered& answered, NodeId writer, const sim::Scenario& scenario) {
  const std::string from = node_name(scenario, writer);
  const std::string at = clock_time(std::max<TimeNs>(answered.at_ns, 0));
  switch (answered.why) {
    case Absence::kNotKnown: return "did not have it; why is not known";
    case Absence::kLost:
      return fmt::format("never got it: the network lost the copy from {} at {}{}", from, at,
                         answered.fault ? fmt::format(" ({})", sim::fault_name(*answered.fault)) : std::string());
    case Absence::kOnItsWay:
      return fmt::format("did not have it yet: the copy that {} sent at {} was on its way", from, at);
    case Absence::kHeldBack:
      return fmt::format("did not have it yet: the copy from {} came at {}, and waited for its process", from, at);
    case Absence::kDown: return fmt::format("never got it: it was down when the copy from {} came at {}", from, at);
    case Absence::kTooLate: return fmt::format("dropped the copy at {}: it came too late", at);
    case Absence::kUnreachable:
      return fmt::format("never got it: {} considered it unreachable at {}, and sent it no copy", from, at);
    case Absence::kNotSent: return fmt::format("never got it: {} sent it no copy; why is not known", from);
    case Absence::kNotStored: return fmt::format("did not show it yet: the copy came at {}, and was not stored", at);
    case Absence::kProcessEnded: return fmt::format("had it, and lost it when its process ended at {}", at);
    case Absence::kDiskGone: return fmt::format("had it, and lost it with its disk at {}", at);
    case Absence::kDamaged: return fmt::format("had it, and found it damaged at {}", at);
    case Absence::kPrefers: return fmt::format("preferred another version at {}, by last-write-wins", at);
    case Absence::kStandIn: return "stands in for a primary, and has no hint of it";
    case Absence::kShown: return "answered with it; why it is not shown is not known";
  }
  return {};
}

bool readable(std::string_view text) {
  return std::ranges::none_of(text, [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return code < 0x20 || code >= 0x7f;
  });
}

std::string holders_words(const sim::Setback& stale, const sim::Scenario& scenario) {
  std::vector<std::string> names;
  for (const sim::Holder& holder : stale.holders) {
    const std::string& name = node_name(scenario, holder.node);
    names.push_back(
        holder.owner == kNoNode ? name : fmt::format("{} (a hint for {})", name, node_name(scenario, holder.owner)));
  }
  if (names.empty()) return "no disk holds it";
  return fmt::format("{} {} it", listed(names), names.size() == 1 ? "holds" : "hold");
}

}  // namespace

const char* absence_name(Absence absence) noexcept {
  static constexpr Word<Absence> kWords[] = {
      {"not_known", Absence::kNotKnown},         {"lost", Absence::kLost},          {"on_its_way", Absence::kOnItsWay},
      {"held_back", Absence::kHeldBack},         {"down", Absence::kDown},          {"too_late", Absence::kTooLate},
      {"unreachable", Absence::kUnreachable},    {"not_sent", Absence::kNotSent},   {"not_stored", Absence::kNotStored},
      {"process_ended", Absence::kProcessEnded}, {"disk_gone", Absence::kDiskGone}, {"damaged", Absence::kDamaged},
      {"prefers_another", Absence::kPrefers},    {"stand_in", Absence::kStandIn},   {"shown", Absence::kShown}};
  static_assert(names_each(kWords));
  return name_of(kWords, absence);
}

std::string write_words(WriteTag tag, bool remove, bool has_value, const Blob& value) {
  if (remove) return fmt::format("the delete #{}", tag);
  if (!has_value || !readable(value.view())) return fmt::format("#{}", tag);
  return fmt::format("{} (#{})", shown(value.view(), 30), tag);
}

std::string cause_words(const sim::StaleCause& cause, const sim::Setback& stale, const sim::Scenario& scenario) {
  std::string text;
  if (!cause.known || cause.answered.empty()) text = "who answered is not known";
  for (const Answered& answered : cause.answered) {
    const bool alone = cause.answered.size() == 1;
    text += fmt::format("{}{}{} {}", text.empty() ? "" : "; ", node_name(scenario, answered.node),
                        alone ? ", which answered alone," : "", absence_words(answered, cause.writer, scenario));
  }
  return text + "; " + holders_words(stale, scenario);
}

std::string setback_words(const sim::Setback& setback, const sim::StaleCause& cause, const sim::Scenario& scenario) {
  const std::string write = write_words(setback.write, setback.remove, setback.has_value, setback.value);
  const std::string by = write_words(setback.by, setback.by_remove, setback.by_has_value, setback.by_value);
  const std::string done = clock_time(setback.acknowledged_ns);
  switch (setback.kind) {
    case sim::SetbackKind::kStaleRead:
      return fmt::format("misses {}, acknowledged at {}: {}", write, done, cause_words(cause, setback, scenario));
    case sim::SetbackKind::kDiscarded:
      return fmt::format("discards {}, acknowledged at {}, for {}, whose writer had not seen it", write, done, by);
    case sim::SetbackKind::kLost:
      return fmt::format("{}, acknowledged at {}, is lost: {}", write, done, setback.detail);
    case sim::SetbackKind::kReturned:
      return fmt::format("finds {} again, although {} was acknowledged at {}; the delete is lost: {}", by, write, done,
                         setback.detail);
  }
  return {};
}

std::string paths_off(const sim::Scenario& scenario, std::uint64_t hints_expired) {
  const NodeConfig& node = scenario.cluster.node;
  std::vector<std::string> off;
  if (!node.read_repair) off.emplace_back("read repair is off");
  if (node.anti_entropy_every_ns == 0) off.emplace_back("anti-entropy is off");
  if (hints_expired > 0) {
    off.push_back(fmt::format("{} expired after {}", counted(hints_expired, "hint"), duration(node.hint_ttl_ns)));
  }
  return off.empty() ? std::string() : "; " + listed(off);
}

}  // namespace dkv::story
