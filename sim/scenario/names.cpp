#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {
namespace {

constexpr Word<Leg> kLegWords[] = {{"client", Leg::kClient},       {"write", Leg::kWrite},
                                   {"read", Leg::kRead},           {"reply", Leg::kReply},
                                   {"heartbeat", Leg::kHeartbeat}, {"hint", Leg::kHint},
                                   {"repair", Leg::kRepair},       {"anti_entropy", Leg::kAntiEntropy}};
static_assert(names_each(kLegWords));

constexpr Word<CommandKind> kCommandWords[] = {
    {"crash", CommandKind::kCrash},     {"power_loss", CommandKind::kPowerLoss},
    {"restart", CommandKind::kRestart}, {"pause", CommandKind::kPause},
    {"resume", CommandKind::kResume},   {"partition", CommandKind::kPartition},
    {"heal", CommandKind::kHeal},       {"drop", CommandKind::kDrop},
    {"put", CommandKind::kPut},         {"delete", CommandKind::kDelete}};
static_assert(names_each(kCommandWords));

}  // namespace

std::span<const Word<Leg>> leg_words() {
  return kLegWords;
}

const char* leg_name(Leg leg) noexcept {
  return name_of(kLegWords, leg);
}

const char* command_name(CommandKind kind) noexcept {
  return name_of(kCommandWords, kind);
}

}  // namespace dkv::sim
