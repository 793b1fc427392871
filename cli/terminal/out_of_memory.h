#pragma once

namespace dkv::cli {

// From now on an allocation that fails ends the process with kOutOfMemory, after a line on standard error that says how
// much was asked for. Nothing in a node could go on without the memory that it has asked for, and what was acknowledged
// is on the disk.
void end_when_out_of_memory() noexcept;

}  // namespace dkv::cli
