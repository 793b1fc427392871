// I12 as clients see it during a run. sim/oracle/questions.h asks at the end.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "sim/oracle/state.h"

namespace dkv::sim {

// No simulated client forges a context or exceeds a limit. And an answer says itself what was acknowledged.
void Oracle::State::report_answer(const std::string& what, std::uint32_t key, WriteTag tag, const ClientReply& reply,
                                  TimeNs now_ns) {
  Violation found{.at_ns = now_ns, .node = reply.coordinator, .key = key_name(key)};
  if (tag != 0) found.writes = {tag};
  if (reply.reason == Reason::kBadRequest) {
    found.breach = Breach::kCalledBad;
    found.detail = fmt::format("{} was refused as a bad request: {}", what, reason_text(reply.reason));
  } else {
    found.breach = Breach::kUnknownThoughDone;
    found.detail = fmt::format(
        "{} was answered as unknown, although {} nodes had acknowledged it, {} of them "
        "primaries, and {} were needed",
        what, reply.acks.total, reply.acks.primary, reply.acks.need);
  }
  findings.add(std::move(found));
}

}  // namespace dkv::sim
