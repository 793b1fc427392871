#include "sim/faults/catalogue.h"

#include <array>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

constexpr FaultStrength kRate[] = {FaultStrength::kRate};
constexpr FaultStrength kDelay[] = {FaultStrength::kDelay};
constexpr FaultStrength kRateAndDelay[] = {FaultStrength::kRate, FaultStrength::kDelayIfStated};
constexpr FaultStrength kSkew[] = {FaultStrength::kSkew};
constexpr FaultStrength kMoment[] = {FaultStrength::kMoment};

constexpr std::uint32_t kLosses[] = {1'000, 10'000, 50'000, 100'000, 200'000, 400'000, 900'000};
constexpr std::uint32_t kRates[] = {1'000, 10'000, 50'000, 100'000, 200'000, 400'000};
constexpr std::uint32_t kReadErrorRates[] = {10'000, 100'000, 500'000};
constexpr TimeNs kMessageDelays[] = {kMillisecond, 5 * kMillisecond, 20 * kMillisecond, 100 * kMillisecond,
                                     400 * kMillisecond};
constexpr TimeNs kProcessDelays[] = {kMillisecond, 5 * kMillisecond, 20 * kMillisecond, 50 * kMillisecond};
constexpr TimeNs kHour = 3600 * kSecond;
constexpr TimeNs kYear = 8766 * kHour;
constexpr TimeNs kClockJumps[] = {60 * kSecond, 600 * kSecond, kHour, 25 * kHour, 30 * 24 * kHour, kYear, 50 * kYear};
constexpr TimeNs kDiskDelays[] = {5 * kMillisecond, 20 * kMillisecond, 100 * kMillisecond, 500 * kMillisecond};

constexpr SwarmShare general(std::uint8_t place) {
  return {.set = SwarmShare::Set::kGeneral, .place = place, .percent = 45, .weight_most = 4};
}
constexpr SwarmShare disk(std::uint8_t place) {
  return {.set = SwarmShare::Set::kDisk, .place = place, .percent = 28, .weight_most = 4};
}
// A wipe destroys copies permanently. After many wipes hardly any loss could be blamed on the store.
constexpr SwarmShare kWipeShare = {.set = SwarmShare::Set::kGeneral, .place = 12, .percent = 20, .weight_most = 1};

// Both destroy copies permanently, as a wipe does. A cloned folder keeps its node down until the heal.
constexpr SwarmShare folder_share(std::uint8_t place) {
  return {.set = SwarmShare::Set::kDisk, .place = place, .percent = 12, .weight_most = 1};
}

// Where clocks are off by hours, times to live cannot be judged. So most runs have none.
constexpr SwarmShare kClockJumpShare = {.set = SwarmShare::Set::kGeneral, .place = 15, .percent = 15, .weight_most = 4};

constexpr std::array<FaultTraits, kFaultKinds> kCatalogue = {{
    {.kind = FaultKind::kPartition,
     .word = "partition",
     .layer = FaultLayer::kNetwork,
     .repeats = true,
     .place = FaultPlace::kSets,
     .effect = NetworkEffect::kCut,
     .swarm = general(0),
     .story = {.begins = "is split: {sides}{bridge}",
               .ends = "the split {sides} ends",
               .why = "a dead peer looks the same as one behind the cut, so each side decides alone which requests "
                      "it accepts"}},
    {.kind = FaultKind::kOneWay,
     .word = "one_way",
     .layer = FaultLayer::kNetwork,
     .place = FaultPlace::kDirection,
     .mapping = "direction",
     .effect = NetworkEffect::kCut,
     .swarm = general(1),
     .story = {.begins = "nothing arrives {way} any more; the way back works",
               .ends = "messages {way} arrive again",
               .why = "hearing a peer does not mean being heard: only an answer proves that both directions "
                      "work"}},
    {.kind = FaultKind::kLoss,
     .word = "loss",
     .layer = FaultLayer::kNetwork,
     .place = FaultPlace::kLinks,
     .strengths = kRate,
     .mapping = "links_fault",
     .effect = NetworkEffect::kLose,
     .drawn = {.rates_ppm = kLosses},
     .swarm = general(2),
     .story = {.begins = "loses {rate} of the messages {links}",
               .ends = "no longer loses messages {links}",
               .why = "a request without an answer may have been carried out"}},
    {.kind = FaultKind::kDuplicate,
     .word = "duplicate",
     .layer = FaultLayer::kNetwork,
     .place = FaultPlace::kLinks,
     .strengths = kRate,
     .mapping = "links_fault",
     .effect = NetworkEffect::kRepeat,
     .drawn = {.rates_ppm = kRates},
     .swarm = general(3),
     .story = {.begins = "delivers {rate} of the messages {links} twice",
               .ends = "delivers messages {links} once again",
               .why = "an answer that is counted twice would turn one node into a quorum"}},
    {.kind = FaultKind::kReorder,
     .word = "reorder",
     .layer = FaultLayer::kNetwork,
     .place = FaultPlace::kLinks,
     .strengths = kRateAndDelay,
     .mapping = "links_fault",
     .effect = NetworkEffect::kOvertake,
     .drawn = {.rates_ppm = kRates, .delays_ns = kMessageDelays},
     .swarm = general(4),
     .story = {.begins = "delays {rate} of the messages {links} by {by}, so that others overtake them",
               .ends = "keeps the order of messages {links} again",
               .why = "an old state may arrive after a new one: versions must decide, never the order of arrival"}},
    {.kind = FaultKind::kDelay,
     .word = "delay",
     .layer = FaultLayer::kNetwork,
     .place = FaultPlace::kLinks,
     .strengths = kDelay,
     .mapping = "links_fault",
     .effect = NetworkEffect::kDelay,
     .drawn = {.delays_ns = kMessageDelays},
     .swarm = general(5),
     .story = {.begins = "messages {links} take {by} longer",
               .ends = "messages {links} are as fast as before",
               .why = "a late answer looks the same as none"}},
    {.kind = FaultKind::kClog,
     .word = "clog",
     .layer = FaultLayer::kNetwork,
     .place = FaultPlace::kDirection,
     .mapping = "direction",
     .effect = NetworkEffect::kHold,
     .swarm = general(6),
     .story = {.begins = "messages {way} are held back",
               .ends = "the held messages {way} arrive all at once",
               .why = "messages arrive late and in one burst, after their senders have given up"}},
    {.kind = FaultKind::kLinkDown,
     .word = "link_down",
     .layer = FaultLayer::kNetwork,
     .holds = FaultHolds::kLink,
     .place = FaultPlace::kEnds,
     .effect = NetworkEffect::kReroute,
     .swarm = general(7),
     .story = {.begins = "the link {ends} is down",
               .ends = "the link {ends} is up",
               .why = "messages take a longer path if the topology has one"}},
    {.kind = FaultKind::kCrash,
     .word = "crash",
     .layer = FaultLayer::kProcess,
     .holds = FaultHolds::kDown,
     .repeats = true,
     .swarm = general(8),
     .story = {.begins = "[crashes|crash]",
               .ends = "",
               .why = "bytes that the operating system has survive, and the memory of the process is lost"}},
    {.kind = FaultKind::kPowerLoss,
     .word = "power_loss",
     .layer = FaultLayer::kProcess,
     .holds = FaultHolds::kDown,
     .repeats = true,
     .swarm = general(9),
     .story = {.begins = "[loses|lose] power",
               .ends = "",
               .why = "bytes that were not synced are lost: this is why an acknowledgement waits for the disk"}},
    {.kind = FaultKind::kPause,
     .word = "pause",
     .layer = FaultLayer::kProcess,
     .holds = FaultHolds::kPaused,
     .repeats = true,
     .swarm = general(10),
     .story = {.begins = "[is|are] paused",
               .ends = "[continues|continue]",
               .why = "as in a long garbage collection: it does not answer, and does not notice that time passes"}},
    {.kind = FaultKind::kSlow,
     .word = "slow",
     .layer = FaultLayer::kProcess,
     .strengths = kDelay,
     .mapping = "nodes_by",
     .drawn = {.delays_ns = kProcessDelays},
     .swarm = general(11),
     .story = {.begins = "[handles|handle] every event {by} later",
               .ends = "[is|are] as fast as before",
               .why = "a slow node hurts more than a dead one: a dead one is soon left out, a slow one is waited for"}},
    {.kind = FaultKind::kWipe,
     .word = "wipe",
     .layer = FaultLayer::kDisk,
     .holds = FaultHolds::kDown,
     .swarm = kWipeShare,
     .story = {.begins = "[loses power and its disk|lose power and their disks]",
               .ends = "",
               .why = "its copies are lost permanently; the other nodes must hold the data and later restore it"}},
    {.kind = FaultKind::kSlowDisk,
     .word = "slow_disk",
     .layer = FaultLayer::kDisk,
     .needs_disk = true,
     .strengths = kDelay,
     .mapping = "nodes_by",
     .drawn = {.delays_ns = kDiskDelays},
     .swarm = general(13),
     .story = {.begins = "[syncing takes|syncs take] {by} longer",
               .ends = "[its disk is|disks are] as fast as before",
               .why = "a write is acknowledged when it is durable, so a slow disk makes a slow replica"}},
    {.kind = FaultKind::kClockSkew,
     .word = "clock_skew",
     .layer = FaultLayer::kClock,
     .holds = FaultHolds::kClock,
     .strengths = kSkew,
     .mapping = "nodes_by",
     .drawn = {.skew_most_ns = kSecond},
     .swarm = general(14),
     .story = {.begins = "[has a clock|have clocks] {skew}",
               .ends = "[its clock is|clocks are] right again",
               .why = "versions are ordered by causality, so a wrong clock must not matter",
               .why_under_lww = "under last-write-wins the clock decides which of two concurrent writes survives"}},
    {.kind = FaultKind::kFailSync,
     .word = "fail_sync",
     .layer = FaultLayer::kDisk,
     .needs_disk = true,
     .swarm = disk(0),
     .story = {.begins = "{disk} [fails|fail] every sync",
               .ends = "{disk} [syncs|sync] again",
               .why = "after a failed sync the system may drop the bytes, and yet the next sync may succeed. So "
                      "a second try proves nothing: an honest store must stop and read the actual state of "
                      "the disk"}},
    {.kind = FaultKind::kReadErrors,
     .word = "read_errors",
     .layer = FaultLayer::kDisk,
     .holds = FaultHolds::kReads,
     .needs_disk = true,
     .strengths = kRate,
     .mapping = "nodes_rate",
     .drawn = {.rates_ppm = kReadErrorRates},
     .swarm = disk(1),
     .story = {.begins = "{rate} of the reads from {disk} fail",
               .ends = "{disk} can be read again",
               .why = "an unreadable value is not lost: the other replicas still have it"}},
    {.kind = FaultKind::kBitRot,
     .word = "bit_rot",
     .layer = FaultLayer::kDisk,
     .strikes_once = true,
     .needs_disk = true,
     .drawn = {.first_node_only = true},
     .swarm = disk(2),
     .story = {.begins = "a few bits rot on {disk}, unnoticed",
               .ends = "",
               .why = "the disk reports no error: only a checksum shows it, and only when that place is read"}},
    {.kind = FaultKind::kMisdirected,
     .word = "misdirected_write",
     .layer = FaultLayer::kDisk,
     .strikes_once = true,
     .needs_disk = true,
     .drawn = {.first_node_only = true},
     .swarm = disk(3),
     .story = {.begins = "{disk} [writes|write] a sector to a wrong place: one record is overwritten, and another "
                         "one is missing",
               .ends = "",
               .why = "every sector is read without an error; only the checksum of a record can "
                      "tell"}},
    {.kind = FaultKind::kStalledDisk,
     .word = "stalled_disk",
     .layer = FaultLayer::kDisk,
     .needs_disk = true,
     .swarm = disk(4),
     .story = {.begins = "{disk} [hangs|hang]: no request to [it|them] ends",
               .ends = "{disk} [works|work] again, and all waiting requests end at once",
               .why = "the process answers heartbeats, so it does not look dead, yet it can promise "
                      "nothing"}},
    {.kind = FaultKind::kDiskFull,
     .word = "disk_full",
     .layer = FaultLayer::kDisk,
     .needs_disk = true,
     .swarm = disk(5),
     .story = {.begins = "{disk} [is|are] full",
               .ends = "there is room on {disk} again",
               .why = "a write that finds no room is refused before anything happens, so its client knows the "
                      "outcome; reads need no room"}},
    {.kind = FaultKind::kDiskRollback,
     .word = "disk_rollback",
     .layer = FaultLayer::kDisk,
     .holds = FaultHolds::kDown,
     .needs_disk = true,
     .strengths = kMoment,
     .mapping = "nodes_moment",
     .drawn = {.moment = true},
     .swarm = folder_share(6),
     .story = {.begins = "[is|are] stopped, and {disk} [returns|return] to the state at {moment}",
               .ends = "",
               .why = "a restored backup has lost the promises that its node made since, and the names that it gave to "
                      "writes"}},
    {.kind = FaultKind::kDiskClone,
     .word = "disk_clone",
     .layer = FaultLayer::kCluster,
     .holds = FaultHolds::kDown,
     .needs_disk = true,
     .place = FaultPlace::kCopy,
     .mapping = "copy",
     .swarm = folder_share(7),
     .story = {.begins = "[is|are] stopped, and {disk} [becomes a copy|become copies] of the disk of {source}",
               .ends = "[refuses|refuse] to start: {disk} [says|say] that [it belongs|they belong] to {source}",
               .why = "a folder knows its node. Two nodes on one history would take each other's work for their own, "
                      "so the start is refused, and its operator must give the node an empty folder"}},
    {.kind = FaultKind::kClockJump,
     .word = "clock_jump",
     .layer = FaultLayer::kClock,
     .holds = FaultHolds::kClock,
     .strengths = kSkew,
     .mapping = "nodes_by",
     .drawn = {.skews_ns = kClockJumps},
     .swarm = kClockJumpShare,
     .story = {.begins = "[has a clock that jumps: it is|have clocks that jump: they are] {skew}",
               .ends = "[its clock is|clocks are] right again",
               .why = "a clock that is set wrongly must not decide what others may write, or what has expired"}},
}};

// By kind, so that the order of the enumeration means nothing.
constexpr auto rows_by_kind() {
  std::array<std::uint8_t, kFaultKinds> rows{};
  for (std::uint8_t row = 0; row < kFaultKinds; ++row) rows[static_cast<std::size_t>(kCatalogue[row].kind)] = row;
  return rows;
}
constexpr auto kRows = rows_by_kind();

constexpr bool every_kind_has_one_row() {
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (static_cast<std::size_t>(kCatalogue[kRows[kind]].kind) != kind) return false;
  }
  return true;
}
static_assert(every_kind_has_one_row(), "a kind of fault without a row, or with two");

}  // namespace

std::span<const FaultTraits> fault_catalogue() noexcept {
  return kCatalogue;
}

const FaultTraits& traits_of(FaultKind kind) noexcept {
  const auto index = static_cast<std::size_t>(kind);
  DKV_ASSERT(index < kFaultKinds);
  return kCatalogue[kRows[index]];
}

}  // namespace dkv::sim
