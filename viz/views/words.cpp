#include "viz/views/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "engine/core/hash.h"
#include "sim/faults/catalogue.h"

namespace dkv::viz {

std::string time_text(TimeNs at_ns, bool brief) {
  const TimeNs whole = at_ns / kSecond, rest = at_ns % kSecond;
  return brief ? fmt::format("{}.{:03} s", whole, rest / kMillisecond)
               : fmt::format("{}.{:06} s", whole, rest / kMicrosecond);
}

std::string span_text(TimeNs span_ns) {
  const TimeNs size = std::abs(span_ns);
  const auto in = [&](TimeNs unit) { return static_cast<double>(span_ns) / static_cast<double>(unit); };
  if (size < kMicrosecond) return fmt::format("{} ns", span_ns);
  if (size < kMillisecond) return fmt::format("{:.0f} µs", in(kMicrosecond));
  if (size < 100 * kMillisecond) return fmt::format("{:.2f} ms", in(kMillisecond));
  if (size < kSecond) return fmt::format("{:.0f} ms", in(kMillisecond));
  return fmt::format("{:.2f} s", in(kSecond));
}

std::string duration_words(TimeNs at_ns) {
  const auto in = [&](TimeNs unit) { return static_cast<double>(at_ns) / static_cast<double>(unit); };
  if (at_ns == 0) return "0";
  if (at_ns >= kSecond) return fmt::format("{:.10g} s", in(kSecond));
  return at_ns >= kMillisecond ? fmt::format("{:.7g} ms", in(kMillisecond))
                               : fmt::format("{:.4g} µs", in(kMicrosecond));
}

std::string count_text(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string node_name(const sim::World& world, NodeId node) {
  const auto& members = world.scenario().cluster.members;
  return node < members.size() ? members[node].name : std::string("nobody");
}

std::string shown(std::string_view bytes, std::size_t most) {
  std::string text;
  for (const char c : bytes.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte >= 0x20 && byte < 0x7f ? c : '.';
  }
  if (bytes.size() > most) text += "…";
  return text;
}

ImU32 dot_colour(const Theme& theme, const Dot& dot) {
  const std::uint64_t mixed =
      mix64(dot.actor.id.low ^ mix64(dot.actor.id.high + dot.actor.epoch) ^ mix64(dot.counter + 1));
  return theme.of_category(static_cast<std::uint32_t>(mixed >> 33));
}

ImU32 node_colour(const Theme& theme, NodeId node) {
  return theme.of_category(node);
}

ImU32 leg_colour(const Theme& theme, sim::Leg leg) {
  // The category of each leg. Requests of clients and writes stand out; heartbeats stay in the background.
  static constexpr std::array<int, sim::kLegs> kCategory = {3, 0, 1, 2, -1, 5, 6, 4};
  const int category = kCategory[static_cast<std::size_t>(leg)];
  return category < 0 ? theme.faint : theme.category[category];
}

const char* process_name(sim::ProcessState state) {
  switch (state) {
    case sim::ProcessState::kUp: return "up";
    case sim::ProcessState::kStarting: return "starting";
    case sim::ProcessState::kFailed: return "failed";
    case sim::ProcessState::kPaused: return "paused";
    case sim::ProcessState::kDown: return "down";
  }
  return "";
}

const char* process_meaning(sim::ProcessState state) {
  switch (state) {
    case sim::ProcessState::kUp: return "It serves requests.";
    case sim::ProcessState::kStarting:
      return "It reads its disk and makes a new epoch durable. Until then it refuses requests, so that it never issues "
             "a dot twice.";
    case sim::ProcessState::kFailed:
      return "Its disk failed. It answers nothing, because it could not keep its promises.";
    case sim::ProcessState::kPaused:
      return "The process is paused, as in a long garbage collection. Messages to it wait; the others consider it "
             "dead after a while.";
    case sim::ProcessState::kDown: return "There is no process. Synced records are on its disk and come back with it.";
  }
  return "";
}

const char* leg_meaning(sim::Leg leg) {
  switch (leg) {
    case sim::Leg::kClient: return "between a client and a node";
    case sim::Leg::kWrite: return "a new version on its way to a replica";
    case sim::Leg::kRead: return "a coordinator asks a replica for its state";
    case sim::Leg::kReply: return "a replica's answer or acknowledgement";
    case sim::Leg::kHeartbeat: return "a heartbeat: the sender is alive, and whether it hears the receiver";
    case sim::Leg::kHint: return "a hint on its way to the primary that it is for";
    case sim::Leg::kRepair: return "a newer version for a replica that answered a read with an older one";
    case sim::Leg::kAntiEntropy: return "anti-entropy: Merkle trees are compared, and differences are exchanged";
  }
  return "";
}

std::string fault_text(const sim::World& world, const sim::Fault& fault) {
  std::string text = sim::fault_name(fault.kind);
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!fault.from.empty()) text += " " + fault.from + " – " + fault.to;
  std::string groups;
  for (const auto& group : fault.groups) {
    if (!groups.empty()) groups += " | ";
    constexpr std::size_t kNamed = 6;
    for (std::size_t i = 0; i < group.size() && i < kNamed; ++i) {
      groups += (i > 0 ? ", " : "") + node_name(world, group[i]);
    }
    if (group.size() > kNamed) groups += fmt::format(" and {} more", group.size() - kNamed);
  }
  return groups.empty() ? text : text + " {" + groups + "}";
}

}  // namespace dkv::viz
