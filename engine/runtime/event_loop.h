#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <vector>

namespace dkv {

// Something that gathers work within a turn of the loop and does it once, at the turn's end: bytes of many frames in
// one write, for example.
class TurnEnd {
 public:
  virtual void end_turn() = 0;

 protected:
  ~TurnEnd() = default;
};

// The one thread of a node: handlers of Asio in turns. A turn is all that is ready, up to a number and a time, and then
// the ends of those who asked for one.
class EventLoop {
 public:
  // Fewer would cost more writes, more would make the first answer of a turn wait for the last.
  static constexpr int kTurnHandlersMax = 256;
  // Work in steps goes on in the same turn, for each step makes the next one ready. Answers leave at the turn's end, so
  // without this limit they would wait for hundreds of steps.
  static constexpr std::chrono::milliseconds kTurnTimeMax{1};

  boost::asio::io_context& context() noexcept { return context_; }
  // who->end_turn() is called once at the end of this turn; the caller asks once a turn.
  void at_turn_end(std::shared_ptr<TurnEnd> who) { ends_.push_back(std::move(who)); }
  // Until stop(); returns with handlers left undone.
  void run();
  void stop() { context_.stop(); }

 private:
  boost::asio::io_context context_{1};
  std::vector<std::shared_ptr<TurnEnd>> ends_, ending_;
};

}  // namespace dkv
