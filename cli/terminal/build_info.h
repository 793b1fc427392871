#pragma once

#include <string>

namespace dkv::cli {

// "0.1.0 (GNU 12.2.0 Release)": identifies the program in capsules and traces.
inline std::string build_text() {
  return DKV_VERSION " (" DKV_BUILD ")";
}

}  // namespace dkv::cli
