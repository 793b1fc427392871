#pragma once

namespace dkv::cli {

// The version of the format of traces. It rises when old readers would misread new traces.
inline constexpr int kTraceFormat = 1;

}  // namespace dkv::cli
