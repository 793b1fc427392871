#include "engine/runtime/disk/file_names.h"

#include <limits>

#include "tests/catch.h"

using namespace dkv;

TEST_CASE("a file's name holds its kind and number, and comes back") {
  CHECK(file_text({FileKind::kSegment, 12}) == "000000000012.seg");
  CHECK(file_text({FileKind::kSnapshot, 1}) == "000000000001.snap");
  for (const FileKind kind : {FileKind::kSegment, FileKind::kSnapshot}) {
    for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{999'999'999'999},
                                       std::uint64_t{1'000'000'000'000}, std::numeric_limits<std::uint64_t>::max()}) {
      const FileName name{kind, number};
      CHECK((parse_file_name(file_text(name)) == name));
    }
  }
}

TEST_CASE("a foreign file name is not parsed") {
  for (const char* text :
       {"", ".", "..", "LOCK", "1.seg", ".seg", "000000000001", "000000000000.seg", "000000000001.", "000000000001.se",
        "000000000001.seg ", " 00000000001.seg", "-00000000001.seg", "+00000000001.seg", "0000000000001.seg",
        "00000000000a.seg", "18446744073709551616.seg", "000000000001.SEG", "000000000001.snap.seg"}) {
    INFO(text);
    CHECK_FALSE(parse_file_name(text).has_value());
  }
}
