// The adapter between the history of real processes and the simulator's oracle.
#include <algorithm>
#include <set>

#include "engine/gateway/objects.h"
#include "sim/disk/image.h"
#include "sim/oracle/findings.h"
#include "tests/catch.h"
#include "tests/integration/history.h"

namespace dkv::integration {
namespace {

std::uint64_t hex_number(std::string_view digits) {
  return std::stoull(std::string(digits), nullptr, 16);
}

Dot dot_of(const nlohmann::json& json) {
  const std::string actor = json.at("actor");
  return {Actor{ActorId{hex_number(actor.substr(0, 16)), hex_number(actor.substr(16))}, json.at("epoch")},
          json.at("counter")};
}

VersionVector clock_of(const nlohmann::json& seen) {
  std::vector<Dot> entries, isolated;
  for (const auto& dot : seen) (dot.contains("alone") ? isolated : entries).push_back(dot_of(dot));
  return VersionVector::from_sorted(entries, isolated);
}

VersionVector seen_by(const std::string& token) {
  if (token.empty()) return {};
  std::string bytes;
  REQUIRE(http::decode_base64(token, bytes));
  REQUIRE(bytes.size() >= ContextSeal::kBytesMin);
  // The nodes check the MAC. Here the content is enough.
  const auto context = decode_context(std::string_view(bytes).substr(
      ContextSeal::kHeadBytes, bytes.size() - ContextSeal::kHeadBytes - ContextSeal::kMacBytes));
  REQUIRE(context);
  return context->seen;
}

// The one dot that the context of a write's answer covers and that of the write did not.
std::optional<Dot> new_dot(const Operation& write) {
  const VersionVector before = seen_by(write.context_sent), after = seen_by(write.context);
  for (const auto& dots : {after.entries(), after.isolated()}) {
    for (const Dot& dot : dots) {
      if (!before.covers(dot)) return dot;
    }
  }
  return std::nullopt;
}

class Adapter {
 public:
  Adapter(const std::vector<Operation>& operations, const Finals& finals, const Cast& cast)
      : operations_(operations),
        finals_(finals),
        scenario_(scenario_of(cast)),
        placement_(*Placement::make(cast.members, cast.partitions, cast.replicas)),
        oracle_(scenario_, placement_) {}

  Judgement run() {
    leave_out();
    name_versions();
    play();
    look_at_the_end();
    for (const sim::Violation& violation : oracle_.violations()) {
      // The oracle knows no disks here, so it considers every acknowledgement dishonest.
      if (violation.invariant != sim::Invariant::kHonestAck) judgement_.violations.push_back(violation);
    }
    judgement_.counters = oracle_.counters();
    return std::move(judgement_);
  }

 private:
  static sim::Scenario scenario_of(const Cast& cast) {
    sim::Scenario scenario;
    scenario.cluster.replicas = cast.replicas;
    scenario.cluster.members = cast.members;
    return scenario;
  }
  bool judged(std::uint32_t key) const { return !left_out_.contains(key); }

  void leave_out() {
    std::set<std::uint32_t> keys;
    for (const Operation& operation : operations_) {
      keys.insert(operation.key);
      if (operation.kind == RequestKind::kDelete && operation.outcome == Outcome::kUnknown) {
        left_out_.insert(operation.key);
      }
    }
    judgement_.keys_left_out = left_out_.size();
    judgement_.keys = keys.size() - left_out_.size();
  }

  // Finds the operation that wrote each version: values name it themselves, and deletes are identified by their dots.
  void name_versions() {
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = operations_[i];
      if (operation.kind == RequestKind::kDelete && operation.outcome == Outcome::kDone) {
        const auto dot = new_dot(operation);
        REQUIRE(dot);
        deletes_[operation.key].push_back({*dot, i});
        writer_of_[{operation.key, http::vtag_of(*dot)}] = i;
      }
      for (const Shown& shown : operation.shown) {
        const auto writer = operation_of(shown.value);
        if (shown.deleted) continue;
        if (writer && *writer < operations_.size()) {
          writer_of_[{operation.key, shown.vtag}] = *writer;
        } else if (judged(operation.key)) {
          foreign("a client was shown bytes that nobody wrote: " + shown.value, operation);
        }
      }
    }
  }

  void foreign(std::string what, const Operation& operation) {
    judgement_.violations.push_back({.invariant = sim::Invariant::kNoLostWrite,
                                     .at_ns = operation.ended_ns,
                                     .node = kNoNode,
                                     .key = sim::key_text(load_key(operation.key)),
                                     .detail = std::move(what)});
  }

  WriteTag tag_of(std::uint32_t key, const std::string& vtag) const {
    const auto writer = writer_of_.find({key, vtag});
    if (writer == writer_of_.end()) return 0;
    const auto tag = tags_.find(writer->second);
    return tag == tags_.end() ? 0 : tag->second;
  }

