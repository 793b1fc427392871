#include "engine/runtime/own_life.h"

namespace dkv {
namespace {

// For the pauses between attempts (LinkOut::kPauseMsMax), and for the way.
constexpr TimeNs kAttemptsNs = 3 * kSecond;

}  // namespace

OwnLife::Step OwnLife::told(NodeId peer, Hello::Kind answer, TimeNs now_ns) {
  switch (answer) {
    case Hello::Kind::kWelcome:
      welcomed_ = true;
      refused_since_ns_.erase(peer);
      return Step::kGoOn;
    case Hello::Kind::kLate: return Step::kTakeLater;
    case Hello::Kind::kTwin: break;
    case Hello::Kind::kHello:
    case Hello::Kind::kRefused: return Step::kGoOn;
  }
  const TimeNs since_ns = refused_since_ns_.try_emplace(peer, now_ns).first->second;
  const TimeNs patience_ns = (unreachable_after_ns_ + kAttemptsNs) * (welcomed_ ? 2 : 1);
  return now_ns - since_ns > patience_ns ? Step::kStop : Step::kGoOn;
}

}  // namespace dkv
