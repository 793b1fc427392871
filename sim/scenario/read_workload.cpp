#include <string>

#include "engine/input/units.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::uint32_t kRateMax = 1'000'000;
constexpr std::uint64_t kValueMax = 1 << 20;
constexpr std::uint32_t kSkewLeast = 10, kSkewGreatest = 5000;  // thousandths

void read_load(const Yaml& value, WorkloadSpec& workload, Complaints& complaints) {
  const Fields fields(value, "load", kLoadKeys, complaints);
  if (!fields.is_map()) return;
  const Yaml* rate = fields.find("rate");
  const Yaml* think = fields.find("think");
  if ((rate == nullptr) == (think == nullptr)) {
    complaints.add(value.place, rate == nullptr ? "'load' is empty" : "'load' has a rate and a think time",
                   "either rate: 200/s (requests are independent of answers) or think: 50ms (each client waits for "
                   "its answer, then pauses)");
    return;
  }
  if (think != nullptr) {
    workload.shape = LoadShape::kClosed;
    read_distribution(*think, "think", workload.think, complaints);
    return;
  }
  workload.shape = LoadShape::kOpen;
  if (!is_word(*rate, "rate", "200/s", complaints)) return;
  const auto parsed = parse_rate(rate->text);
  if (!parsed) {
    complaints.add(rate->place, "'rate': " + parsed.error().what, parsed.error().meant);
  } else if (*parsed < 1 || *parsed > kRateMax) {
    complaints.add(rate->place, "'rate' is " + quoted(rate->text) + ", which is out of range",
                   "allowed: 1/s to " + std::to_string(kRateMax) + "/s");
  } else {
    workload.rate_per_s = *parsed;
  }
}

void read_mix(const Yaml& value, Mix& mix, Complaints& complaints) {
  const Fields fields(value, "mix", kMixKeys, complaints);
  if (!fields.is_map()) return;
  const std::size_t before = complaints.size();
  mix = {0, 0, 0, 0, 0, 0};
  constexpr Range<std::uint64_t> kWeight{0, 1'000'000};
  fields.whole("get", kWeight, mix.get);
  fields.whole("put", kWeight, mix.put);
  fields.whole("blind_put", kWeight, mix.blind_put);
  fields.whole("update", kWeight, mix.update);
  fields.whole("delete", kWeight, mix.remove);
  fields.whole("forge", kWeight, mix.forge);
  if (complaints.size() == before && mix.get + mix.put + mix.blind_put + mix.update + mix.remove + mix.forge == 0) {
    complaints.add(value.place, "every weight of 'mix' is 0", "give at least one a weight, such as get: 50");
  }
}

void read_keys(const Yaml& value, WorkloadSpec& workload, Complaints& complaints) {
  if (value.kind == Yaml::Kind::kWord) {
    std::uint64_t count = 0;
    if (read_whole(value, "keys", {1, kKeysMax}, count, complaints)) {
      workload.keys = static_cast<std::uint32_t>(count);
    }
    return;
  }
  const Fields fields(value, "keys", kKeysKeys, complaints);
  fields.whole("count", {1, kKeysMax}, workload.keys);
  fields.word("pick", pick_words(), workload.choice);
  const Yaml* skew = fields.find("skew");
  if (skew == nullptr || !is_word(*skew, "skew", "0.99", complaints)) return;
  const auto parsed = parse_thousandths(skew->text);
  if (!parsed) {
    complaints.add(skew->place, "'skew': " + parsed.error().what, parsed.error().meant);
  } else if (*parsed < kSkewLeast || *parsed > kSkewGreatest) {
    complaints.add(skew->place, "'skew' is " + quoted(skew->text) + ", which is out of range", "allowed: 0.01 to 5");
  } else if (workload.choice == KeyChoice::kUniform) {
    complaints.add(skew->place, "'skew' without a skewed pick", "write pick: zipfian or pick: latest as well");
  } else {
    workload.zipf_thousandths = *parsed;
  }
}

}  // namespace

void read_workload(const Yaml& value, const NodeNames& names, const Scenario& scenario, WorkloadSpec& workload,
                   Complaints& complaints) {
  const Fields fields(value, "workload", kWorkloadKeys, complaints);
  if (!fields.is_map()) return;
  fields.whole("clients", {0, kClientsMax}, workload.clients);
  if (const Yaml* load = fields.find("load")) read_load(*load, workload, complaints);
  if (const Yaml* mix = fields.find("mix")) read_mix(*mix, workload.mix, complaints);
  if (const Yaml* keys = fields.find("keys")) read_keys(*keys, workload, complaints);
  std::uint64_t value_bytes = 0;
  if (fields.size("value", {0, kValueMax}, value_bytes)) workload.value_bytes = static_cast<std::uint32_t>(value_bytes);
  fields.duration_or("ttl", kForever, kTtlForever, {kMillisecond, kTtlMaxNs}, workload.ttl_ns);
  fields.word("connect", connect_words(), workload.connect);
  if (fields.duration("start", {0, kRunMax}, workload.start_ns) && workload.start_ns >= scenario.run_ns) {
    complaints.add(fields.place_of("start"), "'start' is not before the end of the run",
                   "the run ends after " + duration_text(scenario.run_ns));
  }
  if (const Yaml* steps = fields.find("steps")) read_steps(*steps, names, scenario, workload.steps, complaints);
  for (const std::string_view key : {"load", "mix", "keys", "value", "ttl", "connect", "start"}) {
    if (fields.find(key) == nullptr || fields.find("clients") != nullptr) continue;
    complaints.add(value.place, "the field 'clients' is missing in 'workload'",
                   "'" + std::string(key) + "' is about random clients: write clients: 8");
    break;
  }
}

}  // namespace dkv::sim
