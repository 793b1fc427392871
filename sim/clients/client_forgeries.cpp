#include "sim/clients/clients.h"

namespace dkv::sim {

// After the get of a forger: presents a forged context. False when it was refused, and no write follows.
bool Clients::write_forged(std::uint32_t number, const ClientReply& reply, ClientHost& host) {
  if (reply.context.seen.empty()) return false;  // the forger has no token to begin with
  Session& session = sessions_[number];
  const Key& key = session.request.key;
  const auto kind = static_cast<Forgery>(forgeries_.below(kForgeries));
  const auto accepted = forger_->present(key, forger_->forge(kind, key, reply.context, forgeries_));
  if (!accepted) {
    ++contexts_refused_;
    return false;
  }
  // The judges see what it breaks, and this run has failed in any case.
  ++wrong_value_count_;
  if (wrong_values_.size() < Oracle::kViolationsMax) {
    wrong_values_.push_back({.invariant = Invariant::kNoLostWrite,
                             .breach = Breach::kLost,
                             .at_ns = host.now_ns(),
                             .node = session.via,
                             .key = std::string(key.key()),
                             .detail = "a forged context was accepted, and its write replaces what nobody has read",
                             .writes = {}});
  }
  session.second_half = true;
  start_write(number, {.blind = true, .forged = *accepted}, host);
  return true;
}

}  // namespace dkv::sim
