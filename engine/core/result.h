#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace dkv {

// An expected failure. The text tells the person who caused it the reason. The caller adds the place
// (file:line:column, peer, route).
struct Error {
  std::string what;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string what) {
  return tl::unexpected<Error>(Error{std::move(what)});
}

}  // namespace dkv
