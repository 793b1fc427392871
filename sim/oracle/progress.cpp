// I12 as clients see it during a run. sim/oracle/questions.h asks at the end.
#include <fmt/format.h>

#include <string>

#include "sim/oracle/state.h"

namespace dkv::sim {

// No simulated client forges a context or exceeds a limit. And an answer says itself what was acknowledged.
void Oracle::State::report_answer(const std::string& what, std::uint32_t key, const ClientReply& reply, TimeNs now_ns) {
  if (reply.reason == Reason::kBadRequest) {
    findings.add({.breach = Breach::kCalledBad,
                  .at_ns = now_ns,
                  .node = reply.coordinator,
                  .key = key_name(key),
                  .detail = fmt::format("{} was refused as a bad request: {}", what, reason_text(reply.reason))});
    return;
  }
  findings.add({.breach = Breach::kUnknownThoughDone,
                .at_ns = now_ns,
                .node = reply.coordinator,
                .key = key_name(key),
                .detail = fmt::format("{} was answered as unknown, although {} nodes had acknowledged it, {} of them "
                                      "primaries, and {} were needed",
                                      what, reply.acks.total, reply.acks.primary, reply.acks.need)});
}

}  // namespace dkv::sim
