// Where this build has its sources and its program. The paths stand in one small object, so that every other object of
// the tests is the same in each clone, and one compiler cache serves them all.
#pragma once

namespace dkv::paths {

extern const char* const kSources;  // the root of the repository
extern const char* const kProgram;  // distri-kv

}  // namespace dkv::paths
