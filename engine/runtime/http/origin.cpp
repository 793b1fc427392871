#include "engine/runtime/http/origin.h"

#include <algorithm>

#include "engine/input/suggest.h"
#include "engine/runtime/net/address.h"

namespace dkv::http {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool is_scheme(std::string_view text) {
  const auto letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

std::string_view usual_port(std::string_view scheme) {
  if (scheme == "http") return ":80";
  return scheme == "https" ? ":443" : "";
}

// The authority in lower case, without the scheme's default port.
std::string authority(std::string_view text, std::string_view scheme) {
  std::string result = lowered(text);
  const std::string_view port = usual_port(scheme);
  if (!port.empty() && result.ends_with(port)) result.resize(result.size() - port.size());
  return result;
}

// A host with or without a port.
bool is_authority(std::string_view text) {
  return parse_address(text).has_value() || parse_address(std::string(text) + ":1").has_value();
}

// The node speaks plain HTTP, so a page that came over TLS is not its own.
bool same_origin(std::string_view origin, std::string_view host) {
  constexpr std::string_view kOwn = "http://";
  const std::string own = lowered(origin);
  return own.starts_with(kOwn) && !host.empty() &&
         authority(std::string_view(own).substr(kOwn.size()), "http") == authority(host, "http");
}

bool listed(const OriginPolicy& policy, std::string_view origin) {
  const auto read = read_origin(origin);
  return read && std::ranges::find(policy.allowed, *read) != policy.allowed.end();
}

bool only_reads(Method method) noexcept {
  return method == Method::kGet || method == Method::kHead || method == Method::kOptions;
}

}  // namespace

Result<std::string> read_origin(std::string_view text) {
  const auto bad = [&] {
    return fail(dkv::quoted(text) +
                " is no origin: write scheme://host or scheme://host:port, such as https://shop.example");
  };
  const std::size_t colon = text.find("://");
  if (text.size() > kOriginBytesMax || colon == std::string_view::npos) return bad();
  const std::string scheme = lowered(text.substr(0, colon));
  const std::string_view rest = text.substr(colon + 3);
  if (!is_scheme(scheme) || !is_authority(rest)) return bad();
  return scheme + "://" + authority(rest, scheme);
}

OriginVerdict judge_origin(const OriginPolicy& policy, const OriginCase& asked) {
  const bool any = std::ranges::find(policy.allowed, kAnyOrigin) != policy.allowed.end();
  OriginVerdict verdict;
  verdict.vary = !policy.allowed.empty() && !any;
  if (!asked.origin) return verdict;
  if (any) {
    verdict.allow = kAnyOrigin;
  } else if (listed(policy, *asked.origin)) {
    verdict.allow = *asked.origin;
  } else if (!asked.host || !same_origin(*asked.origin, *asked.host)) {
    verdict.refused = asked.admin || asked.preflight || !only_reads(asked.method);
    verdict.vary = verdict.vary || verdict.refused;
  }
  return verdict;
}

}  // namespace dkv::http
