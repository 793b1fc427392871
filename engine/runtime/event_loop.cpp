#include "engine/runtime/event_loop.h"

namespace dkv {

void EventLoop::run() {
  while (context_.run_one() > 0) {
    const auto until = std::chrono::steady_clock::now() + kTurnTimeMax;
    for (int handlers = 1; handlers < kTurnHandlersMax && context_.poll_one() > 0; ++handlers) {
      if (std::chrono::steady_clock::now() > until) break;
    }
    // end_turn() may start work that ends in the next turn.
    ending_.swap(ends_);
    for (const auto& end : ending_) end->end_turn();
    ending_.clear();
    if (context_.stopped()) return;
  }
}

}  // namespace dkv
