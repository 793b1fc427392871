#include "sim/story/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "engine/core/assert.h"
#include "sim/network/message_traits.h"
#include "sim/oracle/findings.h"
#include "sim/story/text.h"
#include "sim/story/words.h"

namespace dkv::story {
namespace {

// Of sends that carry the same to several nodes, and of all else that follows.
constexpr std::size_t kThenMax = 40;

std::string key_words(const Key& key) {
  return shown(sim::key_text(key), 24);
}

const char* timer_words(TimerKind kind) {
  switch (kind) {
    case TimerKind::kHeartbeat: return "heartbeats";
    case TimerKind::kHints: return "hints";
    case TimerKind::kAntiEntropy: return "anti-entropy";
    case TimerKind::kOperations: return "operations";
    case TimerKind::kStorage: return "storage";
  }
  return "";
}

std::string outcome_words(const ClientReply& reply) {
  std::string text = outcome_name(reply.outcome);
  if (reply.reason != Reason::kNone) text += fmt::format(" ({})", reason_text(reply.reason));
  return text;
}

std::string with_article(const char* word) {
  const bool vowel = std::string_view("aeiou").find(word[0]) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", word);
}

std::string message_words(const Message& message) {
  const sim::MessageWords& words = sim::words_of_message(message.index());
  const Key* key = sim::key_of(message);
  // Some messages are many: "objects".
  const std::string_view word = words.word;
  const bool many = word.ends_with('s') || word.find("s ") != std::string_view::npos;
  return (many ? std::string(word) : with_article(words.word)) + (key ? " of " + key_words(*key) : "");
}

std::string record_words(const Record& record, const sim::Scenario& scenario) {
  switch (record.space) {
    case KeySpace::kObjects: return (record.object ? "stores its state of " : "forgets ") + key_words(record.key);
    case KeySpace::kHints:
      return fmt::format("{} the hint of {} for {}", record.object ? "stores" : "erases", key_words(record.key),
                         node_name(scenario, record.owner));
    case KeySpace::kIdentity:
    case KeySpace::kDictionaries: break;
  }
  return {};
}

const char* request_words(RequestKind kind) {
  switch (kind) {
    case RequestKind::kGet: return "get";
    case RequestKind::kPut: return "put";
    case RequestKind::kDelete: return "delete";
  }
  return "";
}

class EventTeller final : public sim::Observer {
 public:
  EventTeller(const sim::World& world, EventAccount& account)
      : world_(world), scenario_(world.scenario()), account_(account) {}

  bool wants_events() const override { return true; }

  void on_event(const sim::EventView& view) override {
    account_.number = view.number;
    account_.at_ns = view.at_ns;
    account_.kind = view.kind;
    account_.node = view.node;
    if (const Key* key = view.message ? sim::key_of(*view.message) : view.request ? &view.request->key : nullptr) {
      account_.key = sim::key_text(*key);
    }
    account_.what = what(view);
    if (view.taken == sim::EventView::Taken::kLater) account_.what += ", and is too slow to take it now";
    if (view.taken == sim::EventView::Taken::kNobody) account_.what += ", and is down";
  }

  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs) override {
    struct Sent {
      std::string what;
      std::vector<std::string> to;
    };
    std::vector<Sent> sent;
    for (const Effect& effect : effects) {
      if (const auto* send = std::get_if<Send>(&effect)) {
        const std::string words = message_words(send->message);
        auto known = std::ranges::find(sent, words, &Sent::what);
        if (known == sent.end()) known = sent.insert(known, Sent{words, {}});
        known->to.push_back(name(send->to));
      } else if (const auto* append = std::get_if<Append>(&effect)) {
        if (const std::string words = record_words(append->record, scenario_); !words.empty()) then(node, words);
      } else if (const auto* reply = std::get_if<Reply>(&effect)) {
        then(node, "answers the client: " + outcome_words(reply->reply));
      }
    }
    for (const Sent& one : sent) then(node, fmt::format("sends {} to {}", one.what, listed(one.to)));
  }

