#include "sim/capsule/capsule.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kLineBytesMax = 16 * 1024;
constexpr std::size_t kOverridesMax = 1000;
constexpr Range<std::uint64_t> kAny{0, std::numeric_limits<std::uint64_t>::max()};

std::string hex(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i > 0; --i, number >>= 4) text[i - 1] = kDigits[number & 15];
  return text;
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    number = number << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return number;
}

std::string block_text(const std::string& text) {
  // The indentation is explicit, because the text may begin with spaces. '+' keeps every newline; '-' says that there
  // is none at the end.
  std::string block = text.ends_with('\n') ? "|2+\n" : "|2-\n";
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) block += "  " + text.substr(begin, end - begin);
    block += '\n';
    begin = end + 1;
  }
  return block;
}

void read_overrides(const Yaml& value, std::vector<std::string>& overrides, Complaints& complaints) {
  for (const Yaml& item : read_list(value, "set", "[\"cluster.w=1\"]", kOverridesMax, complaints)) {
    std::string text;
    if (read_text(item, "set", kLineBytesMax, text, complaints)) overrides.push_back(std::move(text));
  }
}

void read_head(const Fields& fields, Capsule& capsule, Complaints& complaints) {
  std::uint64_t version = 0;
  if (fields.need("capsule", "1") != nullptr && fields.whole("capsule", kAny, version) && version != kVersion) {
    complaints.add(fields.place_of("capsule"), "a capsule of version " + std::to_string(version),
                   "this build reads version " + std::to_string(kVersion));
  }
  fields.text("build", kLineBytesMax, capsule.build);
  fields.text("violation", kLineBytesMax, capsule.violation);
  fields.text("scenario", kLineBytesMax, capsule.scenario.name);
  fields.need("seed", "7");
  fields.whole("seed", kAny, capsule.seed);
  const Yaml* fingerprint = fields.need("fingerprint", "\"00000000000000ff\"");
  if (fingerprint != nullptr && is_word(*fingerprint, "fingerprint", "\"00000000000000ff\"", complaints)) {
    const auto number = parse_hex(fingerprint->text);
    if (number) {
      capsule.fingerprint = *number;
    } else {
      complaints.add(fingerprint->place, quoted(fingerprint->text) + " is not a fingerprint",
                     "sixteen hexadecimal digits in quotes, such as \"00000000000000ff\"");
    }
  }
  fields.text("scenario_text", kYamlBytesMax, capsule.scenario_text);
  if (const Yaml* set = fields.find("set")) read_overrides(*set, capsule.overrides, complaints);
  std::uint64_t swarm_seed = 0;
  if (fields.whole("swarm_seed", kAny, swarm_seed)) capsule.swarm_seed = swarm_seed;
}

// False after a complaint in `complaints` or in `inner`.
bool make_scenario(const Fields& fields, const std::string& file_name, DrawSwarm draw_swarm, Capsule& capsule,
                   Complaints& complaints, std::vector<Complaint>& inner) {
  const bool has_text = fields.find("scenario_text") != nullptr;
  const bool has_swarm = fields.find("swarm_seed") != nullptr;
  if (has_text == has_swarm) {
    complaints.add(fields.place_of(has_swarm ? "swarm_seed" : "capsule"),
                   has_text ? "both 'scenario_text' and 'swarm_seed'" : "neither 'scenario_text' nor 'swarm_seed'",
                   "exactly one of them must be the source of the scenario");
    return false;
  }
  const std::string name = capsule.scenario.name;
  if (has_swarm) {
    if (!capsule.swarm_seed) return false;
    if (draw_swarm == nullptr) {
      complaints.add(fields.place_of("swarm_seed"), "a scenario of the swarm", "this program cannot draw it");
      return false;
    }
    if (!capsule.overrides.empty()) {
      complaints.add(fields.place_of("set"), "'set' with 'swarm_seed'", "only a scenario_text can be changed");
      return false;
    }
    capsule.scenario = draw_swarm(*capsule.swarm_seed);
  } else {
    auto loaded = load_scenario_text(capsule.scenario_text, file_name + " (scenario_text)", capsule.overrides);
    if (!loaded) {
      inner = std::move(loaded.error());
      return false;
    }
    capsule.scenario = std::move(*loaded);
  }
  if (!name.empty()) capsule.scenario.name = name;
  capsule.scenario.seed = capsule.seed;
  return true;
}

}  // namespace

Loaded<Capsule> load_capsule_text(std::string_view text, const std::string& file_name, DrawSwarm draw_swarm) {
  Complaints complaints(file_name);
  std::vector<Complaint> inner;
  Capsule capsule;
  const std::optional<Yaml> tree = parse_yaml(text, "capsule", kCapsuleBytesMax, complaints);
  if (tree) {
    const Fields fields(*tree, "capsule", kCapsuleKeys, complaints);
    if (fields.is_map()) {
      read_head(fields, capsule, complaints);
      const Yaml* schedule = fields.need("schedule", "[]");
      // Without its scenario no node has a name, and every word of the schedule would cause a complaint.
      if (make_scenario(fields, file_name, draw_swarm, capsule, complaints, inner) && schedule != nullptr) {
        const NodeNames names(capsule.scenario.cluster.members, true);
        capsule.schedule = sorted_schedule(read_faults(*schedule, names, capsule.scenario, nullptr, complaints));
      }
    }
  }
  if (complaints.empty() && inner.empty()) return capsule;
  std::vector<Complaint> all = complaints.take();
  for (Complaint& complaint : inner) {
    if (all.size() < kComplaintsMax) all.push_back(std::move(complaint));
  }
  return tl::unexpected(std::move(all));
}

Loaded<Capsule> load_capsule_file(const std::string& path, DrawSwarm draw_swarm) {
  Complaints complaints(path);
  const std::optional<std::string> text = read_text_file(path, kCapsuleBytesMax, complaints);
  if (!text) return tl::unexpected(complaints.take());
  return load_capsule_text(*text, path, draw_swarm);
}

std::string write_capsule(const Capsule& capsule) {
  std::string text =
      "# One run, complete: play it again with `distri-kv replay`, make it smaller with `distri-kv shrink`.\n";
  text += "capsule: " + std::to_string(kVersion) + "\n";
  text += "build: " + flow_word(capsule.build) + "\n";
  text += "scenario: " + flow_word(capsule.scenario.name) + "\n";
  text += "seed: " + std::to_string(capsule.seed) + "\n";
  // In quotes, because some YAML readers would read it as a number.
  text += "fingerprint: \"" + hex(capsule.fingerprint) + "\"\n";
  text += "violation: " + flow_word(capsule.violation) + "\n";
  if (capsule.swarm_seed) {
    text += "swarm_seed: " + std::to_string(*capsule.swarm_seed) + "\n";
  } else {
    if (!capsule.overrides.empty()) {
      text += "set:\n";
      for (const std::string& assignment : capsule.overrides) text += "  - " + flow_word(assignment) + "\n";
    }
    text += "scenario_text: " + block_text(capsule.scenario_text);
  }
  return text + write_schedule(capsule.schedule, capsule.scenario);
}

}  // namespace dkv::sim
