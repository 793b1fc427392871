#pragma once

namespace dkv::cli {

// Of the lines of a trace; grows when a reader of the old ones would misread the new.
inline constexpr int kTraceFormat = 1;

}  // namespace dkv::cli
