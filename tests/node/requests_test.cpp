#include "engine/node/requests.h"

#include <rapidcheck.h>

#include <set>
#include <tuple>
#include <vector>

#include "tests/catch.h"

namespace dkv::testing {
namespace {

constexpr auto kPolicy = ConflictPolicy::kSiblings;

Sibling version(RequestId request, std::uint64_t actor, std::uint64_t counter) {
  return {.dot = {{{0, actor}, 1}, counter}, .hlc = Hlc{16 * counter + actor}, .request = request, .value = Blob("v")};
}
ObjectPtr only(const Sibling& sibling) {
  return put({}, {}, sibling, kPolicy);
}

TEST_CASE("a replica that has replaced a version drops its twin, and counts the twin as seen") {
  Requests requests;
  const ObjectPtr first = only(version(7, 1, 1));
  const ObjectPtr twin = only(version(7, 2, 1));
  const ObjectPtr successor = put(first, first->context(), version(8, 1, 2), kPolicy);
  requests.note(*first);
  const ObjectPtr merged = requests.merged(successor, twin, kPolicy);
  REQUIRE(merged->siblings().size() == 1);
  CHECK(merged->siblings()[0].request == 8);
  CHECK(merged->seen().covers(twin->siblings()[0].dot));
}

TEST_CASE("a merge keeps both twins of a version that nobody has replaced") {
  Requests requests;
  const ObjectPtr first = only(version(7, 1, 1));
  const ObjectPtr twin = only(version(7, 2, 1));
  requests.note(*first);
  requests.note(*twin);
  CHECK(requests.merged(first, twin, kPolicy)->siblings().size() == 2);
}

TEST_CASE("a twin beside a writer that had seen the other name of the write is dropped by a replica that knows both") {
  Requests requests;
  const ObjectPtr first = only(version(7, 2, 1));
  const ObjectPtr twin = only(version(7, 1, 1));
  const ObjectPtr both = put(twin, first->context(), version(8, 1, 2), kPolicy);  // its coordinator knew one name
  REQUIRE(both->siblings().size() == 2);
  requests.note(*first);
  requests.note(*both);
  const ObjectPtr merged = requests.merged(first, both, kPolicy);
  REQUIRE(merged->siblings().size() == 1);
  CHECK(merged->siblings()[0].request == 8);
  CHECK(requests.merged(merged, both, kPolicy).get() == merged.get());
}

TEST_CASE("versions without a request are never remembered") {
  Requests requests;
  requests.note(*only(version(kNoRequest, 1, 1)));
  CHECK(requests.versions(kNoRequest).empty());
  CHECK(requests.versions(1).empty());
}

TEST_CASE("the oldest requests are forgotten") {
  Requests requests;
  for (RequestId request = 1; request <= Requests::kKept + 1; ++request) requests.note(version(request, 1, request));
  CHECK(requests.versions(1).empty());
  CHECK(requests.versions(2).size() == 1);
  CHECK(requests.versions(Requests::kKept + 1).size() == 1);
}

TEST_CASE("a writer that has seen one twin replaces the other one, too") {
  Requests requests;
  const ObjectPtr first = only(version(7, 1, 1));
  const ObjectPtr both = merge(first, only(version(7, 2, 1)), kPolicy);
  const VersionVector seen = VersionVector().with({{{0, 1}, 1}, 1});
  CHECK(requests.with_twins(seen, *both) == seen);  // it knows neither
  requests.note(*both);
  CHECK(requests.with_twins(seen, *both) == both->seen());
  CHECK(requests.with_twins({}, *both) == VersionVector());
}

// Some replicas of one key. Every write is forwarded, and any replica may mint it again, as long as it knows no version
// of it. The sets of writes never use dots: they are the oracle.
class TwinModel {
 public:
  using History = std::set<std::size_t>;
  struct Token {
    Context context;
    History covers;
  };
  static constexpr std::size_t kReplicas = 4;

