#include "engine/gateway/parameters.h"

#include <array>
#include <string>

#include "engine/input/suggest.h"
#include "engine/input/units.h"

namespace dkv::http {
namespace {

constexpr std::array<std::string_view, 12> kKnown = {
    "r", "w", "pr", "pw", "dw", "rw", "timeout", "ttl", "returnbody", "sloppy_quorum", "vtag", "n_val"};
// Riak's parameters without a meaning here.
constexpr std::array<std::string_view, 6> kIgnored = {"basic_quorum", "notfound_ok",   "asis",
                                                      "chunked",      "node_confirms", "_"};
constexpr std::uint64_t kTimeoutMsMax = 600'000;

struct Reader {
  const QuorumSettings& defaults;
  std::string failure;

  bool fail(std::string_view name, const std::string& value, const std::string& meant) {
    failure = "parameter '" + std::string(name) + "' is " + dkv::quoted(value) + "; " + meant;
    return false;
  }
  bool number(std::string_view name, const std::string& value, std::uint64_t least, std::uint64_t most,
              std::uint64_t& out) {
    const auto parsed = parse_whole(value);
    if (parsed && *parsed >= least && *parsed <= most) return out = *parsed, true;
    return fail(name, value, std::to_string(least) + " to " + std::to_string(most) + " is allowed");
  }
  bool quorum(std::string_view name, const std::string& value, std::uint64_t least, std::uint8_t& out) {
    const std::uint64_t n = defaults.replicas;
    std::uint64_t wanted = out;
    if (value == "one") {
      wanted = 1;
    } else if (value == "quorum") {
      wanted = n / 2 + 1;
    } else if (value == "all") {
      wanted = n;
    } else if (value != "default") {
      const auto parsed = parse_whole(value);
      if (!parsed || *parsed < least || *parsed > n) {
        return fail(name, value, "n is " + std::to_string(n) + ": a number up to it, or one, quorum, all, default");
      }
      wanted = *parsed;
    }
    out = static_cast<std::uint8_t>(wanted);
    return true;
  }
  bool flag(std::string_view name, const std::string& value, bool& out) {
    if (value != "true" && value != "false") return fail(name, value, "true or false");
    out = value == "true";
    return true;
  }
  bool duration(std::string_view name, const std::string& value, TimeNs& out) {
    const auto parsed = parse_duration(value);
    if (value == "forever") return out = kTtlForever, true;
    if (!parsed || *parsed < kMillisecond || *parsed > kTtlMaxNs) {
      return fail(name, value, "a duration from 1ms on, such as 30s, or forever");
    }
    out = *parsed;
    return true;
  }

  bool read(const std::string& name, const std::string& value, ObjectParameters& to) {
    std::uint64_t wide = 0;
    bool sloppy = true;
    std::uint8_t dw = 0;
    if (name == "r") return quorum(name, value, 1, to.r);
    if (name == "w") return quorum(name, value, 1, to.w);
    if (name == "pr") return quorum(name, value, 0, to.pr);
    if (name == "pw") return quorum(name, value, 0, to.pw);
    if (name == "dw") {
      // Every acknowledged copy is durable here, so dw is a lower limit for w.
      if (!quorum(name, value, 0, dw)) return false;
      to.w = value == "default" ? to.w : std::max(to.w, dw);
      return true;
    }
    if (name == "rw") return quorum(name, value, 1, to.r) && quorum(name, value, 1, to.w);
    if (name == "timeout") {
      if (!number(name, value, 1, kTimeoutMsMax, wide)) return false;
      to.timeout_ms = static_cast<std::uint32_t>(wide);
      return true;
    }
    if (name == "ttl") return duration(name, value, to.ttl_ns);
    if (name == "returnbody") return flag(name, value, to.return_body);
    if (name == "sloppy_quorum") {
      if (!flag(name, value, sloppy)) return false;
      to.mode = sloppy ? QuorumMode::kSloppy : QuorumMode::kStrict;
      return true;
    }
    if (name == "vtag") return to.vtag = value, true;
    if (name == "n_val") return number(name, value, defaults.replicas, defaults.replicas, wide);
    for (const std::string_view ignored : kIgnored) {
      if (name == ignored) return true;
    }
    failure =
        "unknown parameter " + dkv::quoted(name) + "; " + suggest(name, std::span<const std::string_view>(kKnown));
    return false;
  }
};

}  // namespace

std::span<const std::string_view> parameter_names() {
  return kKnown;
}

Result<ObjectParameters> read_parameters(const Request& request, const QuorumSettings& defaults) {
  ObjectParameters to{.r = defaults.read_need,
                      .w = defaults.write_need,
                      .pr = defaults.read_primary,
                      .pw = defaults.write_primary,
                      .mode = defaults.mode,
                      .timeout_ms = static_cast<std::uint32_t>(defaults.request_timeout_ns / kMillisecond),
                      .ttl_ns = 0,
                      .return_body = false,
                      .vtag = {}};
  Reader reader{defaults, {}};
  for (const auto& [name, value] : request.parameters) {
    if (!reader.read(name, value, to)) return tl::unexpected(Error{reader.failure});
  }
  return to;
}

}  // namespace dkv::http
