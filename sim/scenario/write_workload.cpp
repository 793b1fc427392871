#include <string>
#include <vector>

#include "engine/core/assert.h"
#include "engine/input/tree.h"
#include "engine/input/units.h"
#include "engine/protocol/client.h"
#include "engine/settings/words.h"
#include "sim/scenario/vocabulary.h"
#include "sim/scenario/write.h"
#include "sim/scenario/write_parts.h"

namespace dkv::sim {

namespace {

std::string ttl_text(TimeNs ttl_ns) {
  return ttl_ns == kTtlForever ? std::string(kForever) : duration_text(ttl_ns);
}

std::string thousandths(std::uint32_t number) {
  std::string fraction = std::to_string(1000 + number % 1000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return std::to_string(number / 1000) + (fraction.empty() ? "" : "." + fraction);
}

void add_mix(const Mix& mix, BlockMap& block) {
  const Mix usual;
  if (mix.get == usual.get && mix.put == usual.put && mix.blind_put == 0 && mix.update == 0 && mix.remove == 0 &&
      mix.forge == 0) {
    return;
  }
  FlowMap map;
  const auto add = [&map](std::string_view word, std::uint32_t weight) {
    if (weight != 0) map.add(word, std::to_string(weight));
  };
  add("get", mix.get);
  add("put", mix.put);
  add("blind_put", mix.blind_put);
  add("update", mix.update);
  add("delete", mix.remove);
  add("forge", mix.forge);
  block.add("mix", map);
}

void add_keys(const WorkloadSpec& load, BlockMap& block) {
  static const WorkloadSpec usual;
  if (load.choice == KeyChoice::kUniform) {
    if (load.keys != usual.keys) block.add("keys", std::to_string(load.keys));
    return;
  }
  FlowMap map;
  map.add("count", std::to_string(load.keys));
  map.add("pick", word_of(pick_words(), load.choice));
  if (load.zipf_thousandths != usual.zipf_thousandths) map.add("skew", thousandths(load.zipf_thousandths));
  block.add("keys", map);
}

void add_load(const WorkloadSpec& load, BlockMap& block) {
  static const WorkloadSpec usual;
  block.add("clients", std::to_string(load.clients));
  if (load.shape == LoadShape::kOpen) {
    block.add("load", "{rate: " + std::to_string(load.rate_per_s) + "/s}");
  } else if (load.think.text() != usual.think.text()) {
    block.add("load", "{think: " + load.think.text() + "}");
  }
  add_mix(load.mix, block);
  add_keys(load, block);
  if (load.value_bytes != usual.value_bytes) block.add("value", size_text(load.value_bytes));
  if (load.ttl_ns != 0) block.add("ttl", ttl_text(load.ttl_ns));
  if (load.connect != usual.connect) block.add("connect", word_of(connect_words(), load.connect));
  if (load.start_ns != 0) block.add("start", duration_text(load.start_ns));
}

const char* verb_of(StepKind kind) {
  switch (kind) {
    case StepKind::kGet: return "get";
    case StepKind::kPut: return "put";
    case StepKind::kAdd: return "add";
    case StepKind::kDelete: return "delete";
  }
  return "";
}

FlowMap step_expect_map(const StepExpect& expect) {
  FlowMap map;
  if (expect.outcome) map.add("outcome", outcome_name(*expect.outcome));
  if (expect.value) map.add("value", flow_word(*expect.value));
  if (expect.siblings) map.add("siblings", std::to_string(*expect.siblings));
  if (expect.found) map.add("found", *expect.found ? "true" : "false");
  return map;
}

}  // namespace

std::string write_step(const Step& step, const Scenario& scenario) {
  FlowMap map;
  map.add("at", duration_text(step.at_ns));
  map.add("as", flow_word(step.session));
  if (step.via) {
    DKV_ASSERT(*step.via < scenario.cluster.members.size());
    map.add("via", flow_word(scenario.cluster.members[*step.via].name));
  }
  map.add(verb_of(step.kind), flow_word(step.key));
  if (step.kind == StepKind::kPut || step.kind == StepKind::kAdd) map.add("value", flow_word(step.value));
  if (step.value_bytes != 0) map.add("size", size_text(step.value_bytes));
  if (step.bucket != kDefaultBucket) map.add("bucket", flow_word(step.bucket));
  if (step.ttl_ns != 0) map.add("ttl", ttl_text(step.ttl_ns));
  if (step.blind) map.add("blind", "true");
  if (step.need) map.add(step.kind == StepKind::kGet ? "r" : "w", std::to_string(*step.need));
  if (step.mode) map.add("quorum", word_of(quorum_words(), *step.mode));
  if (const FlowMap expect = step_expect_map(step.expect); !expect.empty()) map.add("expect", expect.text());
  return map.text();
}

std::string write_workload(const Scenario& scenario) {
  const WorkloadSpec& workload = scenario.workload;
  BlockMap block("workload");
  if (workload.clients > 0) add_load(workload, block);
  std::vector<std::string> steps;
  for (const Step& step : workload.steps) steps.push_back(write_step(step, scenario));
  block.add_list("steps", steps);
  return block.text();
}

}  // namespace dkv::sim
