#pragma once

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/node/node.h"
#include "engine/ports/observation.h"
#include "engine/runtime/disk/threaded_disk.h"
#include "engine/runtime/event_loop.h"

namespace dkv {

struct Metrics;

// Sends messages to other nodes. They may be lost, as on any network.
class MessageOut {
 public:
  virtual void send(NodeId to, const Message& message) = 0;

 protected:
  ~MessageOut() = default;
};

// The real host of one node: it gives the node events and carries out its effects, under the contract in
// engine/ports/event.h. Everything runs on the loop's thread; the disk has its own threads.
class NodeHost {
 public:
  using Answer = std::function<void(ClientReply&&)>;
  using Watch = std::function<void(const Observation&)>;

  struct Options {
    NodeConfig config;  // passes its check()
    Incarnation incarnation = 0;
    std::uint64_t seed = 0;
    std::unique_ptr<ThreadedDisk> disk;       // with a wake descriptor; null when the store uses no disk
    MessageOut* out = nullptr;                // outlives the host
    Metrics* metrics = nullptr;               // counts events of the host; outlives it; null: nothing is counted
    Watch watch;                              // called within a turn
    std::function<void(std::string)> failed;  // called when the disk has failed; the node answers nothing any more
  };
  NodeHost(EventLoop& loop, Options options);
  ~NodeHost();
  NodeHost(const NodeHost&) = delete;
  NodeHost& operator=(const NodeHost&) = delete;

  void start();
  // Every request is answered once, at the latest some time after its time-out. When the node fails or stops, all
  // open requests are answered with an unknown outcome.
  void ask(ClientRequest request, Answer answer);
  void receive(NodeId from, Message message);
  // The connection to the peer was refused or reset.
  void lost(NodeId peer);
  // Gives the node no further events. Returns after all its disk requests have been carried out.
  void stop();

  const Node& node() const noexcept { return node_; }
  std::size_t requests_in_progress() const noexcept { return answers_.size() - free_.size(); }
  static TimeNs monotonic_ns();
  static TimeNs wall_ns();

 private:
  void give(Event&& event);
  void drain();
  void answer(Reply&& reply);
  void carry_out(const SetTimer& timer);
  void watch_disk();
  void disk_done();
  void check_phase();
  void answer_all_unknown();

  struct Waiting {
    std::uint32_t generation = 0;
    Answer answer;
  };

  EventLoop& loop_;
  Options options_;
  Node node_;
  Outbox outbox_;
  std::vector<std::unique_ptr<boost::asio::steady_timer>> timers_;  // by TimerKind
  std::unique_ptr<boost::asio::posix::stream_descriptor> disk_wake_;
  std::vector<DiskDone> done_;
  std::vector<Waiting> answers_;  // by the low half of a token; the high half is the generation
  std::vector<std::uint32_t> free_;
  bool told_failed_ = false;
  bool stopped_ = false;
};

}  // namespace dkv
