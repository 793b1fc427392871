#include "engine/runtime/node_host.h"

#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "engine/core/assert.h"
#include "engine/runtime/metrics.h"

namespace dkv {

namespace asio = boost::asio;

namespace {

constexpr Word<TimerKind> kTimers[] = {{"heartbeat", TimerKind::kHeartbeat},
                                       {"hints", TimerKind::kHints},
                                       {"anti-entropy", TimerKind::kAntiEntropy},
                                       {"operations", TimerKind::kOperations},
                                       {"storage", TimerKind::kStorage}};
static_assert(names_each(kTimers));

struct NameEvent {
  TurnLog::Turn operator()(const Start&) const { return {.event = "start"}; }
  TurnLog::Turn operator()(const Received& received) const {
    return {.event = "message", .detail = message_name(received.message)};
  }
  TurnLog::Turn operator()(const ClientAsked& asked) const {
    return {.event = "request", .detail = request_name(asked.request.kind)};
  }
  TurnLog::Turn operator()(const TimerFired& timer) const {
    return {.event = "timer", .detail = name_of(kTimers, timer.kind)};
  }
  TurnLog::Turn operator()(const DiskDone&) const { return {.event = "disk done"}; }
  TurnLog::Turn operator()(const PeerLost&) const { return {.event = "peer lost"}; }
};

}  // namespace

TimeNs NodeHost::monotonic_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

TimeNs NodeHost::wall_ns() {
  return std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

NodeHost::NodeHost(EventLoop& loop, Options options)
    : loop_(loop), options_(std::move(options)), node_(options_.config, options_.incarnation) {
  for (std::size_t kind = 0; kind < kTimerKinds; ++kind) {
    timers_.push_back(std::make_unique<asio::steady_timer>(loop_.context()));
  }
  if (options_.disk) {
    // The disk owns the descriptor. This object only watches it.
    disk_wake_ = std::make_unique<asio::posix::stream_descriptor>(loop_.context(), options_.disk->wake_descriptor());
    watch_disk();
  }
}

NodeHost::~NodeHost() {
  stop();
}

void NodeHost::start() {
  give({.what = Start{.seed = options_.seed}});
}

void NodeHost::ask(ClientRequest request, Answer answer) {
  if (stopped_ || told_failed_) {
    return answer({.outcome = Outcome::kRefused, .reason = Reason::kNotReady, .acks = {.need = request.need}});
  }
  std::uint32_t slot = 0;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(answers_.size());
    answers_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Waiting& waiting = answers_[slot];
  waiting.answer = std::move(answer);
  const ClientToken token = std::uint64_t{++waiting.generation} << 32 | slot;
  give({.what = ClientAsked{.token = token, .request = std::move(request)}});
}

void NodeHost::receive(NodeId from, Message message) {
  give({.what = Received{.from = from, .message = std::move(message)}});
}

void NodeHost::lost(NodeId peer) {
  give({.what = PeerLost{peer}});
}

void NodeHost::give(Event&& event) {
  if (stopped_) return;
  event.incarnation = options_.incarnation;
  event.now_ns = monotonic_ns();
  event.wall_now_ns = wall_ns();
  TurnLog::Turn turn = std::visit(NameEvent(), event.what);
  turn.took_ns = event.now_ns;
  node_.handle(std::move(event), outbox_);
  drain();
  if (!options_.metrics) return;
  const TimeNs end_ns = monotonic_ns();
  turn.took_ns = end_ns - turn.took_ns;
  turn.at_wall_ns = wall_ns();
  options_.metrics->turns.add(turn, end_ns);
}

// Answers come last, because the receiver of an answer may submit a new request at once. The disk requests of that
// request must not overtake these effects.
void NodeHost::drain() {
  Outbox mine;
  std::swap(mine, outbox_);
  std::vector<Reply> replies;
  for (Effect& effect : mine.effects()) {
    if (auto* send = std::get_if<Send>(&effect)) {
      options_.out->send(send->to, send->message);
    } else if (auto* reply = std::get_if<Reply>(&effect)) {
      replies.push_back(std::move(*reply));
    } else if (const auto* timer = std::get_if<SetTimer>(&effect)) {
      carry_out(*timer);
    } else if (const auto* observation = std::get_if<Observation>(&effect)) {
      if (options_.metrics) options_.metrics->observed.add(observation->what);
      if (options_.watch) options_.watch(*observation);
    }
  }
  for (DiskRequest& request : mine.disk_requests()) {
    DKV_ASSERT(options_.disk);
    options_.disk->submit(std::move(request));
  }
  mine.clear();
  // Keeps the larger buffers for the next turn.
  if (outbox_.empty()) std::swap(mine, outbox_);
  for (Reply& reply : replies) answer(std::move(reply));
  check_phase();
}

void NodeHost::answer(Reply&& reply) {
  const auto slot = static_cast<std::uint32_t>(reply.token);
  DKV_ASSERT(slot < answers_.size());
  Waiting& waiting = answers_[slot];
  if (waiting.generation != reply.token >> 32 || !waiting.answer) return;
  const Answer answer = std::exchange(waiting.answer, nullptr);
  free_.push_back(slot);
  answer(std::move(reply.reply));
}

void NodeHost::carry_out(const SetTimer& set) {
  asio::steady_timer& timer = *timers_[static_cast<std::size_t>(set.kind)];
  timer.expires_after(std::chrono::nanoseconds(set.after_ns));
  timer.async_wait([this, kind = set.kind, serial = set.serial](boost::system::error_code error) {
    if (!error) give({.what = TimerFired{kind, serial}});
  });
}

void NodeHost::watch_disk() {
  disk_wake_->async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
    if (error) return;
    disk_done();
    watch_disk();
  });
}

void NodeHost::disk_done() {
  std::vector<DiskDone> done;
  done.swap(done_);
  options_.disk->poll(done);
  for (DiskDone& each : done) give({.what = std::move(each)});
  done.clear();
  done_.swap(done);
}

void NodeHost::check_phase() {
  if (node_.phase() != Node::Phase::kFailed || told_failed_) return;
  told_failed_ = true;
  asio::post(loop_.context(), [this] {
    answer_all_unknown();
    const std::string error = options_.disk ? options_.disk->last_error() : std::string();
    if (options_.failed) options_.failed(error.empty() ? "its disk failed an append" : error);
  });
}

void NodeHost::answer_all_unknown() {
  for (std::uint32_t slot = 0; slot < answers_.size(); ++slot) {
    if (!answers_[slot].answer) continue;
    const Answer answer = std::exchange(answers_[slot].answer, nullptr);
    free_.push_back(slot);
    answer({.outcome = Outcome::kUnknown, .reason = Reason::kStorageFailed});
  }
}

void NodeHost::stop() {
  if (std::exchange(stopped_, true)) return;
  for (const auto& timer : timers_) timer->cancel();
  if (disk_wake_) {
    disk_wake_->cancel();
    static_cast<void>(disk_wake_->release());
  }
  if (options_.disk) options_.disk->stop();
  answer_all_unknown();
}

}  // namespace dkv
