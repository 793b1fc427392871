#include "viz/views/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "engine/core/hash.h"
#include "sim/faults/catalogue.h"
#include "sim/network/message_traits.h"
#include "sim/story/words.h"
#include "viz/model/short_names.h"
#include "viz/views/workspace.h"

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

std::string node_label(const Workspace& workspace, NodeId node, float width) {
  const std::string name = node_name(workspace.world(), node);
  if (size_of(name).x <= width) return name;
  const auto most = static_cast<std::size_t>(std::max(width / size_of("n").x, 1.0f));
  auto& known = const_cast<Workspace&>(workspace).memory<std::map<std::size_t, std::vector<std::string>>>()[most];
  if (known.empty()) {
    std::vector<std::string> names;
    for (const Member& member : workspace.world().scenario().cluster.members) names.push_back(member.name);
    known = short_names(names, most);
  }
  return node < known.size() ? known[node] : name;
}

std::string session_name(const sim::World& world, std::uint32_t session) {
  const std::string* name = world.clients().session_name(session);
  return name && !name->empty() ? *name : fmt::format("client {}", session);
}

namespace {

// The length of the letter that begins here, and its code point; length 0: these bytes are no UTF-8.
struct Letter {
  std::size_t bytes = 0;
  std::uint32_t code = 0;
};

Letter letter_at(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return {1, first};
  const std::size_t length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (first >= 0xf5 || length == 0 || at + length > bytes.size()) return {};
  std::uint32_t code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(at + i) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < kLeast[length] || surrogate || code > 0x10ffff ? Letter{} : Letter{length, code};
}

// Whether the font can draw it. Without a font, as in tests, everything counts as drawable.
bool drawable(std::uint32_t code) {
  if (!ImGui::GetCurrentContext() || !ImGui::GetFont()) return true;
  return code <= IM_UNICODE_CODEPOINT_MAX && ImGui::GetFont()->FindGlyphNoFallback(static_cast<ImWchar>(code));
}

}  // namespace

std::string shown(std::string_view bytes, std::size_t most) {
  std::string text;
  std::size_t letters = 0, at = 0;
  for (; at < bytes.size() && letters < most; ++letters) {
    const Letter letter = letter_at(bytes, at);
    const bool control = letter.code < 0x20 || (letter.code >= 0x7f && letter.code < 0xa0);
    if (letter.bytes == 0 || control) {
      text += '.';
    } else if (drawable(letter.code)) {
      text += bytes.substr(at, letter.bytes);
    } else {
      text += fmt::format("{{U+{:04X}}}", letter.code);
    }
    at += std::max<std::size_t>(letter.bytes, 1);
  }
  return at < bytes.size() ? text + "…" : text;
}

std::string ordinal(std::uint64_t number) {
  const bool teens = number % 100 / 10 == 1;
  const char* end = teens || number % 10 == 0 || number % 10 > 3 ? "th"
                    : number % 10 == 1                           ? "st"
                    : number % 10 == 2                           ? "nd"
                                                                 : "rd";
  return std::to_string(number) + end;
}

std::string value_words(const Workspace& workspace, WriteTag tag, std::string_view bytes, std::size_t most) {
  const auto& writes = workspace.session.branch().writes;
  if (tag == 0 || tag > writes.size() || writes[tag - 1].number == 0) return shown(bytes, most);
  const WriteNumber& write = writes[tag - 1];
  if (workspace.world().clients().session_name(write.session)) return shown(bytes, most);
  return fmt::format("client {}'s {} write", write.session, ordinal(write.number));
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
    case sim::Leg::kHint: return "a copy for a stand-in, or a hint on its way to the primary that it is for";
    case sim::Leg::kRepair: return "a newer version for a replica that answered a read with an older one";
    case sim::Leg::kAntiEntropy: return "anti-entropy: Merkle trees are compared, and differences are exchanged";
  }
  return "";
}

std::string flight_meaning(const sim::World& world, const sim::Flight& flight) {
  const auto* put = flight.message ? std::get_if<ReplicaPut>(flight.message) : nullptr;
  if (!put) {
    return flight.message ? sim::words_of_message(flight.message->index()).meaning : leg_meaning(flight.leg);
  }
  switch (put->reason) {
    case CopyReason::kHint:
      return "a copy for a stand-in: " + node_name(world, flight.to) + " keeps it as a hint for " +
             node_name(world, put->hint_for);
    case CopyReason::kHintDelivery: return "a hint on its way to " + node_name(world, flight.to) + ", which it is for";
    case CopyReason::kWrite:
    case CopyReason::kReadRepair:
    case CopyReason::kAntiEntropy: break;
  }
  return leg_meaning(flight.leg);
}

std::string setback_title(const FoundSetback& found) {
  const std::string key = shown(found.setback.key, 24);
  switch (found.setback.kind) {
    case sim::SetbackKind::kStaleRead: return "stale read of " + key;
    case sim::SetbackKind::kDiscarded: return "an acknowledged write of " + key + " is discarded";
    case sim::SetbackKind::kLost: return "an acknowledged write of " + key + " is lost";
    case sim::SetbackKind::kReturned: return "a deleted value of " + key + " is back";
  }
  return {};
}

std::string fault_text(const sim::World& world, const sim::Fault& fault) {
  const story::FaultWords words = story::words_of(fault, world.scenario());
  return words.who == "nodes" ? words.begins : words.who + ": " + words.begins;
}

}  // namespace dkv::viz
