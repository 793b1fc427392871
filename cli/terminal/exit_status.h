#pragma once

namespace dkv::cli {

enum ExitStatus : int {
  kAllHeld = 0,
  kFailed = 1,       // an invariant or an expectation did not hold
  kBadInput = 2,     // usage, files; the error is on standard error
  kOutOfMemory = 3,  // an allocation failed; its size is on standard error
};

}  // namespace dkv::cli
