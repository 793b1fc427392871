#include "engine/runtime/server.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <optional>
#include <random>

#include "engine/core/assert.h"
#include "engine/runtime/folder_owner.h"
#include "engine/runtime/http/server.h"
#include "engine/runtime/incarnation.h"
#include "engine/runtime/logger.h"
#include "engine/runtime/net/listen.h"
#include "engine/runtime/net/peer_links.h"
#include "engine/runtime/node_host.h"
#include "engine/runtime/own_life.h"
#include "engine/runtime/secret_file.h"

namespace dkv {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr auto kDrainMax = std::chrono::seconds(10);
constexpr auto kStartLookEvery = std::chrono::seconds(5);
constexpr auto kDrainLookEvery = std::chrono::milliseconds(20);
constexpr unsigned kDiskReaders = 2;

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::vector<Member> members_of(const ServerConfig& config) {
  std::vector<Member> members;
  for (const ClusterMember& member : config.members) members.push_back(member.member);
  return members;
}

// Locked by the caller.
Result<FolderMark> own_folder_of(const ServerConfig& config) {
  const std::uint64_t high = random_seed();
  return own_folder(config.data,
                    {.folder = {},
                     .cluster = config.cluster,
                     .node = config.me().member.name,
                     .layout = layout_agreement(members_of(config), config.quorum)},
                    {high, random_seed()});
}

}  // namespace

struct Server::Parts {
  explicit Parts(ServerConfig given) : config(std::move(given)), log(config.log_level, config.log_format) {}

  ServerConfig config;
  Logger log;
  EventLoop loop;
  Metrics metrics;
  std::unique_ptr<FileDisk> lock_only;  // without a disk: locks the folder against a second process
  FileDisk* files = nullptr;            // inside `disk`
  std::unique_ptr<PeerLinks> links;
  std::unique_ptr<NodeHost> host;
  std::unique_ptr<ServerView> server_view;
  std::unique_ptr<http::Server> http;
  std::unique_ptr<boost::asio::steady_timer> drain_timer, start_timer;
  std::string http_address;
  std::string failure;
  bool take_later = false;
  std::optional<OwnLife> own_life;
  int stops = 0;
  std::chrono::steady_clock::time_point drain_until;

  void watch(const Observation& observation);
  void told(NodeId peer, Hello::Kind answer, Incarnation life);
  void take_later_life(NodeId peer, Incarnation life);
  void look_whether_drained();
  void look_whether_serving();
};

// Logs the observations that an operator wants to read. All others are only counted.
void Server::Parts::watch(const Observation& observation) {
  const auto peer = [&] {
    return observation.peer < config.members.size() ? config.members[observation.peer].member.name : std::string("?");
  };
  switch (observation.what) {
    case Observed::kServing:
      log.info("serving", {{"node", config.me().member.name}, {"epoch", observation.number}, {"http", http_address}});
      break;
    case Observed::kPeerReachable: log.info(peer() + " is reachable again", {{"peer", peer()}}); break;
    case Observed::kPeerUnreachable: log.warning(peer() + " can't be reached", {{"peer", peer()}}); break;
    case Observed::kStorageFailed: log.error("the disk failed a write: the node stops"); break;
    case Observed::kRecovered: log.info("the store has been read", {{"records", observation.number}}); break;
    case Observed::kDamageFound:
      if (observation.key.empty()) {
        log.warning("parts of the store are damaged; the other replicas will restore their contents",
                    {{"places", observation.number}});
      } else {
        log.warning("a stored value is damaged; the other replicas will restore it",
                    {{"bucket", observation.key.bucket()}, {"key", observation.key.key()}});
      }
      break;
    case Observed::kReplicaIncomplete:
      log.warning(
          "the disk of this node has lost data: until the other replicas have filled it, the node can't say that"
          " a key does not exist",
          {{"comparisons", observation.number}});
      break;
    case Observed::kReplicaComplete: log.info("the other replicas have filled the disk of this node"); break;
    case Observed::kHintLost: log.warning("a hint is damaged and lost", {{"peer", peer()}}); break;
    case Observed::kLaterLifeTold:
      take_later_life(observation.peer, static_cast<Incarnation>(observation.number));
      break;
    case Observed::kClockApart:
      log.error("the clock of this node is far from those of its peers: it goes by their median",
                {{"apart_seconds", observation.number / 1000}});
      break;
    case Observed::kClockAgrees: log.info("the clock of this node agrees with its peers again"); break;
    default: break;
  }
}

