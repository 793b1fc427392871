#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <vector>

namespace dkv {

// An object that gathers work during a turn of the loop and does it once at the end: for example, one write for many
// frames.
class TurnEnd {
 public:
  virtual void end_turn() = 0;

 protected:
  ~TurnEnd() = default;
};

// Runs the handlers of Asio on the one thread of a node, in turns. A turn runs the handlers that were ready when it
// began, up to a number and a time, and then calls the objects that asked for its end.
class EventLoop {
 public:
  // With fewer handlers a turn needs more writes. With more, the first answer waits longer for the last one.
  static constexpr int kTurnHandlersMax = 256;
  // Work in steps goes on in the same turn, for each step makes the next one ready. Answers leave at the turn's end, so
  // without this limit they would wait for hundreds of steps.
  static constexpr std::chrono::milliseconds kTurnTimeMax{1};

  boost::asio::io_context& context() noexcept { return context_; }
  // Calls who->end_turn() once at the end of this turn. The caller asks at most once a turn.
  void at_turn_end(std::shared_ptr<TurnEnd> who) { ends_.push_back(std::move(who)); }
  // Runs until stop(). Handlers may be left that have not run.
  void run();
  void stop() { context_.stop(); }

 private:
  boost::asio::io_context context_{1};
  std::vector<std::shared_ptr<TurnEnd>> ends_, ending_;
};

}  // namespace dkv
