#include "viz/model/inquiry.h"

namespace dkv::viz {

bool BranchInquiry::is_about(const Branch& branch) const noexcept {
  return inquiry_ && branch_ == branch.id && commands_ == branch.commands.size();
}

void BranchInquiry::begin(const Session& session) {
  const Branch& branch = session.branch();
  auto scenario = std::make_shared<sim::Scenario>(session.scenario());
  scenario->commands = branch.commands;
  branch_ = branch.id;
  commands_ = branch.commands.size();
  inquiry_ = std::make_shared<why::Inquiry>(std::move(scenario), session.source().seed, session.source().schedule,
                                            sim::WorldOptions(), why::Question{.all = true});
}

bool BranchInquiry::advance(std::chrono::nanoseconds budget) {
  constexpr std::uint64_t kEventsASlice = 200;
  const auto until = std::chrono::steady_clock::now() + budget;
  while (inquiry_ && !inquiry_->advance(kEventsASlice)) {
    if (std::chrono::steady_clock::now() >= until) return false;
  }
  return true;
}

const std::vector<why::Chain>& BranchInquiry::chains() const noexcept {
  static const std::vector<why::Chain> kNone;
  return inquiry_ && inquiry_->finished() ? inquiry_->chains() : kNone;
}

}  // namespace dkv::viz
