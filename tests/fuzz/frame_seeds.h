// The content of the corpus: the frame of each sample message, and a few invalid frames.
#pragma once

#include <string>
#include <vector>

#include "tests/protocol/frame_builder.h"
#include "tests/protocol/sample_messages.h"

namespace dkv::testing {

struct Seed {
  std::string file;
  std::string bytes;
  bool valid = true;  // it decodes
};

inline std::vector<Seed> frame_seeds() {
  std::vector<Seed> seeds;
  for (const Sample& sample : sample_messages()) seeds.push_back({sample.name + ".frame", encoded(sample.message)});
  const std::string put = encoded(sample_messages().front().message);
  seeds.push_back({"bad-empty.frame", "", false});
  seeds.push_back({"bad-header.frame", put.substr(0, kFrameHeaderBytes - 1), false});
  seeds.push_back({"bad-cut.frame", resealed(put.substr(0, put.size() - 1)), false});
  seeds.push_back({"bad-trailing.frame", resealed(put + "x"), false});
  seeds.push_back({"bad-checksum.frame", put.substr(0, put.size() - 1) + "E", false});
  seeds.push_back({"bad-count.frame",
                   sealed(Kind::kAntiEntropyKeys, Bytes().varint(3).u64(1).u64(0).u64(9).varint(1ull << 32)), false});
  seeds.push_back({"bad-varint.frame", sealed(Kind::kHeartbeat, Bytes().raw(std::string(11, '\xff'))), false});
  return seeds;
}

}  // namespace dkv::testing
