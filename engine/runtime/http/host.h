#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace dkv::http {

// Which names of this node a request may use. A page whose own name is made to lead to this node (DNS rebinding) counts
// as the node's own page to a browser; its Host header still bears the page's name.
struct HostPolicy {
  bool loopback = false;           // the node listens on loopback: its names there are good, all others must be listed
  std::string own;                 // the configuration's host for this node, without brackets
  std::vector<std::string> names;  // further ones, as read_host_name() gives them
};

// A host without a port, in lower case. Fails on anything else, with what was meant.
Result<std::string> read_host_name(std::string_view text);

// localhost, 127.0.0.0/8 or ::1. host: as in a Host header, with any port or none.
bool names_loopback(std::string_view host);

// host: the Host header, without a value when there is none. Beyond loopback any host is good unless names are listed.
bool host_is_good(const HostPolicy& policy, std::optional<std::string_view> host);

}  // namespace dkv::http
