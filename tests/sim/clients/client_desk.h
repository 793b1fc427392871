// Replaces the world in tests of clients: it records the requests of clients and answers when a test says so.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/clients/clients.h"
#include "tests/catch.h"

namespace dkv::sim::kit {

class Desk final : public ClientHost, public Observer {
 public:
  struct Asked {
    TimeNs at_ns = 0;
    NodeId home = kNoNode, via = kNoNode;
    std::uint64_t token = 0;
    ClientRequest request;
  };
  struct Finished {
    TimeNs due_ns = 0, started_ns = 0, finished_ns = 0;
    OperationKind kind = OperationKind::kGet;
    bool answered = false;
  };

  explicit Desk(Scenario scenario, std::uint64_t seed = 1)
      : scenario_(std::make_shared<const Scenario>(std::move(scenario))), clients(scenario_, seed) {
    clients.start(*this);
  }

  // Wakes clients up to and including this time.
  void until(TimeNs at_ns) {
    while (!wakes_.empty() && wakes_.begin()->first <= at_ns) {
      const auto [due_ns, wake] = *wakes_.begin();
      wakes_.erase(wakes_.begin());
      now = due_ns;
      switch (wake.kind) {
        case Wake::kBegin: clients.begin_due(wake.session, *this); break;
        case Wake::kGiveUp: clients.give_up_due(wake.session, *this); break;
        case Wake::kArrival: clients.arrival(*this); break;
      }
    }
    now = at_ns;
  }

  void reply(const Asked& to, const ClientReply& reply) { clients.replied(to.token, reply, *this); }
  void refuse_connection(const Asked& to) { clients.connection_refused(to.token, *this); }
  // Answers with done. A get finds these values. A put or delete has seen a new dot besides those in its context.
  void done(const Asked& to, const std::vector<std::string>& values = {}) {
    ClientReply answer{.outcome = Outcome::kDone, .object = {}, .context = to.request.context};
    if (to.request.kind == RequestKind::kGet) {
      answer.object = object_of(values);
      answer.context = answer.object ? answer.object->context() : Context();
    } else {
      answer.context.seen = answer.context.seen.with(fresh_dot());
    }
    reply(to, answer);
  }
  ObjectPtr object_of(const std::vector<std::string>& values, bool tombstone = false) {
    std::vector<Sibling> siblings;
    VersionVector seen;
    for (const std::string& value : values) {
      siblings.push_back({.dot = fresh_dot(), .tag = ++tag_, .value = Blob(value), .tombstone = tombstone});
      seen = seen.with(siblings.back().dot);
    }
    return siblings.empty() ? ObjectPtr() : Object::make(seen, siblings);
  }
  const OperationCount& counts(OperationKind kind) const { return clients.counts()[static_cast<std::size_t>(kind)]; }
  const Asked& last() const {
    REQUIRE_FALSE(asked.empty());
    return asked.back();
  }

  std::vector<Asked> asked;
  std::vector<Finished> finished;
  TimeNs now = 0;

 private:
  struct Wake {
    enum Kind { kBegin, kGiveUp, kArrival } kind;
    std::uint32_t session;
  };
  Dot fresh_dot() { return Dot{Actor{ActorId{1, 1}, 1}, ++counter_}; }

  TimeNs now_ns() const override { return now; }
  void ask(NodeId home, NodeId via, std::uint64_t token, ClientRequest&& request) override {
    asked.push_back({now, home, via, token, std::move(request)});
  }
  void wake_to_begin(std::uint32_t session, TimeNs at_ns) override { wakes_.insert({at_ns, {Wake::kBegin, session}}); }
  void wake_to_give_up(std::uint32_t session, TimeNs at_ns) override {
    wakes_.insert({at_ns, {Wake::kGiveUp, session}});
  }
  void next_arrival(TimeNs at_ns) override { wakes_.insert({at_ns, {Wake::kArrival, 0}}); }
  Oracle& oracle() override { return nobody_judges_; }
  Observer* observer() override { return this; }
  void on_operation(const OperationView& view) override {
    finished.push_back({view.due_ns, view.started_ns, view.finished_ns, view.kind, view.reply != nullptr});
  }

  std::multimap<TimeNs, Wake> wakes_;
  std::uint64_t counter_ = 0;
  WriteTag tag_ = 1'000'000;
  Oracle nobody_judges_;
  std::shared_ptr<const Scenario> scenario_;

 public:
  Clients clients;
};

}  // namespace dkv::sim::kit
