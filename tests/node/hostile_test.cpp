// A hostile peer, which sends any decodable message. It repeats real messages late, from other senders and with other
// numbers. No message may reach an assertion, and none may leave a client without an answer.
#include <algorithm>
#include <functional>
#include <type_traits>

#include "tests/node/dice.h"
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

class Liar {
 public:
  explicit Liar(std::uint64_t seed) : dice_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return dice_.below(bound); }

  // Remembers a message that was sent, and uses its numbers in others.
  void overhear(const Envelope& envelope) {
    if (heard_.size() < 4000) heard_.push_back(envelope);
  }
  // A changed message; none when no frame can carry it.
  std::optional<Envelope> lie(std::uint32_t nodes) {
    if (heard_.empty()) return std::nullopt;
    Envelope envelope = heard_[below(heard_.size())];
    other_ = heard_[below(heard_.size())].message;
    if (!visit_message([&](auto& message) { return twist(message); }, envelope.message)) return std::nullopt;
    if (below(4) == 0) envelope.from = static_cast<NodeId>(below(nodes + 2));
    if (below(4) == 0) envelope.to = static_cast<NodeId>(below(nodes));
    return envelope;
  }

 private:
  // Changes each field, and returns false when a decoder would refuse the result.
  template <typename Struct>
  struct Visit {
    Liar& liar;
    Struct& of;
    template <typename Member, typename Format = field::Plain>
    bool operator()(const char*, Member Struct::* member, const Format& format = {}) const {
      return liar.twist(of.*member) && fits(of.*member, format);
    }
    template <typename Check>
    bool rule(const char*, Check check) const {
      return check(of) == nullptr;
    }
    template <typename Member, typename Format>
    bool fits(Member& value, const Format& format) const {
      if constexpr (requires { format.when; }) {
        if (of.*format.when != format.is) value = kNoNode;
        return of.*format.when != format.is || value != kNoNode;
      } else if constexpr (requires { format.last; }) {
        return value <= format.last;
      } else if constexpr (requires { format.by; }) {
        return std::ranges::is_sorted(value, std::ranges::less_equal(), format.by);
      } else if constexpr (requires { format.count; }) {
        return value.size() == format.count;
      } else if constexpr (std::is_unsigned_v<Member> && requires { format.least; }) {
        return value >= format.least && value <= format.most;
      }
      return true;
    }
  };

  template <field::Listed Struct>
  bool twist(Struct& of) {
    return Struct::fields(Visit<Struct>{*this, of});
  }
  template <typename Element>
  bool twist(std::vector<Element>& of) {
    if (!of.empty() && below(8) == 0) of.pop_back();
    return std::ranges::all_of(of, [&](Element& element) { return twist(element); });
  }
  template <typename Value>
  bool twist(Value& of) {
    if constexpr (std::is_same_v<Value, bool>) {
      if (below(8) == 0) of = !of;
    } else if constexpr (std::is_enum_v<Value> || std::is_integral_v<Value>) {
      if (below(8) == 0) of = static_cast<Value>(number(static_cast<std::uint64_t>(of)));
    }
    return true;
  }
  std::uint64_t number(std::uint64_t was) {
    switch (below(8)) {
      case 0: return 0;
      case 1: return was + 1;
      case 2: return was - 1;
      case 3: return ~std::uint64_t{0};
      case 4: return std::uint64_t{1} << below(64);
      case 5: return below(6);
      case 6: return was + below(1u << 20);
      default: return of_another();
    }
  }
  // A number of another message, mostly of its operation.
  std::uint64_t of_another() {
    return visit_message(
        []<typename M>(const M& message) -> std::uint64_t {
          if constexpr (requires { message.op; }) return message.op;
          if constexpr (requires { message.stamp; }) return message.stamp.era;
          if constexpr (requires { message.era; }) return message.era;
          return 1;
        },
        other_);
  }

  Dice dice_;
  std::vector<Envelope> heard_;
  Message other_;
};

// Adds the observations of the nodes to `reached`.
void play(std::uint64_t seed, std::uint32_t nodes, std::set<Observed>& reached) {
  INFO("seed " << seed << ", " << nodes << " nodes");
  BenchOptions options{.nodes = nodes, .partitions = 2};
  options.config.anti_entropy_every_ns = kSecond;
  options.config.reap_every_ns = kSecond;
  options.config.hint_ttl_ns = 3 * kSecond;
  options.config.siblings_max = 2000;
  Bench bench(options);
  Liar liar(seed);
  bench.lose = [&](const Envelope& envelope) {
    if (envelope.to >= nodes) return true;  // an answer to a stranger
    liar.overhear(envelope);
    return liar.below(8) == 0;
  };
  std::size_t asked = 0;
  Context seen;
  ClientToken last = 0;
  for (int step = 0; step < 400; ++step) {
    bench.now_ns += static_cast<TimeNs>(liar.below(40)) * kMillisecond;
    bench.fire_next(bench.now_ns);
    const auto node = static_cast<NodeId>(liar.below(nodes));
    const auto need = static_cast<std::uint8_t>(1 + liar.below(3));
    ClientRequest request = get_of("k", need);
    if (liar.below(2) == 0) request = put_of("k", "v" + std::to_string(step), need);
    if (liar.below(4) == 0) request = delete_of("k", seen, need);
    request.timeout_ms = 300;
    if (liar.below(3) == 0) {
      if (const auto reply = bench.reply(last)) seen = reply->context;
      last = bench.ask(node, request);
      ++asked;
    }
    for (int i = 0; i < 3 && !bench.flying.empty(); ++i) bench.deliver_next();
    for (int i = 0; i < 3; ++i) {
      if (const auto lie = liar.lie(nodes)) bench.deliver(*lie);
    }
    if (liar.below(2) == 0) bench.run_disk(static_cast<NodeId>(liar.below(nodes)));
  }
  bench.lose = [&](const Envelope& envelope) { return envelope.to >= nodes; };
  bench.settle();
  bench.advance(2 * kSecond);
  CHECK(bench.replies() == asked);
  for (const auto& [node, observation] : bench.observed) reached.insert(observation.what);
}

TEST_CASE("a peer that lies in each number of its messages reaches no assertion, and each client is answered") {
  std::set<Observed> reached;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) play(seed, seed % 2 == 0 ? 3 : 5, reached);
  for (const Observed what :
       {Observed::kRequestForwarded, Observed::kFallbackUsed, Observed::kReadRepaired, Observed::kHintStored,
        Observed::kHintDelivered, Observed::kHintExpired, Observed::kAntiEntropyRepaired, Observed::kStaleDropped,
        Observed::kLaterLifeTold, Observed::kPeerUnreachable}) {
    INFO("the lies are of no use if this never happens: " << observed_name(what));
    CHECK(reached.contains(what));
  }
}

}  // namespace
}  // namespace dkv::testing