void Server::Parts::take_later_life(NodeId peer, Incarnation life) {
  const std::string& name = config.members.at(peer).member.name;
  log.error(name +
                " has heard a later life of this node: its folder was put back, or another process ran as this node;"
                " it takes a life above that one, and starts again",
            {{"peer", name}, {"life", host->node().incarnation()}, {"later_life", life}});
  if (const auto done = exceed_incarnation(config.data, life); !done) {
    failure = done.error().what;
  } else {
    take_later = true;
  }
  loop.stop();
}

void Server::Parts::told(NodeId peer, Hello::Kind answer, Incarnation life) {
  const std::string& name = config.members.at(peer).member.name;
  switch (own_life->told(peer, answer, NodeHost::monotonic_ns())) {
    case OwnLife::Step::kGoOn: return;
    case OwnLife::Step::kTakeLater: return take_later_life(peer, life);
    case OwnLife::Step::kStop: break;
  }
  failure = name + " refuses this node: another process runs as " + config.me().member.name + ", with life " +
            std::to_string(life) + " (this is life " + std::to_string(host->node().incarnation()) +
            "). Find that process; one name belongs to one process and one folder";
  log.error(failure, {{"peer", name}});
  loop.stop();
}

void Server::Parts::look_whether_drained() {
  if (stops > 1 || (http->drained() && host->requests_in_progress() == 0) ||
      std::chrono::steady_clock::now() > drain_until) {
    return loop.stop();
  }
  drain_timer->expires_after(kDrainLookEvery);
  drain_timer->async_wait([this](error_code error) {
    if (!error) look_whether_drained();
  });
}

