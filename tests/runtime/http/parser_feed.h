// Feeds bytes to the parser of requests, cut as a test wants.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/http/parser.h"

namespace dkv::http {

struct Taken {
  std::vector<Request> requests;
  std::optional<ParseFailure> failure;
};

// Works like a connection: bytes that were not taken are passed again.
inline void feed_piece(RequestParser& parser, std::string_view piece, Taken& taken) {
  while (!piece.empty() && !parser.failure()) {
    piece.remove_prefix(parser.put(piece));
    if (parser.done()) taken.requests.push_back(parser.take());
  }
  taken.failure = parser.failure();
}

// pieces: their sizes, which repeat when they are used up; empty: all bytes at once.
inline Taken feed(std::string_view bytes, const std::vector<std::size_t>& pieces, const ParserLimits& limits = {}) {
  RequestParser parser(limits);
  Taken taken;
  for (std::size_t piece = 0; !bytes.empty() && !taken.failure; ++piece) {
    const std::size_t count = pieces.empty() ? bytes.size() : std::min(bytes.size(), pieces[piece % pieces.size()]);
    feed_piece(parser, bytes.substr(0, count), taken);
    bytes.remove_prefix(count);
  }
  return taken;
}

inline bool same(const Request& a, const Request& b) {
  return a.method == b.method && a.target == b.target && a.segments == b.segments && a.parameters == b.parameters &&
         a.headers == b.headers && a.body == b.body && a.keep_alive == b.keep_alive &&
         a.minor_version == b.minor_version;
}

inline bool same(const Taken& a, const Taken& b) {
  const auto status = [](const Taken& taken) { return taken.failure ? taken.failure->status : 0; };
  return status(a) == status(b) && (!a.failure || a.failure->what == b.failure->what) &&
         std::ranges::equal(a.requests, b.requests, [](const Request& x, const Request& y) { return same(x, y); });
}

}  // namespace dkv::http
