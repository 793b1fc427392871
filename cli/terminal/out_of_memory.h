#pragma once

namespace dkv::cli {

// From now on a failed allocation ends the process with kOutOfMemory, after a line on standard error with its size. A
// node could not continue without the memory, and acknowledged writes are on the disk.
void end_when_out_of_memory() noexcept;

}  // namespace dkv::cli
