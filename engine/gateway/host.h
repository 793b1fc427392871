#pragma once

#include <cstdint>

#include "engine/core/types.h"

namespace dkv::http {

// What the object layer asks of its world. It is passed into each call and never kept.
class GatewayHost {
 public:
  virtual TimeNs wall_ns() = 0;  // since 1970
  // 64 bits that no client can foresee: names of keys and boundaries of multipart bodies are made of them.
  virtual std::uint64_t random() = 0;

 protected:
  ~GatewayHost() = default;
};

}  // namespace dkv::http
