#include "engine/ports/disk.h"

namespace dkv {

const char* disk_status_name(DiskStatus status) noexcept {
  switch (status) {
    case DiskStatus::kOk: return "ok";
    case DiskStatus::kFull: return "full";
    case DiskStatus::kFailed: return "failed";
    case DiskStatus::kMissing: return "missing";
  }
  return "?";
}

}  // namespace dkv
