#include "engine/node/coordinate.h"

#include "engine/core/assert.h"
#include "engine/node/admission.h"
#include "engine/node/answer.h"
#include "engine/node/forward.h"
#include "engine/node/read.h"
#include "engine/node/write.h"

namespace dkv {
namespace {

void coordinate(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn) {
  if (request.kind == RequestKind::kGet) {
    start_read(request, origin, state, turn);
  } else {
    start_write(request, origin, state, turn);
  }
}

}  // namespace

void take_request(const ClientRequest& request, ClientToken token, bool serving, NodeState& state,
                  const TurnEnv& turn) {
  const Origin origin{kNoNode, token};
  Reason reason = serving ? Reason::kNone : Reason::kNotReady;
  if (reason == Reason::kNone) reason = check_request(request, turn.config);
  if (reason != Reason::kNone) return answer(origin, refusal(reason, turn.config, request.need), turn);
  if (request.kind == RequestKind::kGet || turn.is_primary(request.key)) {
    coordinate(request, origin, state, turn);
  } else {
    forward_request(request, origin, state, turn);
  }
}

void coordinate_forwarded(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(state.peers.is_member(origin.node));  // the answer goes there
  Reason reason = check_request(request, turn.config);
  if (reason == Reason::kNone && !turn.is_primary(request.key)) reason = Reason::kNoReachablePrimary;
  if (reason != Reason::kNone) return answer(origin, refusal(reason, turn.config, request.need), turn);
  coordinate(request, origin, state, turn);
}

}  // namespace dkv
