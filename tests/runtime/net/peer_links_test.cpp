// Connections between nodes over real sockets on loopback, in one thread.
#include "engine/runtime/net/peer_links.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "engine/protocol/codec.h"
#include "engine/runtime/net/listen.h"
#include "tests/catch.h"

namespace dkv {
namespace {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

const Agreement kSettings{{"n", "3"}};

struct End {
  NodeId id;
  tcp::acceptor acceptor;
  Address address;
  std::vector<std::pair<NodeId, Message>> received;
  std::unique_ptr<PeerLinks> links;
};

class LinksRig {
 public:
  LinksRig() { context().restart(); }

  boost::asio::io_context& context() { return loop_.context(); }

  End& add(NodeId id) {
    tcp::acceptor acceptor = *listen_on(context(), {"127.0.0.1", 0});
    const Address address{"127.0.0.1", acceptor.local_endpoint().port()};
    ends_.push_back(std::make_unique<End>(End{id, std::move(acceptor), address, {}, {}}));
    return *ends_.back();
  }
  void start(End& end, TimeNs unreachable_after_ns = 20 * kSecond) {
    PeerLinks::Options options{.cluster = "demo",
                               .self = end.id,
                               .incarnation = 1,
                               .start = end.id + std::uint64_t{1},
                               .folder = {end.id, 1},
                               .agreement = kSettings,
                               .unreachable_after_ns = unreachable_after_ns,
                               .peers = {},
                               .told = {}};
    for (const auto& other : ends_) {
      if (other.get() != &end) options.peers.push_back({other->id, "n" + std::to_string(other->id), other->address});
    }
    end.links = std::make_unique<PeerLinks>(
        loop_, log_, std::move(end.acceptor), options,
        [&end](NodeId from, Message&& message) { end.received.emplace_back(from, std::move(message)); });
    end.links->start();
  }
  // Runs the loop. False when it took too long.
  template <typename Done>
  bool run_until(Done&& done) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!done()) {
      if (std::chrono::steady_clock::now() > until) return false;
      boost::asio::steady_timer stop(context(), 20ms);
      stop.async_wait([&](boost::system::error_code) { loop_.stop(); });
      loop_.run();
      context().restart();
    }
    return true;
  }
  static bool connected(const End& end) {
    for (const auto& peer : end.links->stats()) {
      if (!peer.connected) return false;
    }
    return true;
  }
  // A stranger's connection to this address.
  tcp::socket stranger(const Address& address) {
    tcp::socket socket(context());
    socket.connect({boost::asio::ip::make_address(address.host), address.port});
    return socket;
  }
  // The bytes that the other side sends until it closes.
  std::string all_of(tcp::socket& socket) {
    std::string got;
    bool over = false;
    char byte = 0;
    std::function<void()> read = [&] {
      socket.async_read_some(boost::asio::buffer(&byte, 1), [&](boost::system::error_code error, std::size_t) {
        if (error) {
          over = true;
        } else {
          got += byte;
          read();
        }
      });
    };
    read();
    REQUIRE(run_until([&] { return over; }));
    return got;
  }

 private:
  Logger log_{LogLevel::kError, LogFormat::kText};
  EventLoop loop_;
  std::vector<std::unique_ptr<End>> ends_;
};

// As node 1 says it.
const Hello kFromB{.from = 1,
                   .to = 0,
                   .incarnation = 1,
                   .membership = digest_of(kSettings),
                   .start = 2,
                   .folder = {1, 1},
                   .text = "demo",
                   .settings = {}};

std::string refused(const Hello& hello) {
  return encode_hello(refusal_of(hello, HelloKnown(), HelloFault::kNumbers));
}

std::string frame_of(const Message& message) {
  std::string bytes;
  encode_frame(message, bytes);
  return bytes;
}

Message beat(Incarnation incarnation) {
  return Heartbeat{.incarnation = incarnation, .hears_you = true};
}

}  // namespace

TEST_CASE("messages arrive in order and with their sender's name") {
  LinksRig rig;
  End& a = rig.add(0);
  End& b = rig.add(1);
  rig.start(a);
  rig.start(b);
  REQUIRE(rig.run_until([&] { return LinksRig::connected(a) && LinksRig::connected(b); }));
  for (Incarnation i = 1; i <= 1000; ++i) a.links->send(1, beat(i));
  b.links->send(0, beat(7));
  REQUIRE(rig.run_until([&] { return b.received.size() == 1000 && a.received.size() == 1; }));
  for (Incarnation i = 1; i <= 1000; ++i) {
    CHECK(b.received[i - 1].first == 0);
    CHECK(std::get<Heartbeat>(b.received[i - 1].second).incarnation == i);
  }
  CHECK(a.received[0].first == 1);
  CHECK(a.links->stats()[0].link.dropped == 0);
}

