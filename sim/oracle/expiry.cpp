// I11: reads show a value with a time to live until its end and not later, as far as the clocks of the nodes agree. A
// value without one is always shown. The oracle knows by itself which write a version belongs to, and when that was
// requested.
#include <fmt/format.h>

#include <algorithm>

#include "sim/oracle/state.h"

namespace dkv::sim {

void Oracle::State::judge_expiry(const Read& read, const Sibling& sibling, TimeNs now_ns) {
  const Write& w = write(sibling.tag);
  if (w.is(Write::kRemove)) return;
  const auto found = lifetimes.find(static_cast<std::uint32_t>(sibling.tag));
  const TimeNs lifetime_ns = found == lifetimes.end() ? 0 : found->second;
  // One clock sets the end, and another one decides whether it has come.
  const TimeNs apart_ns = 2 * skew_most_ns;
  if (sibling.tombstone) {
    if (lifetime_ns != 0 && now_ns + apart_ns >= w.started_ns + lifetime_ns) return;
    findings.add(
        {.breach = Breach::kExpiredTooEarly,
         .at_ns = now_ns,
         .key = key_name(read.key),
         .detail = lifetime_ns == 0
                       ? fmt::format("session {} was told that {} is deleted, although it never expires", read.session,
                                     describe(sibling.tag))
                       : fmt::format("session {} was told at {} that {} has expired, although its time to live is {}",
                                     read.session, time_text(now_ns), describe(sibling.tag), time_text(lifetime_ns)),
         .writes = {sibling.tag}});
    return;
  }
  // Without an answer it is unknown when the write was carried out.
  if (lifetime_ns == 0 || !w.acknowledged()) return;
  if (read.started_ns <= w.finished_ns + lifetime_ns + apart_ns) return;
  findings.add(
      {.breach = Breach::kShownAfterExpiry,
       .at_ns = now_ns,
       .key = key_name(read.key),
       .detail = fmt::format("session {} read {} at {}, although it was acknowledged at {} with a time to live of {}",
                             read.session, describe(sibling.tag), time_text(read.started_ns), time_text(w.finished_ns),
                             time_text(lifetime_ns)),
       .writes = {sibling.tag}});
}

}  // namespace dkv::sim
