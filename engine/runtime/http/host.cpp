#include "engine/runtime/http/host.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "engine/input/suggest.h"
#include "engine/runtime/net/address.h"

namespace dkv::http {
namespace {

// The host in lower case, without a final dot.
std::string normal(std::string host) {
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (host.size() > 1 && host.ends_with('.')) host.pop_back();
  return host;
}

// The host of a Host header, without port and brackets; empty when the text is no host.
std::string bare_host(std::string_view text) {
  auto address = parse_address(text, true);
  if (!address) address = parse_address(std::string(text) + (text.ends_with(':') ? "1" : ":1"));
  return address ? normal(std::move(address->host)) : std::string();
}

bool is_loopback(const std::string& bare) {
  if (bare == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(bare, error);
  return !error && address.is_loopback();
}

// The unspecified address means every interface of this machine, so it is no node's name.
bool is_unspecified(const std::string& bare) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(bare, error);
  return !error && address.is_unspecified();
}

}  // namespace

Result<std::string> read_host_name(std::string_view text) {
  const auto with_port = parse_address(text, true);
  std::string bare = with_port || text.size() > 255 ? std::string() : bare_host(text);
  if (bare.empty())
    return fail(dkv::quoted(text) + " is no host: write a name or an address without a port, IPv6 in brackets");
  return bare;
}

bool names_loopback(std::string_view host) {
  return is_loopback(bare_host(host));
}

bool host_is_good(const HostPolicy& policy, std::optional<std::string_view> host) {
  if (!policy.loopback && policy.names.empty()) return true;
  const std::string bare = host ? bare_host(*host) : std::string();
  if (bare.empty()) return false;
  if (policy.loopback && is_loopback(bare)) return true;
  if (!policy.own.empty() && bare == normal(policy.own) && !is_unspecified(bare)) return true;
  return std::ranges::find(policy.names, bare) != policy.names.end();
}

}  // namespace dkv::http