  Token read(std::size_t at) const {
    const Replica& replica = replicas_[at];
    return {replica.object ? replica.object->context() : Context{}, replica.heard};
  }
  void write(std::size_t at, const Token& token) {
    writes_.push_back(token);
    mint(at, writes_.size() - 1);
  }
  void write_again(std::size_t at, std::size_t which) {
    if (writes_.empty()) return;
    const std::size_t write = which % writes_.size();
    if (replicas_[at].requests.versions(write + 1).empty()) mint(at, write);
  }
  void merge(std::size_t into, std::size_t from) {
    Replica& replica = replicas_[into];
    const Replica& other = replicas_[from];
    if (other.object) replica.requests.note(*other.object);
    replica.object = replica.requests.merged(replica.object, other.object, kPolicy);
    replica.heard.insert(other.heard.begin(), other.heard.end());
  }
  const ObjectPtr& object(std::size_t at) const { return replicas_[at].object; }
  History kept(std::size_t at) const {
    History writes;
    if (!object(at)) return writes;
    for (const Sibling& sibling : object(at)->siblings()) writes.insert(sibling.request - 1);
    return writes;
  }
  History maximal(std::size_t at) const {
    History left = replicas_[at].heard;
    for (const std::size_t write : replicas_[at].heard) {
      for (const std::size_t seen : writes_[write].covers) left.erase(seen);
    }
    return left;
  }

 private:
  struct Replica {
    ObjectPtr object;
    Requests requests;
    History heard;
  };

  void mint(std::size_t at, std::size_t write) {
    Replica& replica = replicas_[at];
    const Actor actor{{0, at + 1}, 1};
    Context context = writes_[write].context;
    const std::uint64_t last = replica.object ? replica.object->seen().highest(actor) : 0;
    if (replica.object) context.seen = replica.requests.with_twins(context.seen, *replica.object);
    const Hlc stored = replica.object ? replica.object->latest_hlc() : Hlc{};
    const Sibling written{.dot = {actor, last + 1},
                          .hlc = Hlc{std::max(context.hlc, stored).packed + 1},
                          .request = write + 1,
                          .value = Blob("v")};
    replica.object = put(replica.object, context, written, kPolicy);
    replica.requests.note(written);
    replica.heard.insert(write);
    replica.heard.insert(writes_[write].covers.begin(), writes_[write].covers.end());
  }

  std::vector<Token> writes_;  // what each writer had seen
  std::vector<Replica> replicas_{kReplicas};
};

TEST_CASE("after all states were exchanged, two coordinators of a write leave what one would have left") {
  REQUIRE(rc::check([] {
    TwinModel model;
    std::vector<TwinModel::Token> tokens(1);
    using Step = std::tuple<std::uint32_t, std::size_t, std::size_t>;
    const auto steps = *rc::gen::scale(
        2.0, rc::gen::container<std::vector<Step>>(rc::gen::tuple(
                 rc::gen::inRange<std::uint32_t>(0, 7), rc::gen::inRange<std::size_t>(0, TwinModel::kReplicas),
                 rc::gen::inRange<std::size_t>(0, 1000))));
    for (const auto& [kind, at, other] : steps) {
      if (kind == 0) model.write(at, tokens[other % tokens.size()]);
      if (kind == 1) model.write(at, model.read(at));
      if (kind == 2 || kind == 3) model.write_again(at, other);
      if (kind == 4) tokens.push_back(model.read(at));
      if (kind >= 5) model.merge(at, other % TwinModel::kReplicas);
    }
    for (int round = 0; round < 3; ++round) {
      for (std::size_t into = 0; into < TwinModel::kReplicas; ++into) {
        for (std::size_t from = 0; from < TwinModel::kReplicas; ++from) model.merge(into, from);
      }
    }
    for (std::size_t at = 0; at < TwinModel::kReplicas; ++at) {
      RC_ASSERT(equal(model.object(at), model.object(0)));
      RC_ASSERT(model.kept(at) == model.maximal(at));
    }
  }));
}

}  // namespace
}  // namespace dkv::testing
