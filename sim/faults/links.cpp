#include "sim/faults/links.h"

#include <algorithm>

#include "sim/faults/catalogue.h"

namespace dkv::sim {

std::size_t group_of(const Fault& fault, NodeId node) {
  for (std::size_t i = 0; i < fault.groups.size(); ++i) {
    if (std::ranges::find(fault.groups[i], node) != fault.groups[i].end()) return i;
  }
  return kNoGroup;
}

bool hits_link(const Fault& fault, NodeId from, NodeId to) {
  if (from == to) return false;
  const std::size_t a = group_of(fault, from), b = group_of(fault, to);
  switch (traits_of(fault.kind).place) {
    case FaultPlace::kSets: return a != kNoGroup && b != kNoGroup && a != b;
    case FaultPlace::kDirection: return a == 0 && (fault.groups.size() < 2 ? b != 0 : b == 1);
    case FaultPlace::kLinks:
      if (fault.groups.empty()) return true;
      if (fault.groups.size() == 1) return a == 0 || b == 0;
      return a != kNoGroup && b != kNoGroup && a != b;
    case FaultPlace::kEnds:
    case FaultPlace::kNodes:
    case FaultPlace::kCopy: break;
  }
  return false;
}

}  // namespace dkv::sim
