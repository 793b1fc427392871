#include "engine/node/parts.h"

#include <algorithm>

namespace dkv {
namespace {

constexpr std::uint32_t kTimeoutMsMax = 600'000;
// A context from further ahead than this was not made by a cluster whose clocks anyone looks after; taking it over would
// drag every later timestamp along.
constexpr std::uint64_t kClockAheadMsMax = 24u * 3600 * 1000;

}  // namespace

void answer(const Origin& origin, ClientReply reply, const Turn& turn) {
  if (origin.node == kNoNode) {
    turn.out.reply(origin.reference, std::move(reply));
  } else {
    turn.out.send(origin.node, ForwardReply{origin.reference, std::move(reply)});
  }
}

ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need) {
  return {.outcome = Outcome::kRefused, .reason = reason, .acks = {.need = need}, .coordinator = config.id};
}

Reason check_request(const ClientRequest& request, const NodeConfig& config, TimeNs wall_now_ns) {
  const QuorumSpec spec{config.placement->replicas(), request.need, request.need_primary, request.mode};
  const auto wall_ms = static_cast<std::uint64_t>(std::max<TimeNs>(wall_now_ns, 0) / kMillisecond);
  const bool fine = !request.key.empty() && spec.check() && request.timeout_ms >= 1 &&
                    request.timeout_ms <= kTimeoutMsMax && request.value.size() <= kValueBytesMax &&
                    request.context.hlc.wall_ms() <= wall_ms + kClockAheadMsMax;
  return fine ? Reason::kNone : Reason::kBadRequest;
}

}  // namespace dkv
