#pragma once

namespace dkv::cli {

// From now on the first interrupt (Ctrl-C, SIGTERM) only sets a mark; a second one ends the process.
void watch_for_interrupt();
bool interrupted() noexcept;

}  // namespace dkv::cli