  void play() {
    struct Moment {
      std::uint64_t at;
      std::size_t operation;
      bool begins;
    };
    std::vector<Moment> moments;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (!judged(operations_[i].key)) continue;
      moments.push_back({operations_[i].began, i, true});
      if (operations_[i].ended != 0) moments.push_back({operations_[i].ended, i, false});
    }
    std::ranges::sort(moments, {}, &Moment::at);
    for (const Moment& moment : moments) moment.begins ? begin(moment.operation) : end(moment.operation);
  }

  void begin(std::size_t i) {
    const Operation& operation = operations_[i];
    if (operation.kind == RequestKind::kGet) {
      reads_[i] = oracle_.read_started(
          {.session = operation.session, .key_index = operation.key, .primary_need = operation.primary_need},
          load_key(operation.key), operation.began_ns);
      return;
    }
    sim::Seen seen;
    if (operation.context_from) seen = seen_.at(*operation.context_from);
    tags_[i] = oracle_.write_started({.session = operation.session,
                                      .key_index = operation.key,
                                      .remove = operation.kind == RequestKind::kDelete,
                                      .ttl_ns = 0,
                                      .need = 0,
                                      .primary_need = operation.primary_need,
                                      .seen = std::move(seen)},
                                     load_key(operation.key), operation.began_ns);
  }

  void end(std::size_t i) {
    const Operation& operation = operations_[i];
    ClientReply reply;
    reply.outcome = operation.outcome;
    if (operation.kind != RequestKind::kGet) {
      reply.acks.primary = operation.outcome == Outcome::kDone ? operation.primary_need : 0;
      seen_[i] = oracle_.write_finished(tags_.at(i), &reply, operation.ended_ns);
      return;
    }
    reply.object = shown_object(operation);
    seen_[i] = oracle_.read_finished(reads_.at(i), &reply, operation.ended_ns);
  }

  // The state that an answer shows, with names of this adapter. A key that is "not found" with a context was deleted,
  // by deletes that this context covers.
  ObjectPtr shown_object(const Operation& read) const {
    std::set<WriteTag> tags;
    for (const Shown& shown : read.shown) tags.insert(tag_of(read.key, shown.vtag));
    if (read.shown.empty() && !read.context.empty()) {
      const VersionVector seen = seen_by(read.context);
      const auto deletes = deletes_.find(read.key);
      if (deletes != deletes_.end()) {
        for (const auto& [dot, writer] : deletes->second) {
          if (seen.covers(dot) && tags_.contains(writer)) tags.insert(tags_.at(writer));
        }
      }
    }
    if (tags.empty()) return {};
    std::vector<Sibling> siblings;
    VersionVector seen;
    for (const WriteTag tag : tags) {
      Sibling sibling;
      sibling.dot = {Actor{ActorId{1, 1}, 1}, tag + 1};
      sibling.tag = tag;
      seen = seen.with(sibling.dot);
      siblings.push_back(std::move(sibling));
    }
    return Object::make(seen, siblings);
  }

  void look_at_the_end() {
    std::vector<sim::Image> images(finals_.size());
    for (std::size_t node = 0; node < finals_.size(); ++node) {
      for (const auto& [key, json] : finals_[node]) {
        if (!judged(key) || json.is_null()) continue;
        Record record;
        record.key = load_key(key);
        record.object = held_object(key, json);
        images[node].apply(record);
      }
    }
    std::vector<const sim::Image*> views;
    for (const sim::Image& image : images) views.push_back(&image);
    TimeNs end_ns = 0;
    for (const Operation& operation : operations_) end_ns = std::max(end_ns, operation.ended_ns);
    oracle_.judge(views, false, end_ns);
  }

  ObjectPtr held_object(std::uint32_t key, const nlohmann::json& json) const {
    std::vector<Sibling> siblings;
    for (const auto& one : json.at("siblings")) {
      Sibling sibling;
      sibling.dot = dot_of(one);
      sibling.tag = tag_of(key, one.at("vtag"));
      sibling.tombstone = one.contains("deleted");
      siblings.push_back(std::move(sibling));
    }
    return Object::make(clock_of(json.at("seen")), siblings);
  }

  const std::vector<Operation>& operations_;
  const Finals& finals_;
  sim::Scenario scenario_;
  std::shared_ptr<const Placement> placement_;
  sim::Oracle oracle_;
  Judgement judgement_;
  std::set<std::uint32_t> left_out_;  // keys
  std::map<std::uint32_t, std::vector<std::pair<Dot, std::size_t>>> deletes_;
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> writer_of_;  // by key and vtag: dots count by key
  std::map<std::size_t, WriteTag> tags_;                                    // by operation, as are the following
  std::map<std::size_t, sim::Oracle::ReadId> reads_;
  std::map<std::size_t, sim::Seen> seen_;
};

}  // namespace

std::string Judgement::text() const {
  std::string all;
  for (const sim::Violation& violation : violations) {
    all += std::string(sim::invariant_code(violation.invariant)) + " " + violation.key + ": " + violation.detail + "\n";
  }
  return all;
}

Judgement judge(const std::vector<Operation>& operations, const Finals& finals, const Cast& cast) {
  return Adapter(operations, finals, cast).run();
}

}  // namespace dkv::integration