  void on_observation(NodeId node, const Observation& observation, TimeNs) override {
    then(node, observed_words(observation, scenario_));
  }
  void on_node(NodeId node, sim::NodeChange change, TimeNs) override { then(node, change_words(change)); }
  void on_fault(const sim::Fault& fault, bool begins, TimeNs) override {
    const FaultWords words = words_of(fault, scenario_);
    then(words.who + " " + (begins ? words.begins : words.ends));
  }
  void on_operation(const sim::OperationView& view) override {
    then(fmt::format("{} ends its {} of {} via {}: {}", client(view.session), sim::operation_name(view.kind),
                     key_words(*view.key), name(view.via), view.reply ? outcome_words(*view.reply) : "it gave up"));
  }
  void on_lost(const sim::Flight& flight, TimeNs) override {
    const std::string what = flight.message   ? message_words(*flight.message)
                             : flight.request ? "the request of a client"
                             : flight.reply   ? "the answer to a client"
                                              : "the end of a connection";
    then(fmt::format("the network loses {}{}", what, flight.to == kNoNode ? "" : " for " + name(flight.to)));
  }
  void on_heal(TimeNs) override { then("all faults end, and clients ask for nothing new"); }
  void on_converged(TimeNs) override { then("all replicas of all keys are equal"); }
  void on_violation(const sim::Violation& violation) override {
    then(fmt::format("{} {} is broken{}: {}", sim::invariant_code(violation.invariant),
                     sim::invariant_name(violation.invariant),
                     violation.key.empty() ? "" : ", key " + shown(violation.key, 24), violation.detail));
  }

 private:
  const std::string& name(NodeId node) const { return node_name(scenario_, node); }
  std::string client(std::uint32_t session) const {
    const std::string* known = world_.clients().session_name(session);
    return known && !known->empty() ? *known : fmt::format("client {}", session);
  }
  void then(std::string line) {
    if (account_.then.size() < kThenMax) account_.then.push_back(std::move(line));
  }
  void then(NodeId node, const std::string& words) { then(name(node) + " " + words); }

  std::string what(const sim::EventView& view) const {
    const auto session = static_cast<std::uint32_t>(view.detail >> 32);
    switch (view.kind) {
      case sim::EventKind::kMessage:
        return fmt::format("{} gets {} from {}, sent at {}", name(view.node), message_words(*view.message),
                           name(view.from), clock_time(view.sent_ns));
      case sim::EventKind::kRequest:
        return fmt::format("{} gets a {} of {} from {}", name(view.node), request_words(view.request->kind),
                           key_words(view.request->key), client(session));
      case sim::EventKind::kReply:
        return fmt::format("{} gets its answer from {}: {}", client(session), name(view.answered_by),
                           outcome_words(*view.reply));
      case sim::EventKind::kConnectionRefused: return client(session) + " finds nobody at the node that it asked";
      case sim::EventKind::kTimer:
        return fmt::format("the timer of {} for {} fires", name(view.node),
                           timer_words(static_cast<TimerKind>(view.detail)));
      case sim::EventKind::kSynced: return fmt::format("the disk of {} has made records durable", name(view.node));
      case sim::EventKind::kDisk:
      case sim::EventKind::kDiskLate: return fmt::format("the disk of {} answers", name(view.node));
      case sim::EventKind::kConnectionEnds:
        return fmt::format("the connection of {} to {} is reset", name(view.node), name(view.from));
      case sim::EventKind::kRespawn: return fmt::format("the supervisor starts {} again", name(view.node));
      case sim::EventKind::kClientBegins: return "a client begins an operation";
      case sim::EventKind::kClientPatience: return "a client checks whether it has waited too long";
      case sim::EventKind::kClientArrives: return "a request of the load falls due";
      case sim::EventKind::kFaultBegins: return "a fault begins: " + fault(view.detail, true);
      case sim::EventKind::kFaultEnds: return "a fault ends: " + fault(view.detail, false);
      case sim::EventKind::kMoment: return "a copy of a disk is kept for a later fault";
      case sim::EventKind::kHeal: return "all faults end";
      case sim::EventKind::kPoll: return "the oracles check whether all replicas are equal";
      case sim::EventKind::kDropped: return "a message would have arrived that a command has dropped";
    }
    return {};
  }
  std::string fault(std::uint64_t index, bool begins) const {
    const FaultWords words = words_of(world_.fault(static_cast<std::uint32_t>(index)), scenario_);
    return words.who + " " + (begins ? words.begins : words.ends);
  }

