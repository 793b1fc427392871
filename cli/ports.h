#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/result.h"

namespace dkv::cli {

// Whether a port of 127.0.0.1 can be listened on now.
bool port_is_free(std::uint16_t port);
// So many different ones, free just now.
Result<std::vector<std::uint16_t>> free_ports(std::size_t count);

}  // namespace dkv::cli
