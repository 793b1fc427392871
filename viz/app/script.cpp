#include "viz/app/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/input/units.h"
#include "viz/shot/png.h"

namespace dkv::viz {
namespace {

struct Verb {
  std::string_view name;
  std::size_t words;
};
constexpr std::array<Verb, 17> kVerbs = {{{"click", 1},
                                          {"double-click", 1},
                                          {"hover", 1},
                                          {"drag", 3},
                                          {"wheel", 2},
                                          {"press", 1},
                                          {"type", 1},
                                          {"wait", 1},
                                          {"settle", 0},
                                          {"seek", 1},
                                          {"until", 1},
                                          {"focus", 1},
                                          {"size", 2},
                                          {"shot", 1},
                                          {"see", 1},
                                          {"absent", 1},
                                          {"expect", 2}}};

// Splits at blanks; "several words" in quotes stay together. False when a quote is not closed.
bool split(std::string_view line, std::vector<std::string>& words) {
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
      ++i;
    } else if (line[i] == '#') {
      return true;
    } else if (line[i] == '"') {
      const std::size_t end = line.find('"', i + 1);
      if (end == std::string_view::npos) return false;
      words.emplace_back(line.substr(i + 1, end - i - 1));
      i = end + 1;
    } else {
      const std::size_t end = std::min(line.find_first_of(" \t\r", i), line.size());
      words.emplace_back(line.substr(i, end - i));
      i = end;
    }
  }
  return true;
}

Result<double> number(const std::string& text) {
  const auto parsed = parse_number(text);
  if (!parsed) return fail(parsed.error().what + ", " + parsed.error().meant);
  return *parsed;
}

class Runner {
 public:
  Runner(App& app, Headless& host) : app_(app), host_(host) {}

  Result<void> run(const ScriptLine& line) {
    const auto& words = line.words;
    if (line.verb == "click") return host_.click(words[0]);
    if (line.verb == "double-click") return host_.double_click(words[0]);
    if (line.verb == "hover") return host_.hover(words[0]);
    if (line.verb == "press") return host_.press(words[0]);
    if (line.verb == "type") return host_.type(words[0]), Result<void>();
    if (line.verb == "settle") return settle(app_, host_) ? Result<void>() : fail("it does not come to rest");
    if (line.verb == "until") return run_until(words[0]);
    if (line.verb == "focus") return focus(words[0]);
    if (line.verb == "see" || line.verb == "absent") return look_for(words[0], line.verb == "see");
    if (line.verb == "expect") return expect(words[0], words[1]);
    if (line.verb == "shot") return write_png(host_.shot(), words[0]);
    return run_with_numbers(line);
  }

 private:
  Result<void> run_with_numbers(const ScriptLine& line) {
    const auto& words = line.words;
    if (line.verb == "seek") {
      const auto at = parse_duration(words[0]);
      if (!at) return fail(at.error().what + ", " + at.error().meant);
      app_.workspace().player.seek_time(app_.workspace(), *at);
      host_.frames();
      return {};
    }
    const auto first = number(words[line.verb == "wait" || line.verb == "size" ? 0 : 1]);
    if (!first) return tl::unexpected(first.error());
    if (line.verb == "wait") return host_.frames(std::clamp(static_cast<int>(*first), 1, 100'000)), Result<void>();
    if (line.verb == "wheel") return host_.wheel(words[0], static_cast<float>(*first));
    const auto second = number(words[line.verb == "size" ? 1 : 2]);
    if (!second) return tl::unexpected(second.error());
    if (line.verb == "drag") return host_.drag(words[0], static_cast<float>(*first), static_cast<float>(*second));
    if (*first < 64 || *first > 8192 || *second < 64 || *second > 8192)
      return fail("width and height must be 64 to 8192 pixels");
    host_.resize({static_cast<int>(*first), static_cast<int>(*second)});
    host_.frames(2);
    return {};
  }

  Result<void> run_until(const std::string& goal) {
    std::string known;
    for (const Aim& aim : kAims) {
      known += (known.empty() ? "" : ", ") + std::string(aim.word);
      if (goal != aim.word) continue;
      app_.workspace().player.run_until(app_.workspace(), aim);
      return settle(app_, host_) ? Result<void>() : fail("it does not come to rest");
    }
    return fail(fmt::format("there is no goal \"{}\"; there are {}", goal, known));
  }

  Result<void> focus(const std::string& what) {
    auto done = app_.focus_on(what);
    host_.frames(2);
    return done;
  }

  Result<void> look_for(const std::string& name, bool wanted) {
    host_.frames();
    if ((app_.places().find(name) != nullptr) == wanted) return {};
    std::string names;
    for (const auto& [known, box] : app_.places().all()) names += (names.empty() ? "" : ", ") + known;
    return fail(fmt::format("\"{}\" is {}visible; visible are: {}", name, wanted ? "not " : "", names));
  }

  Result<void> expect(const std::string& fact, const std::string& value) {
    const auto is = app_.fact(fact);
    if (!is) return fail(fmt::format("there is no fact \"{}\"", fact));
    const bool same = fact == "notice" && !value.empty() ? is->find(value) != std::string::npos : *is == value;
    if (!same) return fail(fmt::format("{} is \"{}\", not \"{}\"", fact, *is, value));
    return {};
  }

  App& app_;
  Headless& host_;
};

}  // namespace

tl::expected<std::vector<ScriptLine>, std::vector<Complaint>> read_script(std::string_view text,
                                                                          const std::string& file) {
  std::vector<ScriptLine> script;
  std::vector<Complaint> complaints;
  std::vector<std::string_view> names;
  for (const Verb& verb : kVerbs) names.push_back(verb.name);
  int number = 0;
  for (std::size_t begin = 0; begin < text.size() && complaints.size() < kComplaintsMax;) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::vector<std::string> words;
    ++number;
    if (!split(text.substr(begin, end - begin), words)) {
      complaints.push_back({file, number, 1, "a quote is not closed", "it must end on its line"});
    }
    begin = end + 1;
    if (words.empty()) continue;
    ScriptLine line{number, words[0], {words.begin() + 1, words.end()}};
    const auto verb = std::ranges::find(kVerbs, line.verb, &Verb::name);
    if (verb == kVerbs.end()) {
      complaints.push_back({file, number, 1, fmt::format("\"{}\" is not a verb of scripts", line.verb),
                            fmt::format("known are {}", fmt::join(names, ", "))});
    } else if (line.words.size() != verb->words) {
      complaints.push_back({file, number, 1, fmt::format("\"{}\" has {} words after it", line.verb, line.words.size()),
                            fmt::format("it takes {}; put quotes round a name of several words", verb->words)});
    }
    script.push_back(std::move(line));
  }
  if (!complaints.empty()) return tl::unexpected(std::move(complaints));
  return script;
}

Result<void> run_script(const std::vector<ScriptLine>& script, const std::string& file, App& app, Headless& host) {
  Runner runner(app, host);
  for (const ScriptLine& line : script) {
    if (auto done = runner.run(line); !done)
      return fail(fmt::format("{}:{}:1: {}: {}", file, line.line, line.verb, done.error().what));
  }
  return {};
}

bool settle(App& app, Headless& host, int frames_max) {
  for (int i = 0; i < frames_max; ++i) {
    host.frames();
    if (!app.restless()) {
      host.frames(3);
      if (!app.restless()) return true;
    }
  }
  return false;
}

}  // namespace dkv::viz