  const sim::World& world_;
  const sim::Scenario& scenario_;
  EventAccount& account_;
};

// What clients have asked for in this event. No observer is told that an operation begins.
void tell_begun(const sim::World& world, std::span<const sim::RunningOperation> before, EventAccount& account) {
  for (const sim::RunningOperation& one : world.clients().running()) {
    const auto known = std::ranges::find(before, one.session, &sim::RunningOperation::session);
    if (known != before.end() && known->started_ns == one.started_ns) continue;
    const std::string who = one.session_name ? *one.session_name : fmt::format("client {}", one.session);
    std::string begun = fmt::format("{} begins a {} of {} via {}", who, sim::operation_name(one.kind),
                                    key_words(*one.key), node_name(world.scenario(), one.via));
    const bool is_the_event =
        account.kind == sim::EventKind::kClientBegins || account.kind == sim::EventKind::kClientArrives;
    if (is_the_event) {
      account.what = std::move(begun);
    } else {
      account.then.push_back(std::move(begun));
    }
    if (account.key.empty()) account.key = sim::key_text(*one.key);
  }
}

}  // namespace

std::string observed_words(const Observation& observation, const sim::Scenario& scenario) {
  const std::string peer = observation.peer == kNoNode ? std::string() : node_name(scenario, observation.peer);
  const std::string key = observation.key.empty() ? std::string() : key_words(observation.key);
  const auto words = [&](const char* text) { return fmt::format(fmt::runtime(text), peer, key, observation.number); };
  switch (observation.what) {
    case Observed::kServing: return words("serves, in epoch {2}");
    case Observed::kPeerReachable: return words("hears {0} again");
    case Observed::kPeerUnreachable: return words("considers {0} unreachable");
    case Observed::kHintStored: return words("keeps a hint for {0}: {1}");
    case Observed::kHintRefused: return words("has no room for a hint for {0}: {1}");
    case Observed::kHintSent: return words("sends a hint of {1} to {0}");
    case Observed::kHintDelivered: return words("has delivered its hint of {1} to {0}");
    case Observed::kHintSuperseded: return words("merges a newer hint for {0}: {1}");
    case Observed::kHintExpired: return words("gives up an old hint for {0}: {1}");
    case Observed::kReadRepaired: return words("repairs {1} at {0} after a read");
    case Observed::kAntiEntropyStarted: return words("begins anti-entropy with {0}");
    case Observed::kAntiEntropyDiffered: return words("finds that partition {2} differs from {0}");
    case Observed::kAntiEntropyRepaired: return words("sends {1} to {0}, which differed");
    case Observed::kFallbackUsed:
      return fmt::format("asks {} to stand in for {}: {}", peer,
                         node_name(scenario, static_cast<NodeId>(observation.number)), key);
    case Observed::kRequestForwarded: return words("forwards a request for {1} to {0}");
    case Observed::kStorageFailed: return words("stops: its disk failed");
    case Observed::kRecovered: return words("finds {2} records on its disk");
    case Observed::kDamageFound: return key.empty() ? "finds damage on its disk" : "finds damage of " + key;
    case Observed::kHintLost: return words("cannot read its hint for {0}: {1}");
    case Observed::kTombstoneReaped: return words("forgets the tombstone of {1}");
    case Observed::kClockCollapsed: return words("drops {2} entries of dead epochs from the clock of {1}");
    case Observed::kStaleDropped: return words("drops a state of {1} from {0} that comes too late");
    case Observed::kReplicaIncomplete: return words("can't say any more that a key does not exist");
    case Observed::kReplicaComplete: return words("holds all that the other replicas hold");
    case Observed::kLaterLifeTold:
      return words("learns that {0} has heard its life {2}, which is later than the present one");
    case Observed::kClockApart:
      return fmt::format("finds its clock {} s from the median of the clocks that it hears, and takes that",
                         observation.number / 1000);
    case Observed::kClockAgrees: return words("finds its clock near the others again");
  }
  return {};
}

const char* change_words(sim::NodeChange change) noexcept {
  switch (change) {
    case sim::NodeChange::kStarted: return "starts";
    case sim::NodeChange::kCrashed: return "crashes";
    case sim::NodeChange::kLostPower: return "loses power";
    case sim::NodeChange::kWiped: return "loses its disk";
    case sim::NodeChange::kPaused: return "is paused";
    case sim::NodeChange::kResumed: return "continues";
  }
  return "";
}

EventAccount tell_next_event(sim::World& world) {
  DKV_ASSERT(!world.ended());
  EventAccount account;
  EventTeller teller(world, account);
  const std::vector<sim::RunningOperation> before = world.clients().running();
  world.step(&teller);
  tell_begun(world, before, account);
  for (const std::uint32_t index : world.faults_on()) {
    const FaultWords words = words_of(world.fault(index), world.scenario());
    account.on.push_back(words.who + " " + words.begins);
  }
  return account;
}

}  // namespace dkv::story
