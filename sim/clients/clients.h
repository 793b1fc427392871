#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/clients/client_host.h"
#include "sim/clients/forger.h"
#include "sim/clients/key_chooser.h"
#include "sim/kernel/histogram.h"
#include "sim/kernel/rng.h"
#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// The clients of a run: random sessions (a load) and scripted ones (a story). A session has one operation in
// progress. It remembers the last state that it has seen of each key, and returns that context with its writes.
class Clients {
 public:
  Clients(std::shared_ptr<const Scenario> scenario, std::uint64_t seed);
  // Defined in the .cpp: slow to compile.
  Clients(const Clients&);
  Clients(Clients&&) noexcept;
  Clients& operator=(const Clients&);
  Clients& operator=(Clients&&) noexcept;
  ~Clients();

  // From now on all numbers come from other streams: those of this seed, from their beginning.
  void draw_from(std::uint64_t seed) noexcept;

  void start(ClientHost& host);
  void arrival(ClientHost& host);  // kOpen: the next request of the load begins
  void begin_due(std::uint32_t session, ClientHost& host);
  void give_up_due(std::uint32_t session, ClientHost& host);
  void replied(std::uint64_t token, const ClientReply& reply, ClientHost& host);
  // For kPut and kDelete: a new session at command.via, with the name "you", sends the request. The command has been
  // checked.
  void command(const Command& command, ClientHost& host);
  // The node to which the request went is down. The session tries another node.
  void connection_refused(std::uint64_t token, ClientHost& host);
  // No further operations begin; those in progress end. Steps that could not begin count as failed.
  void stop();
  bool idle() const noexcept { return busy_ == 0; }
  // The home node of the session with this token.
  NodeId home(std::uint64_t token) const noexcept { return sessions_[token >> 32].home; }

  const std::array<OperationCount, kOperationKinds>& counts() const noexcept { return counts_; }
  const std::array<Histogram, kOperationKinds>& latency() const noexcept { return latency_; }
  const std::array<Histogram, kOperationKinds>& service() const noexcept { return service_; }
  const Histogram& waiting() const noexcept { return waiting_; }
  // Forged contexts that were refused. One that is accepted is a violation.
  std::uint64_t contexts_refused() const noexcept { return contexts_refused_; }
  std::uint64_t siblings_read_max() const noexcept { return siblings_read_max_; }
  std::uint32_t busy() const noexcept { return busy_; }
  struct FailedStep {
    const Step* step = nullptr;  // in the scenario, which outlives this
    std::string why;
  };
  // Answers whose bytes differ from the value that was written under their tag. All are counted; only the first are
  // kept.
  const std::vector<Violation>& wrong_values() const noexcept { return wrong_values_; }
  std::uint64_t wrong_value_count() const noexcept { return wrong_value_count_; }
  const std::vector<FailedStep>& failed_steps() const noexcept { return failed_steps_; }
  // The keys of the load first, then those of the steps, then those of commands.
  const std::vector<Key>& keys() const noexcept { return *keys_; }
  std::vector<RunningOperation> running() const;
  std::size_t session_count() const noexcept { return sessions_.size(); }
  // Null for a session of the load.
  const std::string* session_name(std::uint32_t session) const noexcept {
    return scripted(session) ? &sessions_[session].name : nullptr;
  }
  // The memory that a copy needs; an estimate.
  std::uint64_t copy_bytes() const noexcept;

 private:
  enum class Plan : std::uint8_t { kGet, kPut, kBlindPut, kUpdate, kRemove, kForge };
  struct Memory {
    Context context;
    Seen seen;
  };
  struct Session {
    NodeId home = 0;
    NodeId via = kNoNode;
    std::uint32_t serial = 0;  // of its operations; with the session's number it makes the token
    bool busy = false;
    bool give_up_armed = false;  // one wake-up serves all operations; each checks whether its own time has come
    // The operation in progress, and the plan that it belongs to.
    Plan plan = Plan::kGet;
    bool second_half = false;  // of an update or remove: the write after the get
    OperationKind kind = OperationKind::kGet;
    std::uint32_t key_index = 0;
    std::uint32_t tries = 0;
    TimeNs due_ns = 0;  // the time at which the load wanted it to begin
    TimeNs started_ns = 0;
    TimeNs give_up_ns = 0;
    TimeNs begin_ns = -1;  // kClosed and scripted: the time at which the next one begins
    WriteTag tag = 0;
    Oracle::ReadId read = 0;
    Blob value;
    ClientRequest request;  // kept for a retry
    // Scripted sessions.
    std::string name;
    std::vector<std::uint32_t> steps;  // indices into the scenario's steps
    std::size_t next_step = 0;
    const Step* step = nullptr;
    boost::unordered_flat_map<std::uint32_t, Memory> memory;  // by key index
  };

  bool scripted(std::uint32_t session) const noexcept { return session >= spec().clients; }
  const WorkloadSpec& spec() const noexcept { return scenario_->workload; }
  Plan draw_plan();
  void build_sessions();
  void begin_random(std::uint32_t session, TimeNs due_ns, ClientHost& host);
  void begin_step(std::uint32_t session, ClientHost& host);
  void start_get(std::uint32_t session, ClientHost& host);
  struct WritePlan {
    bool blind = false;
    bool remove = false;
    std::optional<Blob> value;  // unset: bytes that begin with the tag
    // A forged context. The oracle knows that the session has seen nothing.
    std::optional<Context> forged = {};
  };
  void start_write(std::uint32_t session, const WritePlan& plan, ClientHost& host);
  bool continue_plan(std::uint32_t session, const ClientReply& reply, ClientHost& host);
  bool write_forged(std::uint32_t session, const ClientReply& reply, ClientHost& host);
  ClientRequest request_for(const Session& session) const;
  TimeNs lifetime_ns(const ClientRequest& request) const;
  void send(std::uint32_t session, ClientHost& host);
  void finish(std::uint32_t session, const ClientReply* reply, ClientHost& host);
  void rest(std::uint32_t session, ClientHost& host);
  void check_step(Session& session, const ClientReply* reply);
  void check_values(const Session& session, const ClientReply& reply, TimeNs now_ns);
  NodeId pick_node(Session& session);

  std::shared_ptr<const Scenario> scenario_;
  std::shared_ptr<const std::vector<Key>> keys_;
  std::vector<std::uint32_t> step_keys_;  // by step: the index of its key
  std::vector<std::shared_ptr<const Step>> command_steps_;
  Stream arrivals_;
  Stream choices_;
  KeyChooser chooser_;
  Distribution gaps_;  // between arrivals of an open load
  std::vector<Session> sessions_;
  std::vector<std::uint32_t> free_;  // kOpen: idle sessions
  std::deque<TimeNs> backlog_;       // kOpen: the due times of requests that found no idle session
  bool stopped_ = false;
  std::uint32_t busy_ = 0;
  std::array<OperationCount, kOperationKinds> counts_{};
  std::array<Histogram, kOperationKinds> latency_{}, service_{};
  Histogram waiting_;
  std::uint64_t siblings_read_max_ = 0;
  std::shared_ptr<const Forger> forger_;  // null: the load has no forged contexts
  Stream forgeries_;
  std::uint64_t contexts_refused_ = 0;
  std::vector<FailedStep> failed_steps_;
  std::vector<Violation> wrong_values_;
  std::uint64_t wrong_value_count_ = 0;
  std::vector<WriteTag> step_tags_;  // writes of steps to keys of the load, which have other values; ascending
};

}  // namespace dkv::sim
