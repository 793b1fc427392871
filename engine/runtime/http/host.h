#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace dkv::http {

// The host names that a request may use for this node. In DNS rebinding, the name of a foreign page leads to this node,
// and a browser takes the page for the node's own. The Host header still has the page's name.
struct HostPolicy {
  bool loopback = false;  // the node listens on loopback: names of loopback are good, others only if listed or `own`
  std::string own;        // the configuration's host for this node, without brackets
  std::vector<std::string> names;  // further names, as read_host_name() returns them
};

// Reads a host without a port, and returns it in lower case. Fails on any other text, and names the expected form.
Result<std::string> read_host_name(std::string_view text);

// Whether host is localhost, in 127.0.0.0/8, or ::1. host: as in a Host header, with or without a port.
bool names_loopback(std::string_view host);

// host: the Host header, if there is one. If the node does not listen on loopback and lists no names, any host is good.
bool host_is_good(const HostPolicy& policy, std::optional<std::string_view> host);

}  // namespace dkv::http
