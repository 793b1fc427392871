#include "tests/paths.h"

namespace dkv::paths {

const char* const kSources = DKV_SOURCE_DIR;
const char* const kProgram = DKV_PROGRAM;

}  // namespace dkv::paths
