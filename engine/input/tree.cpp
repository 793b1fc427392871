#include "engine/input/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

#include "engine/input/suggest.h"
#include "engine/input/units.h"

namespace dkv {

namespace {

// Thrown out of the parser, after the complaint has been added.
struct TooDeep {};

Place place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {Place::Source::kFile, mark.line + 1, mark.column + 1};
}

// Builds the tree from the events of the parser. Events have the place of each key and of an alias; YAML::Node loses
// both.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, Complaints& complaints) : text_(text), complaints_(complaints) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  Yaml take() { return std::move(root_); }
  const Place& document_place() const { return document_place_; }

  void OnDocumentStart(const YAML::Mark& mark) override { document_place_ = place_of(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(mark, anchor, "", {Yaml::Kind::kNothing, place_of(mark), {}, {}, {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    complaints_.add(place_of(mark), "an alias (*name)", "write the value itself here");
    add(mark, 0, "", {Yaml::Kind::kRefused, place_of(mark), {}, {}, {}});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // Only an unquoted ~, null or empty word means "no value".
    const bool plain = tag == "?";
    if (!plain && !closed(mark))
      complaints_.add(place_of(mark), "a quote that is not closed",
                      "close it with another " + std::string(1, *at(mark)));
    const bool nothing = plain && (value == "~" || value == "null");
    add(mark, anchor, tag, {nothing ? Yaml::Kind::kNothing : Yaml::Kind::kWord, place_of(mark), value, {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, tag, Yaml::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, tag, Yaml::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Yaml tree;
    std::optional<Yaml> key;           // a map's key whose value has not come yet
    std::map<std::string, int> lines;  // the line where each key occurred first
  };

  void refuse_decoration(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag) {
    if (anchor != 0) complaints_.add(place_of(mark), "an anchor (&name)", "remove it: aliases are not supported");
    if (!tag.empty() && tag != "?" && tag != "!") {
      complaints_.add(place_of(mark), "a tag (" + quoted(tag) + ")", "remove it: each field has a fixed type");
    }
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag, Yaml::Kind kind) {
    refuse_decoration(mark, anchor, tag);
    if (levels_.size() == kDepthMax) {
      complaints_.add(place_of(mark), "more than " + std::to_string(kDepthMax) + " levels of lists and mappings",
                      "fewer levels are needed");
      throw TooDeep{};
    }
    levels_.push_back({{kind, place_of(mark), {}, {}, {}}, std::nullopt, {}});
  }

  void close() {
    Yaml tree = std::move(levels_.back().tree);
    levels_.pop_back();
    place(std::move(tree));
  }

  void add(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag, Yaml tree) {
    refuse_decoration(mark, anchor, tag);
    place(std::move(tree));
  }

  void place(Yaml tree) {
    if (levels_.empty()) {
      root_ = std::move(tree);
      return;
    }
    Level& level = levels_.back();
    if (level.tree.kind == Yaml::Kind::kList) {
      level.tree.items.push_back(std::move(tree));
    } else if (!level.key) {
      level.key = std::move(tree);
    } else {
      // The parser reports an empty "key:" at the place of the next word.
      if (tree.kind == Yaml::Kind::kNothing && tree.text.empty()) tree.place = level.key->place;
      add_entry(level, std::move(*level.key), std::move(tree));
      level.key.reset();
    }
  }

  void add_entry(Level& level, Yaml key, Yaml value) {
    if (key.kind == Yaml::Kind::kRefused) return;
    if (key.kind != Yaml::Kind::kWord) {
      complaints_.add(key.place, "a key that is " + kind_name(key.kind), "a key is a word, such as 'cluster'");
      return;
    }
    if (key.text == "<<") {
      complaints_.add(key.place, "a merge key ('<<')", "write the fields themselves here");
      return;
    }
    const auto [first, is_new] = level.lines.emplace(key.text, key.place.line);
    if (!is_new) {
      complaints_.add(key.place, "the key " + quoted(key.text) + " occurs twice",
                      "it is already on line " + std::to_string(first->second) + ": keep one");
      return;
    }
    level.tree.entries.push_back({std::move(key), std::move(value)});
  }

  // The byte at a mark; null at the end of the text.
  const char* at(const YAML::Mark& mark) const {
    if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= line_starts_.size()) return nullptr;
    const std::size_t offset =
        line_starts_[static_cast<std::size_t>(mark.line)] + static_cast<std::size_t>(mark.column);
    return offset < text_.size() ? text_.data() + offset : nullptr;
  }

  // False when a quoted word has no closing quote: the parser ends such a word silently at the end of the file.
  bool closed(const YAML::Mark& mark) const {
    const char* open = at(mark);
    if (open == nullptr || (*open != '"' && *open != '\'')) return true;
    for (const char* c = open + 1; c < text_.data() + text_.size(); ++c) {
      if (*open == '"' && *c == '\\') {
        ++c;
      } else if (*c == *open) {
        const bool doubled = *open == '\'' && c + 1 < text_.data() + text_.size() && c[1] == '\'';
        if (!doubled) return true;
        ++c;
      }
    }
    return false;
  }

  std::string_view text_;
  std::vector<std::size_t> line_starts_{0};
  Complaints& complaints_;
  Yaml root_;
  Place document_place_;
  std::vector<Level> levels_;
};

// True for text without control characters whose bytes have the patterns of UTF-8, so that an editor shows all of it.
bool check_characters(std::string_view text, Complaints& complaints) {
  Place place;
  int continuation = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool control = (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
    const bool expected_continuation = continuation > 0;
    const bool is_continuation = (byte & 0xC0) == 0x80;
    if (control || expected_continuation != is_continuation || byte > 0xF4 || byte == 0xC0 || byte == 0xC1) {
      complaints.add(place, "a byte that is not text (" + std::to_string(byte) + ")", "the file must be UTF-8 text");
      return false;
    }
    if (is_continuation) {
      --continuation;
    } else if (byte >= 0xC0) {
      continuation = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    }
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
  }
  if (continuation > 0) complaints.add(place, "half a character at the end", "the file must be UTF-8 text");
  return continuation == 0;
}

}  // namespace

const Yaml::Entry* Yaml::entry(std::string_view key) const {
  for (const Entry& candidate : entries) {
    if (candidate.key.text == key) return &candidate;
  }
  return nullptr;
}

std::string kind_name(Yaml::Kind kind) {
  switch (kind) {
    case Yaml::Kind::kNothing: return "nothing";
    case Yaml::Kind::kWord: return "a word";
    case Yaml::Kind::kList: return "a list";
    case Yaml::Kind::kMap: return "a mapping";
    case Yaml::Kind::kRefused: return "an alias";
  }
  return "nothing";
}

std::optional<Yaml> parse_yaml(std::string_view text, std::string_view what, std::size_t bytes_max,
                               Complaints& complaints) {
  if (text.size() > bytes_max) {
    complaints.add({}, "the text has " + std::to_string(text.size()) + " bytes",
                   "at most " + size_text(bytes_max) + " are read");
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!check_characters(text, complaints)) return std::nullopt;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder(text, complaints);
    const bool any = parser.HandleNextDocument(builder);
    Yaml tree = builder.take();
    if (!any || (tree.kind == Yaml::Kind::kNothing && complaints.empty())) {
      complaints.add({}, "the file is empty", "a " + std::string(what) + " is a mapping of fields");
      return std::nullopt;
    }
    Builder more(text, complaints);
    if (parser.HandleNextDocument(more)) {
      complaints.add(more.document_place(), "a second document", "one file holds one " + std::string(what));
    }
    return tree;
  } catch (const TooDeep&) {
  } catch (const YAML::Exception& error) {
    complaints.add(place_of(error.mark), "this is not YAML (" + error.msg + ")",
                   "check the indentation, quotes and brackets here and on the line before");
  }
  return std::nullopt;
}

}  // namespace dkv
