// Compares docs/openapi.yaml with the API: every documented route answers with a documented status, and every route
// that answers is documented.
#include <algorithm>
#include <set>

#include "engine/input/tree.h"
#include "tests/gateway/api_rig.h"
#include "tests/paths.h"

namespace dkv::http {
namespace {

struct Operation {
  std::string path;
  std::string method;
  std::set<std::string> parameters;
  std::set<int> statuses;
};

struct Document {
  std::vector<Operation> operations;
  std::set<std::string> parameters;  // described
};

const Yaml& at(const Yaml& tree, std::string_view key) {
  const Yaml::Entry* entry = tree.entry(key);
  if (entry == nullptr) FAIL("no " << key << " at line " << tree.place.line);
  return entry->value;
}

Document document() {
  Complaints complaints("docs/openapi.yaml");
  const auto text = read_text_file(std::string(paths::kSources) + "/docs/openapi.yaml", kYamlBytesMax, complaints);
  REQUIRE(text);
  const auto tree = parse_yaml(*text, "description", kYamlBytesMax, complaints);
  if (!complaints.empty()) FAIL(to_string(complaints.take()));
  Document result;
  for (const Yaml::Entry& path : at(*tree, "paths").entries) {
    for (const Yaml::Entry& method : path.value.entries) {
      Operation operation{path.key.text, method.key.text, {}, {}};
      if (const auto* parameters = method.value.entry("parameters")) {
        for (const Yaml& each : parameters->value.items) operation.parameters.insert(at(each, "name").text);
      }
      for (const Yaml::Entry& response : at(method.value, "responses").entries) {
        operation.statuses.insert(std::stoi(response.key.text));
      }
      result.operations.push_back(std::move(operation));
    }
  }
  for (const Yaml::Entry& each : at(at(*tree, "components"), "parameters").entries) {
    result.parameters.insert(each.key.text);
  }
  return result;
}

Method method_of(const std::string& name) {
  const std::pair<const char*, Method> known[] = {{"get", Method::kGet},
                                                  {"head", Method::kHead},
                                                  {"put", Method::kPut},
                                                  {"post", Method::kPost},
                                                  {"delete", Method::kDelete}};
  for (const auto& [word, method] : known) {
    if (name == word) return method;
  }
  FAIL("unknown method " << name);
  return Method::kOther;
}

std::string filled(std::string path) {
  for (const std::string& name : {std::string("{bucket}"), std::string("{key}")}) {
    if (const std::size_t at = path.find(name); at != std::string::npos) path.replace(at, name.size(), "x");
  }
  return path;
}

std::string template_of(const std::vector<std::string>& segments, const Document& document) {
  for (const Operation& operation : document.operations) {
    Request pattern;
    take_target(operation.path, pattern);
    const bool same = pattern.segments.size() == segments.size() &&
                      std::equal(segments.begin(), segments.end(), pattern.segments.begin(),
                                 [](const std::string& a, const std::string& b) { return b.front() == '{' || a == b; });
    if (same) return operation.path;
  }
  return {};
}

}  // namespace

TEST_CASE(
    "every documented operation answers, with a documented status, when there is nothing and when there is something") {
  const Document api = document();
  CHECK(api.operations.size() > 20);
  for (const bool something : {false, true}) {
    for (const Operation& operation : api.operations) {
      ApiRig rig;
      if (something) {
        rig.put("/buckets/x/keys/x", "there");
        rig.put("/buckets/default/keys/x", "there");
      }
      const Response response = rig.call(method_of(operation.method), filled(operation.path), "body");
      INFO(operation.method << ' ' << operation.path << " answers " << response.status << ' ' << response.body);
      CHECK(operation.statuses.contains(response.status));
    }
  }
}

TEST_CASE("every parameter that an operation lists is described and taken, and every one that is taken is listed") {
  const Document api = document();
  std::set<std::string> listed;
  for (const Operation& operation : api.operations) {
    for (const std::string& name : operation.parameters) {
      INFO(operation.path << " " << name);
      CHECK(api.parameters.contains(name));
      listed.insert(name);
    }
  }
  std::set<std::string> taken(parameter_names().begin(), parameter_names().end());
  taken.insert({"bucket", "key"});
  CHECK(listed == taken);
  CHECK(api.parameters == taken);
}

TEST_CASE("every route that answers is documented") {
  const Document api = document();
  const std::vector<std::string> known[] = {
      {},
      {"ping"},
      {"stats"},
      {"live"},
      {"ready"},
      {"metrics"},
      {"buckets", "x", "keys", "x"},
      {"buckets", "x", "keys"},
      {"buckets", "x", "props"},
      {"riak", "x", "x"},
      {"api", "v1", "kv", "x"},
      {"api", "v1", "cluster", "health"},
      {"api", "v1", "cluster", "stats"},
      {"api", "v1", "cluster", "ring"},
      {"api", "v1", "cluster", "preflist", "x"},
      {"api", "v1", "admin", "stats"},
      {"api", "v1", "admin", "keys", "x"},
      {"api", "v1", "admin", "turns"},
  };
  std::set<std::string> seen;
  for (const auto& segments : known) {
    const std::string path = template_of(segments, api);
    INFO((segments.empty() ? "/" : segments.back()));
    CHECK_FALSE(path.empty());
    seen.insert(path);
  }
  for (const Operation& operation : api.operations) CHECK(seen.contains(operation.path));
}

TEST_CASE("each method of an object that the API takes is documented, and each that it does not take is not") {
  const Document api = document();
  for (const char* path : {"/buckets/{bucket}/keys/{key}", "/api/v1/kv/{key}"}) {
    for (const char* method : {"get", "head", "put", "post", "delete"}) {
      ApiRig rig;
      const bool taken = rig.call(method_of(method), filled(path), "x").status != 405;
      const bool documented = std::ranges::any_of(api.operations, [&](const Operation& operation) {
        return operation.path == path && operation.method == method;
      });
      INFO(method << ' ' << path);
      CHECK(taken == documented);
    }
  }
}

}  // namespace dkv::http