// Logs that a start takes long, and whether it waits for room on the disk.
void Server::Parts::look_whether_serving() {
  start_timer->expires_after(kStartLookEvery);
  start_timer->async_wait([this](error_code error) {
    if (error || host->node().phase() != Node::Phase::kStarting) return;
    if (host->node().store().stats().full) {
      log.warning("still starting: the disk has no room for another segment",
                  {{"segment_bytes", config.node.storage.segment_bytes}, {"folder", config.data.string()}});
    } else {
      log.info("still starting: the store is being read");
    }
    look_whether_serving();
  });
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(ServerConfig given) {
  auto parts = std::make_unique<Parts>(std::move(given));
  Parts& all = *parts;
  const ServerConfig& config = all.config;
  all.metrics.started_wall_ns = NodeHost::wall_ns();

  // The folder is locked before the ports are opened, so that a second process on it reports the folder and not a
  // port.
  auto files = FileDisk::open(config.data);
  if (!files) return tl::unexpected(files.error());
  const auto mark = own_folder_of(config);
  if (!mark) return tl::unexpected(mark.error());
  const auto secrets = load_secrets(config);
  if (!secrets) return tl::unexpected(secrets.error());
  const Incarnation previous = last_incarnation(config.data);
  const auto incarnation = next_incarnation(config.data, NodeHost::wall_ns());
  if (!incarnation) return tl::unexpected(incarnation.error());
  auto http_acceptor = listen_on(all.loop.context(), config.me().http);
  if (!http_acceptor) return tl::unexpected(http_acceptor.error());
  all.http_address = to_string(http_acceptor->local_endpoint());

  NodeHost::Options options;
  options.config = config.node;
  const std::vector<Member> members = members_of(config);
  auto placement = Placement::make(members, config.quorum.partitions, config.quorum.replicas);
  DKV_ASSERT(placement);  // the configuration was checked
  options.config.placement = std::move(*placement);
  options.incarnation = *incarnation;
  options.seed = random_seed();
  options.metrics = &all.metrics;
  options.watch = [&all](const Observation& observation) { all.watch(observation); };
  options.failed = [&all](const std::string& why) {
    all.failure = "the node's disk failed: " + why;
    all.loop.stop();
  };
  ThreadedDisk* disk = nullptr;
  if (storage_traits(config.node.storage).uses_disk) {
    all.files = files->get();
    auto threaded = ThreadedDisk::start(std::move(*files), {.readers = kDiskReaders, .wake_descriptor = true});
    if (!threaded) return tl::unexpected(threaded.error());
    disk = threaded->get();
    options.disk = std::move(*threaded);
  } else {
    all.lock_only = std::move(*files);
  }

  if (config.members.size() > 1) {
    auto acceptor = listen_on(all.loop.context(), config.me().peer);
    if (!acceptor) return tl::unexpected(acceptor.error());
    PeerLinks::Options link_options{
        .cluster = config.cluster,
        .self = config.self,
        .incarnation = *incarnation,
        .previous = previous,
        .start = random_seed(),
        .folder = mark->folder,
        .agreement = cluster_agreement(members, config.quorum, config.node),
        .unreachable_after_ns = config.node.unreachable_after_ns,
        .peers = {},
        .told = [&all](NodeId peer, Hello::Kind answer, Incarnation life) { all.told(peer, answer, life); },
        .lost = [&all](NodeId peer) { all.host->lost(peer); }};
    all.own_life.emplace(config.node.unreachable_after_ns);
    for (const ClusterMember& member : config.members) {
      if (member.member.id != config.self)
        link_options.peers.push_back({member.member.id, member.member.name, member.peer});
    }
    all.links = std::make_unique<PeerLinks>(
        all.loop, all.log, std::move(*acceptor), std::move(link_options),
        [&all](NodeId from, Message&& message) { all.host->receive(from, std::move(message)); });
    options.out = all.links.get();
  }
  all.host = std::make_unique<NodeHost>(all.loop, std::move(options));
  all.server_view =
      std::make_unique<ServerView>(ServerView{config, all.host->node(), all.metrics, all.links.get(), disk});
  all.http = std::make_unique<http::Server>(
      all.loop, all.log, config, *secrets, std::move(*http_acceptor),
      [&all](ClientRequest&& request, std::function<void(ClientReply&&)> answer) {
        all.host->ask(std::move(request), std::move(answer));
      },
      all.metrics, *all.server_view);
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

std::string Server::http_address() const {
  return parts_->http_address;
}

Result<Server::Ended> Server::run() {
  Parts& all = *parts_;
  all.drain_timer = std::make_unique<boost::asio::steady_timer>(all.loop.context());
  boost::asio::signal_set signals(all.loop.context(), SIGTERM, SIGINT);
  std::function<void()> wait_for_signal = [&] {
    signals.async_wait([&](error_code error, int) {
      if (error) return;
      stop();
      wait_for_signal();
    });
  };
  wait_for_signal();
  if (all.links) all.links->start();
  all.http->start();
  all.host->start();
  all.start_timer = std::make_unique<boost::asio::steady_timer>(all.loop.context());
  all.look_whether_serving();
  all.loop.run();

  all.http->stop();
  if (all.links) all.links->stop();
  all.host->stop();
  if (!all.failure.empty()) return fail(all.failure);
  if (all.files != nullptr && all.host->node().store().traits().may_fall_back() && !all.files->sync_all()) {
    return fail("the last writes could not be synced: " + all.files->last_error());
  }
  if (all.take_later) return Ended::kTakeLater;
  all.log.info("stopped", {{"node", all.config.me().member.name}});
  return Ended::kStopped;
}

void Server::stop() {
  boost::asio::post(parts_->loop.context(), [this] {
    Parts& all = *parts_;
    if (++all.stops > 1) return all.loop.stop();
    all.log.info("stopping after the requests in progress; a second signal stops at once");
    all.http->drain();
    all.drain_until = std::chrono::steady_clock::now() + kDrainMax;
    all.look_whether_drained();
  });
}

}  // namespace dkv