TEST_CASE("a large message arrives whole") {
  LinksRig rig;
  End& a = rig.add(0);
  End& b = rig.add(1);
  rig.start(a);
  rig.start(b);
  REQUIRE(rig.run_until([&] { return LinksRig::connected(a); }));
  const Dot dot{{{1, 2}, 1}, 1};
  std::vector<Sibling> siblings;
  siblings.push_back({.dot = dot, .value = Blob(std::string(9u << 20, 'x'))});
  const ObjectPtr object = Object::make(VersionVector().with(dot), siblings);
  a.links->send(1, ReplicaPut{.op = 5, .key = *Key::make("b", "k"), .object = object});
  REQUIRE(rig.run_until([&] { return !b.received.empty(); }));
  CHECK(equal(std::get<ReplicaPut>(b.received[0].second).object, object));
}

TEST_CASE("messages without a connection are lost and counted, and the connection comes back") {
  LinksRig rig;
  End& a = rig.add(0);
  End& b = rig.add(1);
  rig.start(a);
  a.links->send(1, beat(1));
  CHECK(a.links->stats()[0].link.dropped == 1);
  rig.start(b);
  REQUIRE(rig.run_until([&] { return LinksRig::connected(a); }));
  b.links.reset();
  REQUIRE(rig.run_until([&] { return !LinksRig::connected(a); }));
  a.links->send(1, beat(2));
  CHECK(a.links->stats()[0].link.dropped == 2);
  b.acceptor = *listen_on(rig.context(), b.address);
  rig.start(b);
  REQUIRE(rig.run_until([&] { return LinksRig::connected(a) && LinksRig::connected(b); }));
  a.links->send(1, beat(3));
  REQUIRE(rig.run_until([&] { return !b.received.empty(); }));
  CHECK(std::get<Heartbeat>(b.received[0].second).incarnation == 3);
}

TEST_CASE("the answer to every wrong hello is the same and reveals nothing") {
  LinksRig rig;
  End& a = rig.add(0);
  rig.add(1);
  rig.start(a);
  const auto refusal = [&](Hello hello) {
    tcp::socket socket = rig.stranger(a.address);
    boost::asio::write(socket, boost::asio::buffer(encode_hello(hello)));
    const std::string bytes = rig.all_of(socket);
    CHECK(bytes == refused(hello));
    const auto answer = decode_hello(bytes);
    REQUIRE(answer);
    return answer->text;
  };
  Hello other = kFromB;
  other.text = "prod";
  CHECK(refusal(other) == kRefusalText);
  other = kFromB;
  other.membership = 2;
  CHECK(refusal(other) == kRefusalText);
  other = kFromB;
  other.version = kHelloVersion + 1;
  CHECK(refusal(other) == kRefusalText);
  for (const auto& [from, to] : {std::pair<NodeId, NodeId>{1, 1}, {2, 0}, {0, 0}}) {
    other = kFromB;
    other.from = from;
    other.to = to;
    CHECK(refusal(other) == kRefusalText);
  }
}

TEST_CASE("a second hello under a connected node's name is refused, and its connection stays") {
  LinksRig rig;
  End& a = rig.add(0);
  End& b = rig.add(1);
  rig.start(a);
  rig.start(b);
  REQUIRE(rig.run_until([&] { return LinksRig::connected(a) && LinksRig::connected(b); }));
  for (const Incarnation life : {1u, 0u, 9u}) {
    Hello second = kFromB;
    second.incarnation = life;
    second.start = 77;
    tcp::socket socket = rig.stranger(a.address);
    boost::asio::write(socket, boost::asio::buffer(encode_hello(second) + frame_of(beat(666))));
    const auto answer = decode_hello(rig.all_of(socket));
    REQUIRE(answer);
    CHECK(answer->kind == Hello::Kind::kTwin);
    CHECK(answer->incarnation == 1);
  }
  b.links->send(0, beat(9));
  REQUIRE(rig.run_until([&] { return !a.received.empty(); }));
  CHECK(a.received.size() == 1);
  CHECK(std::get<Heartbeat>(a.received[0].second).incarnation == 9);
  CHECK(b.links->stats()[0].link.connects == 1);
}

TEST_CASE("the next life is welcome at once, though its last connection has not ended") {
  LinksRig rig;
  End& a = rig.add(0);
  rig.add(1);
  rig.start(a);
  tcp::socket half_open = rig.stranger(a.address);
  boost::asio::write(half_open, boost::asio::buffer(encode_hello(kFromB) + frame_of(beat(1))));
  REQUIRE(rig.run_until([&] { return a.received.size() == 1; }));
  Hello later = kFromB;
  later.incarnation = 2;
  later.previous = 1;
  later.start = 3;
  tcp::socket next = rig.stranger(a.address);
  boost::asio::write(next, boost::asio::buffer(encode_hello(later) + frame_of(beat(2))));
  REQUIRE(rig.run_until([&] { return a.received.size() == 2; }));
  const auto answer = decode_hello(rig.all_of(half_open));
  REQUIRE(answer);
  CHECK(answer->kind == Hello::Kind::kWelcome);
}

