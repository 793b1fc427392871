#include "engine/settings/folder_mark.h"

#include "tests/catch.h"

namespace dkv {
namespace {

using Catch::Matchers::Contains;

const FolderMark kMark{.folder = {0x0123456789abcdef, 7},
                       .cluster = "shop = \n\\ 1",
                       .node = "n1",
                       .layout = {{"n", "3"}, {"partitions", "64"}, {"member n1", "number 0, weight 100"}}};

std::string refusal(const FolderMark& asked) {
  const auto may = may_serve(kMark, asked);
  REQUIRE_FALSE(may);
  return may.error().what;
}

}  // namespace

TEST_CASE("a folder may be served as what it is, and its id is its own") {
  FolderMark asked = kMark;
  asked.folder = {};
  CHECK(may_serve(kMark, asked));
}

TEST_CASE("a folder is refused as another node, of another cluster and with another layout, and the reason says both") {
  FolderMark asked = kMark;
  asked.node = "n3";
  CHECK_THAT(refusal(asked), Contains("belongs to node 'n1'") && Contains("as node 'n3'"));
  asked = kMark;
  asked.cluster = "other";
  CHECK_THAT(refusal(asked), Contains("'other'") && Contains("belongs to node 'n1' of cluster "));
  asked = kMark;
  asked.layout[0].value = "2";
  CHECK_THAT(refusal(asked), Contains("n was 3 and is asked to be 2"));
  asked = kMark;
  asked.layout[2].value = "number 1, weight 100";
  CHECK_THAT(refusal(asked), Contains("member n1 was number 0, weight 100 and is asked to be number 1, weight 100"));
  asked = kMark;
  asked.layout.push_back({"member n2", "number 1, weight 100"});
  CHECK_THAT(refusal(asked), Contains("member n2 was (none)"));
}

TEST_CASE("a mark comes out as it went in, and a damaged one is refused") {
  const std::string text = encode_mark(kMark);
  CHECK(decode_mark(text) == kMark);
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    const auto cut = decode_mark(std::string_view(text).substr(0, size));
    CHECK((!cut || cut->layout.size() < kMark.layout.size()));
  }
  CHECK_FALSE(decode_mark("distri-kv folder 2\n" + text.substr(text.find('\n') + 1)));
  std::string other = text;
  other[other.find("0123")] = 'x';
  CHECK_FALSE(decode_mark(other));
}

}  // namespace dkv
