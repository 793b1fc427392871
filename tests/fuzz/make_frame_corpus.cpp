// make_frame_corpus FOLDER: writes the fuzzer's seeds. Run it when the format changes, and check the files in.
#include <cstdio>
#include <fstream>

#include "tests/fuzz/frame_seeds.h"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: make_frame_corpus FOLDER\n");
    return 2;
  }
  for (const dkv::testing::Seed& seed : dkv::testing::frame_seeds()) {
    const std::string path = std::string(arguments[1]) + "/" + seed.file;
    std::ofstream out(path, std::ios::binary);
    out << seed.bytes;
    if (!out.flush()) {
      std::fprintf(stderr, "%s: cannot be written\n", path.c_str());
      return 1;
    }
  }
  return 0;
}
