// The loader, the JSON Schema and the reference have the same words.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/node/bucket_properties.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/vocabulary.h"
#include "sim/verdict/result.h"
#include "tests/paths.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

namespace {

using Words = std::set<std::string>;

std::string page_text(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(std::string(paths::kSources) + "/docs/" + name).rdbuf();
  return text.str();
}

// The tables of the reference, by the mark before each ("fields: cluster"): their rows, by the code word that begins
// them. A mark or a word that occurs twice fails the test.
using Table = std::map<std::string, std::string>;
std::map<std::string, Table> reference_tables() {
  std::map<std::string, Table> tables;
  std::istringstream lines(page_text("scenarios.md"));
  std::string mark;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("<!-- ")) {
      mark = line.substr(5, line.find(" -->") - 5);
      CAPTURE(mark);
      REQUIRE(tables.emplace(mark, Table{}).second);
    } else if (line.starts_with("#")) {
      mark.clear();
    } else if (line.starts_with("| `") && !mark.empty()) {
      REQUIRE(tables[mark].emplace(line.substr(3, line.find('`', 3) - 3), line).second);
    }
  }
  return tables;
}

Words words_of(const Table& table) {
  Words words;
  for (const auto& [word, row] : table) words.insert(word);
  return words;
}

// The cells of a row, without the marks of code.
std::vector<std::string> cells_of(std::string row) {
  std::erase(row, '`');
  std::vector<std::string> cells;
  const std::string bar = " | ";
  std::size_t begin = 2;
  for (std::size_t end = row.find(bar); end != std::string::npos; end = row.find(bar, begin - 1)) {
    cells.push_back(begin <= end ? row.substr(begin, end - begin) : "");
    begin = end + bar.size();
  }
  const std::size_t end = row.rfind(" |");
  cells.push_back(begin <= end ? row.substr(begin, end - begin) : "");
  return cells;
}

// The description of a field, from its row: | field | default | form | meaning |
std::string description_of(const std::string& row) {
  const std::vector<std::string> cells = cells_of(row);
  CAPTURE(row);
  REQUIRE(cells.size() == 4);
  std::string text = cells[3];
  if (!cells[2].empty()) text += (text.empty() ? "(" : " (") + cells[2] + ")";
  if (!cells[1].empty() && !cells[1].starts_with("required")) {
    text += (text.empty() ? "Default: " : " Default: ") + cells[1] + ".";
  }
  return text;
}

template <typename Range>
Words words_of(const Range& words) {
  Words set;
  for (const auto& word : words) set.insert(std::string(word));
  return set;
}

}  // namespace

TEST_CASE("the schema knows exactly the fields that the loader knows") {
  const auto schema = nlohmann::json::parse(page_text("scenario.schema.json"));
  Words objects;
  for (const KeySet* set : key_sets()) {
    CAPTURE(set->name);
    const std::string name(set->name);
    objects.insert(name);
    REQUIRE(schema["$defs"].contains(name));
    const auto& object = schema["$defs"][name];
    CHECK(object["additionalProperties"] == false);
    Words properties;
    for (const auto& [key, value] : object["properties"].items()) {
      CHECK(value.contains("description"));
      properties.insert(key);
    }
    CHECK(properties == words_of(set->keys));
  }
  for (const auto& [name, definition] : schema["$defs"].items()) {
    CAPTURE(name);
    if (definition.contains("properties")) CHECK(objects.count(name) == 1);
  }
}

TEST_CASE("the schema knows exactly the words that the loader knows, and refers to nothing that is not there") {
  const auto schema = nlohmann::json::parse(page_text("scenario.schema.json"));
  Words enumerations;
  for (const WordSet& set : word_sets()) {
    const std::string name = "word_" + std::string(set.name);
    CAPTURE(name);
    enumerations.insert(name);
    REQUIRE(schema["$defs"].contains(name));
    CHECK(schema["$defs"][name]["enum"].get<Words>() == words_of(set.words));
  }
  for (const auto& [name, definition] : schema["$defs"].items()) {
    CAPTURE(name);
    if (definition.contains("enum")) CHECK(enumerations.count(name) == 1);
  }
  const std::string text = page_text("scenario.schema.json");
  const std::string reference = "#/$defs/";
  for (std::size_t at = text.find(reference); at != std::string::npos; at = text.find(reference, at + 1)) {
    const std::size_t begin = at + reference.size();
    const std::string name = text.substr(begin, text.find('"', begin) - begin);
    CAPTURE(name);
    CHECK(schema["$defs"].contains(name));
  }
}

TEST_CASE("the reference has a table of exactly the fields that the loader knows, for each mapping") {
  const auto tables = reference_tables();
  std::size_t fields = 0;
  for (const KeySet* set : key_sets()) {
    CAPTURE(set->name);
    const auto table = tables.find("fields: " + std::string(set->name));
    REQUIRE(table != tables.end());
    CHECK(words_of(table->second) == words_of(set->keys));
    ++fields;
  }
  for (const auto& [mark, words] : tables) {
    if (mark.starts_with("fields: ")) --fields;
  }
  CHECK(fields == 0);
}

TEST_CASE("the schema describes each field in the words of the reference") {
  const auto schema = nlohmann::json::parse(page_text("scenario.schema.json"));
  const auto tables = reference_tables();
  for (const KeySet* set : key_sets()) {
    const std::string name(set->name);
    for (const auto& [field, row] : tables.at("fields: " + name)) {
      CAPTURE(name, field);
      CHECK(schema["$defs"][name]["properties"][field]["description"] == description_of(row));
    }
  }
}

