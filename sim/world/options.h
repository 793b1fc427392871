#pragma once

#include <cstdint>

namespace dkv::sim {

struct WorldOptions {
  bool oracle = true;           // judge the run
  bool codec = true;            // every message between nodes is encoded and decoded on its way
  std::uint64_t hash_salt = 0;  // of all hash tables; must not change the run
};

}  // namespace dkv::sim
