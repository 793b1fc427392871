#include "sim/verdict/result.h"

namespace dkv::sim {

const char* operation_name(OperationKind kind) noexcept {
  static constexpr Word<OperationKind> kWords[] = {
      {"get", OperationKind::kGet}, {"put", OperationKind::kPut}, {"delete", OperationKind::kDelete}};
  static_assert(names_each(kWords));
  return name_of(kWords, kind);
}

const char* setback_name(SetbackKind kind) noexcept {
  static constexpr Word<SetbackKind> kWords[] = {{"stale_read", SetbackKind::kStaleRead},
                                                 {"discarded", SetbackKind::kDiscarded},
                                                 {"lost", SetbackKind::kLost},
                                                 {"returned", SetbackKind::kReturned}};
  static_assert(names_each(kWords));
  return name_of(kWords, kind);
}

}  // namespace dkv::sim