TEST_CASE("a connection that was silent for too long is replaced even for the same life") {
  LinksRig rig;
  End& a = rig.add(0);
  rig.add(1);
  rig.start(a, 300 * kMillisecond);
  tcp::socket silent = rig.stranger(a.address);
  boost::asio::write(silent, boost::asio::buffer(encode_hello(kFromB) + frame_of(beat(1))));
  REQUIRE(rig.run_until([&] { return a.received.size() == 1; }));
  const auto heard_at = std::chrono::steady_clock::now();
  std::optional<tcp::socket> welcomed;
  REQUIRE(rig.run_until([&] {
    welcomed.emplace(rig.stranger(a.address));
    boost::asio::write(*welcomed, boost::asio::buffer(encode_hello(kFromB) + frame_of(beat(2))));
    const auto soon = std::chrono::steady_clock::now() + 50ms;
    rig.run_until([&] { return a.received.size() == 2 || std::chrono::steady_clock::now() > soon; });
    return a.received.size() == 2;
  }));
  CHECK(std::chrono::steady_clock::now() - heard_at > 300ms);
}

TEST_CASE("of two hellos that arrive together one is welcome") {
  LinksRig rig;
  End& a = rig.add(0);
  rig.add(1);
  rig.start(a);
  std::vector<tcp::socket> both;
  for (int i = 0; i < 2; ++i) {
    both.push_back(rig.stranger(a.address));
    boost::asio::write(both.back(), boost::asio::buffer(encode_hello(kFromB)));
  }
  int refusals = 0;
  REQUIRE(rig.run_until([&] {
    boost::system::error_code error;
    refusals = 0;
    for (tcp::socket& socket : both) refusals += socket.available(error) == refused(kFromB).size();
    return refusals > 0;
  }));
  CHECK(refusals == 1);
  for (tcp::socket& socket : both) {
    boost::system::error_code closed;
    boost::asio::write(socket, boost::asio::buffer(frame_of(beat(5))), closed);
  }
  REQUIRE(rig.run_until([&] { return !a.received.empty(); }));
  CHECK(a.received.size() == 1);
}

TEST_CASE("garbage ends its own connection and nothing else") {
  LinksRig rig;
  End& a = rig.add(0);
  End& b = rig.add(1);
  rig.add(2);
  rig.start(a);
  rig.start(b);
  const auto b_is_heard = [&] {
    b.links->send(0, beat(9));
    return !a.received.empty();
  };
  REQUIRE(rig.run_until(b_is_heard));
  Hello of_third = kFromB;
  of_third.from = 2;
  of_third.folder = {2, 1};
  const std::string hello = encode_hello(of_third);
  const std::string huge("\xff\xff\xff\x7f\0\0\0\0\x01\x01\0\0", 12);
  for (const std::string& garbage : {std::string("GET / HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"),
                                     std::string(64, '\0'), hello + "frames? no frames at all", hello + huge}) {
    tcp::socket socket = rig.stranger(a.address);
    boost::asio::write(socket, boost::asio::buffer(garbage));
    rig.all_of(socket);
  }
  a.received.clear();
  REQUIRE(rig.run_until(b_is_heard));
  CHECK(b.links->stats()[0].link.connects == 1);
}

TEST_CASE("a newcomer takes the place of the oldest stranger that says nothing, and never of a peer") {
  LinksRig rig;
  End& a = rig.add(0);
  rig.add(1);
  rig.start(a);
  std::vector<tcp::socket> silent;
  const auto fill = [&] {
    for (std::size_t i = 0; i < PeerLinks::kStrangersMax; ++i) silent.push_back(rig.stranger(a.address));
  };
  fill();
  tcp::socket peer = rig.stranger(a.address);
  boost::asio::write(peer, boost::asio::buffer(encode_hello(kFromB) + frame_of(beat(1))));
  REQUIRE(rig.run_until([&] { return a.received.size() == 1; }));
  // The first one went when the peer came. The second one goes with the next that comes beyond the limit.
  CHECK(rig.all_of(silent.front()).empty());
  fill();
  CHECK(rig.all_of(silent[PeerLinks::kStrangersMax - 1]).empty());
  boost::asio::write(peer, boost::asio::buffer(frame_of(beat(2))));
  REQUIRE(rig.run_until([&] { return a.received.size() == 2; }));
}

TEST_CASE("a stranger that says nothing is not waited for long") {
  LinksRig rig;
  End& a = rig.add(0);
  rig.add(1);
  rig.start(a);
  tcp::socket silent = rig.stranger(a.address);
  CHECK(rig.all_of(silent).empty());
}

}  // namespace dkv
