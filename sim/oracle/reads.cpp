// I6: the writes that a read must show. When the primaries of a write and of a read must overlap, the read shows
// every such write that was acknowledged before it began, or a replacement of it. This covers its own session (read
// your writes, monotonic reads) and all others. Any other missing write counts as a stale read.
#include <fmt/format.h>

#include <algorithm>

#include "engine/core/assert.h"
#include "sim/oracle/state.h"

namespace dkv::sim {

Oracle::ReadId Oracle::State::read_started(const ReadStart& start, const Key& key, TimeNs now_ns) {
  add_key(start.key_index, key);
  const PerKey& per_key = keys[start.key_index];
  const Read read{.started_ns = now_ns,
                  .latest_start_ns = per_key.latest_start_ns,
                  .latest_primary = per_key.latest_primary,
                  .session = start.session,
                  .key = start.key_index,
                  .primary_need = start.primary_need};
  if (reads_free.empty()) {
    reads.push_back(read);
    return reads.size() - 1;
  }
  const ReadId id = reads_free.back();
  reads_free.pop_back();
  reads[id] = read;
  return id;
}

Seen Oracle::State::read_finished(ReadId id, const ClientReply* reply, TimeNs now_ns) {
  DKV_ASSERT(id < reads.size());
  const Read read = reads[id];
  reads_free.push_back(static_cast<std::uint32_t>(id));
  if (reply && wrong_answer(*reply, read.primary_need)) {
    report_answer(fmt::format("a get by session {}", read.session), read.key, 0, *reply, now_ns);
  }
  if (!reply || reply->outcome != Outcome::kDone) return {};
  Seen seen;
  answer.clear();
  if (reply->object) {
    for (const Sibling& sibling : reply->object->siblings()) {
      if (!is_write_of(sibling.tag, read.key)) {
        findings.add({.breach = Breach::kUnwritten,
                      .at_ns = now_ns,
                      .node = reply->coordinator,
                      .key = key_name(read.key),
                      .detail = fmt::format("session {} read a version that no client wrote to this key (tag {})",
                                            read.session, sibling.tag)});
        continue;
      }
      judge_expiry(read, sibling, now_ns);
      CausalHistory::see(seen, sibling.tag);
      answer.push_back(sibling.tag);
    }
    std::ranges::sort(answer);
  }
  if (reply->object && keys[read.key].delete_lost) tell_returned(read, *reply->object, now_ns);
  ++findings.counters.reads_judged;
  findings.counters.primary_reads_max =
      std::max<std::uint8_t>(findings.counters.primary_reads_max, static_cast<std::uint8_t>(read.primary_need));
  if (keys[read.key].lww) {
    judge_read_lww(read, now_ns);
  } else {
    judge_read(read, now_ns);
  }
  return seen;
}

bool Oracle::State::shows(WriteTag tag) const noexcept {
  const Write& w = write(tag);
  if (w.is(Write::kReaped) || w.is(Write::kBuried)) return true;  // the answer "nothing" shows it
  if (std::ranges::binary_search(answer, tag)) return true;
  return std::ranges::any_of(answer, [&](WriteTag shown) { return history.contains(shown, tag); });
}

void Oracle::State::judge_read(const Read& read, TimeNs now_ns) {
  // Usually the answer is the frontier. A write that was acknowledged after the read began need not be shown, but the
  // writes that it replaced must be.
  constexpr std::size_t kStepsMax = 256;
  stack.clear();
  for (const std::uint32_t tag : keys[read.key].frontier) {
    if (!shows(tag)) stack.push_back(tag);
  }
  WriteTag stale_by = 0;
  for (std::size_t steps = 0; !stack.empty() && steps < kStepsMax; ++steps) {
    const WriteTag tag = stack.back();
    stack.pop_back();
    const Write& w = write(tag);
    if (w.acknowledged() && w.finished_ns < read.started_ns && !w.is(Write::kDestroyed)) {
      if (stale_by == 0) stale_by = tag;
      if (read.primary_need == 0) break;
      if (w.primary_need + read.primary_need > disks.replicas()) {
        missed(read, tag, now_ns);
        break;
      }
    }
    for (std::uint32_t i = 0; i < history.parent_count(tag); ++i) {
      if (const WriteTag parent = history.parent(tag, i); !shows(parent)) stack.push_back(parent);
    }
  }
  if (stale_by != 0) stale(read, stale_by, now_ns);
}

void Oracle::State::stale(const Read& read, WriteTag missed, TimeNs now_ns) {
  ++findings.counters.stale_reads;
  tell_stale(read, missed, now_ns);
  if (findings.stale_reads.size() >= kStaleReadsMax) return;
  findings.stale_reads.push_back({.at_ns = now_ns,
                                  .started_ns = read.started_ns,
                                  .session = read.session,
                                  .key = key_name(read.key),
                                  .missed = missed,
                                  .write_need = write(missed).need});
}

void Oracle::State::judge_read_lww(const Read& read, TimeNs now_ns) {
  bool is_stale = read.latest_start_ns >= 0;
  for (const WriteTag tag : answer) {
    const Write& w = write(tag);
    is_stale = is_stale && w.acknowledged() && w.finished_ns < read.latest_start_ns;
  }
  is_stale = is_stale && keys[read.key].reaped == 0;
  if (is_stale) {
    // The latest write that had been acknowledged when the read began.
    WriteTag missed = keys[read.key].last_write;
    while (missed != 0 && (write(missed).started_ns != read.latest_start_ns || !write(missed).acknowledged())) {
      missed = write(missed).previous;
    }
    stale(read, missed, now_ns);
  }
  const WriteTag latest = read.latest_primary;
  if (latest != 0 && shows(latest)) return;
  if (latest == 0 || write(latest).primary_need + read.primary_need <= disks.replicas()) return;
  if (write(latest).is(Write::kDestroyed)) return;
  // A later write discarded it, was deleted or expired, and is forgotten.
  const WriteTag reaped = keys[read.key].reaped;
  if (reaped != 0 && covers(reaped, latest)) return;
  if (std::ranges::none_of(answer, [&](WriteTag shown) { return covers(shown, latest); })) missed(read, latest, now_ns);
}

void Oracle::State::missed(const Read& read, WriteTag tag, TimeNs now_ns) {
  const Write& w = write(tag);
  // A primary that came back with an empty disk has forgotten its acknowledgements.
  if (disks.any_primary_wiped_since(read.key, w.started_ns)) return;
  findings.add(
      {.breach = Breach::kNotShown,
       .at_ns = now_ns,
       .key = key_name(read.key),
       .detail = fmt::format(
           "session {} read the key from {} primaries at {} and was not shown {}{}, acknowledged at {} "
           "by {} primaries of {}, nor anything that replaced it",
           read.session, read.primary_need, time_text(read.started_ns), w.session == read.session ? "its own " : "",
           describe(tag), time_text(w.finished_ns), w.primary_need, disks.replicas()),
       .writes = {tag}});
}

}  // namespace dkv::sim
