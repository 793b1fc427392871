#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dkv::cli {

// Whether a port of 127.0.0.1 can be listened on now.
bool port_is_free(std::uint16_t port);
// So many different ones, free just now. Throws std::runtime_error when there are none left.
std::vector<std::uint16_t> free_ports(std::size_t count);

}  // namespace dkv::cli
