#include "viz/model/setbacks.h"

namespace dkv::viz {

void WrongOperations::update(const Branch& branch) {
  const auto& found = branch.setbacks;
  const bool same = branch_ == &branch && seen_ <= found.size() &&
                    (seen_ == 0 || (found.front().event == first_ && found[seen_ - 1].event == last_));
  if (!same) {
    writes_.clear();
    reads_.clear();
    seen_ = 0;
  }
  branch_ = &branch;
  for (; seen_ < found.size(); ++seen_) {
    const sim::Setback& one = found[seen_].setback;
    if (one.kind == sim::SetbackKind::kStaleRead || one.kind == sim::SetbackKind::kReturned) {
      reads_.try_emplace({found[seen_].event, one.session}, seen_);
    } else {
      writes_.try_emplace(one.write, seen_);
    }
  }
  if (seen_ == 0) return;
  first_ = found.front().event;
  last_ = found[seen_ - 1].event;
}

const FoundSetback* WrongOperations::of(const OperationRecord& operation) const {
  if (!branch_) return nullptr;
  if (operation.kind != sim::OperationKind::kGet) {
    const auto write = writes_.find(operation.tag);
    return write == writes_.end() ? nullptr : &branch_->setbacks[write->second];
  }
  const auto read = reads_.find({operation.event, operation.session});
  return read == reads_.end() ? nullptr : &branch_->setbacks[read->second];
}

}  // namespace dkv::viz
