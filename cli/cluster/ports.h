#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dkv::cli {

// Whether a server could listen on this port of 127.0.0.1 now.
bool port_is_free(std::uint16_t port);
// `count` different ports that are free now. Throws std::runtime_error when there are not enough.
std::vector<std::uint16_t> free_ports(std::size_t count);

}  // namespace dkv::cli
