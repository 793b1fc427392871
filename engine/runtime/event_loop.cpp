#include "engine/runtime/event_loop.h"

namespace dkv {

void EventLoop::run() {
  while (context_.run_one() > 0) {
    for (int handlers = 1; handlers < kTurnHandlersMax && context_.poll_one() > 0; ++handlers) {
    }
    // end_turn() may start work that ends in the next turn.
    ending_.swap(ends_);
    for (const auto& end : ending_) end->end_turn();
    ending_.clear();
    if (context_.stopped()) return;
  }
}

}  // namespace dkv
