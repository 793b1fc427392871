#include "cli/bench/load_generator.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>

#include "engine/core/hash.h"
#include "engine/runtime/node_host.h"
#include "sim/kernel/rng.h"

namespace dkv::cli {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kTick = std::chrono::milliseconds(1);
constexpr TimeNs kProgressEveryNs = 100 * kMillisecond;
constexpr TimeNs kStallNs = 30 * kSecond;

class Generator {
 public:
  Generator(const Load& load, const std::function<void(double)>& progress) : load_(load), progress_(progress) {
    value_.resize(load.value_bytes);
    for (std::size_t i = 0; i < value_.size(); ++i) value_[i] = static_cast<char>('!' + mix64(i + load.seed) % 90);
  }

  Result<LoadResult> run() {
    for (std::uint32_t i = 0; i < load_.clients; ++i) {
      const Address& target = load_.targets[i % load_.targets.size()];
      auto client = std::make_unique<Client>(Client{tcp::socket(context_), to_string(target), {}, {}, 0, false});
      error_code error;
      client->socket.connect({asio::ip::make_address(target.host, error), target.port}, error);
      if (error) return fail("can't connect to " + to_string(target) + ": " + error.message());
      client->socket.set_option(tcp::no_delay(true), error);
      client->socket.non_blocking(true, error);
      clients_.push_back(std::move(client));
    }
    began_ns_ = NodeHost::monotonic_ns();
    last_answer_ns_ = began_ns_;
    for (auto& client : clients_) {
      read(*client);
      if (load_.rate_per_second == 0) {
        next(*client);
      } else {
        idle_.push_back(client.get());
      }
    }
    tick();
    context_.run();
    if (!broken_.empty()) return fail(broken_);
    result_.seconds = static_cast<double>(NodeHost::monotonic_ns() - began_ns_) / 1e9;
    return std::move(result_);
  }

 private:
  struct Client {
    tcp::socket socket;
    std::string host;
    std::string out, in;
    TimeNs due_ns = 0;
    bool asking = false;
    char buffer[4096] = {};
  };

  bool enough() const {
    if (load_.operations > 0) return started_ >= load_.operations;
    return NodeHost::monotonic_ns() - began_ns_ >= load_.for_ns;
  }

  std::uint64_t next_key() {
    const std::uint64_t number = load_.kind == LoadKind::kPut
                                     ? started_ % load_.keys
                                     : mix64(load_.seed * 0x9e3779b97f4a7c15ULL + started_) % load_.keys;
    return load_.first_key + number;
  }

  void next(Client& client, TimeNs due_ns = 0) {
    if (over_ || enough()) return finish();
    client.due_ns = due_ns != 0 ? due_ns : NodeHost::monotonic_ns();
    client.out = load_request(load_.protocol, load_.kind, next_key(), value_, client.host);
    client.asking = true;
    ++started_;
    ++asking_;
    error_code error;
    const std::size_t sent = client.socket.write_some(asio::buffer(client.out), error);
    // Requests are far smaller than a socket's buffer. One that does not fit means that the server does not read.
    if (error || sent != client.out.size()) stop("a request could not be sent: " + error.message());
  }

  void read(Client& client) {
    client.socket.async_read_some(asio::buffer(client.buffer), [this, &client](error_code error, std::size_t bytes) {
      if (over_ && !client.asking) return;
      if (error) return stop(client.host + " closed the connection: " + error.message());
      client.in.append(client.buffer, bytes);
      take(client);
      if (!over_ || client.asking) read(client);
    });
  }

  void take(Client& client) {
    const LoadAnswer answer = read_answer(load_.protocol, load_.kind, client.in);
    if (answer.bytes == 0 || !client.asking) return;
    client.in.erase(0, answer.bytes);
    client.asking = false;
    --asking_;
    last_answer_ns_ = NodeHost::monotonic_ns();
    ++(answer.good ? result_.done : result_.failed);
    result_.latency.add(last_answer_ns_ - client.due_ns);
    if (load_.rate_per_second == 0) {
      next(client);
    } else if (!due_.empty()) {
      const TimeNs due_ns = due_.front();
      due_.pop_front();
      next(client, due_ns);
    } else {
      idle_.push_back(&client);
    }
    if (over_) finish();
  }

  // In an open loop, sends the requests that have become due. In both, reports progress and checks for a stall.
  void tick() {
    timer_.expires_after(kTick);
    timer_.async_wait([this](error_code error) {
      if (error) return;
      const TimeNs now_ns = NodeHost::monotonic_ns();
      if (load_.rate_per_second > 0 && !over_) arrive(now_ns);
      if (enough()) finish();
      if (asking_ > 0 && now_ns - last_answer_ns_ > kStallNs) return stop("no answer for 30 seconds");
      if (progress_ && now_ns - told_ns_ > kProgressEveryNs) {
        told_ns_ = now_ns;
        progress_(load_.operations > 0 ? static_cast<double>(started_) / static_cast<double>(load_.operations)
                                       : static_cast<double>(now_ns - began_ns_) / static_cast<double>(load_.for_ns));
      }
      if (!over_ || asking_ > 0) tick();
    });
  }

  void arrive(TimeNs now_ns) {
    const double period_ns = 1e9 / load_.rate_per_second;
    for (;;) {
      const TimeNs due_ns = began_ns_ + static_cast<TimeNs>(static_cast<double>(arrived_) * period_ns);
      if (due_ns > now_ns || enough()) return;
      ++arrived_;
      if (idle_.empty()) {
        due_.push_back(due_ns);
      } else {
        Client& client = *idle_.back();
        idle_.pop_back();
        next(client, due_ns);
      }
    }
  }

  void finish() {
    over_ = true;
    if (asking_ == 0) context_.stop();
  }
  void stop(std::string why) {
    if (broken_.empty()) broken_ = std::move(why);
    over_ = true;
    context_.stop();
  }

  const Load& load_;
  const std::function<void(double)>& progress_;
  asio::io_context context_{1};
  asio::steady_timer timer_{context_};
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Client*> idle_;
  std::deque<TimeNs> due_;
  std::string value_;
  LoadResult result_;
  std::string broken_;
  std::uint64_t started_ = 0, arrived_ = 0;
  std::uint32_t asking_ = 0;
  TimeNs began_ns_ = 0, last_answer_ns_ = 0, told_ns_ = 0;
  bool over_ = false;
};

}  // namespace

Result<LoadResult> run_load(const Load& load, const std::function<void(double)>& progress) {
  return Generator(load, progress).run();
}

}  // namespace dkv::cli
