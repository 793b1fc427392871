#pragma once

#include <cstdint>

#include "engine/core/types.h"

namespace dkv::http {

// The services that the object layer needs from its host. It is passed into each call and never kept.
class GatewayHost {
 public:
  virtual TimeNs wall_ns() = 0;  // since 1970
  // 64 bits that no client can predict, for names of keys and boundaries of multipart bodies.
  virtual std::uint64_t random() = 0;

 protected:
  ~GatewayHost() = default;
};

}  // namespace dkv::http