TEST_CASE("the reference explains exactly the words and metrics that there are") {
  const auto tables = reference_tables();
  std::size_t sets = 0;
  for (const WordSet& set : word_sets()) {
    CAPTURE(set.name);
    const auto table = tables.find("words: " + std::string(set.name));
    REQUIRE(table != tables.end());
    CHECK(words_of(table->second) == words_of(set.words));
    ++sets;
  }
  for (const auto& [mark, words] : tables) {
    if (mark.starts_with("words: ")) --sets;
  }
  CHECK(sets == 0);
  Words metrics;
  for (const MetricName& metric : metric_names()) metrics.insert(metric.name);
  CHECK(words_of(tables.at("metrics")) == metrics);
}

TEST_CASE("the words of legs and invariants are the words that the simulator prints") {
  CHECK(leg_words().size() == kLegs);
  for (const Word<Leg>& word : leg_words()) CHECK(word.word == leg_name(word.value));
  REQUIRE(invariant_words().size() == kInvariants);
  for (const InvariantInfo& info : kInvariantList) {
    CHECK(invariant_words()[static_cast<std::size_t>(info.value)] == info.code);
  }
}

// The schema's entry for the value of a kind.
std::string schema_reference(const FaultTraits& traits) {
  if (!traits.mapping.empty()) return "#/$defs/" + std::string(traits.mapping);
  return traits.place == FaultPlace::kNodes ? "#/$defs/nodes" : "";
}

TEST_CASE("the schema describes each fault by the form that the catalogue gives it") {
  const auto schema = nlohmann::json::parse(page_text("scenario.schema.json"));
  for (const FaultTraits& traits : fault_catalogue()) {
    CAPTURE(traits.word);
    const auto& property = schema["$defs"]["fault"]["properties"][std::string(traits.word)];
    const std::string reference = schema_reference(traits);
    if (reference.empty()) {
      CHECK(property["type"] == "array");
      CHECK(property["minItems"] == 2);
    } else {
      CHECK(property["allOf"][0]["$ref"] == reference);
    }
  }
}

// Examples in the table of faults, by the word that begins the row, with the rest of the row.
TEST_CASE("the examples of the reference are faults that load, and it says which have no end") {
  const std::string text = page_text("scenarios.md");
  const std::string topology =
      "cluster: {nodes: 3}\nnetwork: {topology: {places: [east, west], links: [{between: [east, west], latency: "
      "1ms}, {between: [n1, east], latency: 1ms}, {between: [n2, east], latency: 1ms}, {between: [n3, west], latency: "
      "1ms}]}}\n";
  for (const FaultTraits& traits : fault_catalogue()) {
    CAPTURE(traits.word);
    const std::string begin = "| `" + std::string(traits.word) + "` |  | `";
    const std::size_t row = text.find(begin);
    REQUIRE(row != std::string::npos);
    const std::size_t example = row + begin.size();
    const std::string value = text.substr(example, text.find('`', example) - example);
    const Scenario scenario =
        load_good(topology + "faults: [{at: 5s, " + std::string(traits.word) + ": " + value + "}]\n");
    REQUIRE(scenario.faults.size() == 1);
    CHECK(scenario.faults[0].kind == traits.kind);
    const std::string rest = text.substr(example, text.find('\n', example) - example);
    CHECK((rest.find("(has no `for`)") != std::string::npos) == traits.strikes_once);
  }
}

TEST_CASE("the reference explains each property of buckets as the program does") {
  const Table table = reference_tables().at("fields: bucket");
  const BucketProperties defaults;
  BucketProperties::each(defaults, [&](const BucketField& field, const auto&) {
    CAPTURE(field.name);
    CHECK(cells_of(table.at(std::string(field.name))).back().starts_with(field.meaning));
  });
}

TEST_CASE("the documents explain each invariant and each metric as the program does") {
  const std::string reference = page_text("scenarios.md");
  const std::string judged = page_text("design/oracles.md");
  for (const InvariantInfo& info : kInvariantList) {
    const std::string code = info.code, name = info.name;
    CHECK_THAT(reference, Catch::Matchers::Contains("\n| `" + code + "` | " + name + ": " + info.promise + " |\n"));
    CHECK_THAT(judged, Catch::Matchers::Contains("\n| " + code + " | " + name + " | " + info.judged + " |\n"));
  }
  for (const MetricName& metric : metric_names()) {
    CHECK_THAT(reference,
               Catch::Matchers::Contains("\n| `" + std::string(metric.name) + "` | " + metric.meaning + " |\n"));
  }
}

TEST_CASE("the first story of the reference loads") {
  const std::string text = page_text("scenarios.md");
  const std::size_t begin = text.find("```yaml\n") + 8;
  const Scenario scenario = load_good(text.substr(begin, text.find("```", begin) - begin),
                                      {"cluster.w=3", "faults.0.crash=[n1,n2]", "cluster.quorum=strict"});
  CHECK(scenario.cluster.write_need == 3);
  CHECK(scenario.expect.size() == 2);
  const std::size_t steps = text.find("```yaml\n", begin) + 8;
  CHECK(load_good(text.substr(steps, text.find("```", steps) - steps)).workload.steps.size() == 3);
}

}  // namespace dkv::sim
