#include "sim/disk/disk_bytes.h"

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/disk/disk_desk.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

std::string all(const DiskBytes& bytes) {
  return std::string(bytes.read(0, bytes.size()).view());
}

// Makes the same random change to both.
void change(DiskBytes& bytes, std::string& model) {
  const std::size_t size = model.size();
  const auto kind = *rc::gen::weightedElement<int>({{12, 0}, {2, 1}, {1, 2}, {2, 3}, {2, 4}, {1, 5}});
  const auto drawn = *rc::gen::resize(100, rc::gen::inRange<std::size_t>(0, 3'000));
  if (kind == 0) {
    const std::string part = telling_bytes(drawn, size);
    bytes.append(Blob(part));
    model += part;
  } else if (kind == 1) {
    const std::size_t large = drawn * 60;
    bytes.append_zeros(large);
    model.append(large, '\0');
  } else if (kind == 2) {
    const std::size_t kept = size - std::min(size, drawn % 2 == 0 ? drawn : drawn * 50);
    bytes.truncate(kept);
    model.resize(kept);
  } else if (kind == 3) {
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, size + 1);
    const std::string part(std::min(drawn, size - at), 'x');
    bytes.overwrite(at, part);
    model.replace(at, part.size(), part);
  } else if (kind == 4) {
    std::vector<DiskRange> ranges;
    for (std::size_t at = drawn; at < size; at += 1 + 7 * drawn) {
      ranges.push_back({at, std::min<std::size_t>({size - at, drawn + 1, 5 * drawn + 1})});
      model.replace(at, ranges.back().bytes, ranges.back().bytes, '\0');
    }
    bytes.zero(ranges);
  } else {
    for (int i = 0; i < 600; ++i) bytes.append(Blob("ab"));
    for (int i = 0; i < 600; ++i) model += "ab";
  }
}

}  // namespace

TEST_CASE("a file has the contents of a plain string after the same changes") {
  REQUIRE(rc::check([] {
    DiskBytes bytes;
    std::string model;
    const int changes = *rc::gen::inRange(0, 60);
    DiskBytes copy;
    std::string copied;
    for (int i = 0; i < changes; ++i) {
      if (i == changes / 2) {
        copy = bytes;
        copied = model;
      }
      change(bytes, model);
      RC_ASSERT(bytes.size() == model.size());
    }
    RC_ASSERT(all(bytes) == model);
    RC_ASSERT(all(copy) == copied);
    const std::size_t from = *rc::gen::inRange<std::size_t>(0, model.size() + 10);
    const std::size_t count = *rc::gen::inRange<std::size_t>(0, 200'000);
    const std::string expected = from < model.size() ? model.substr(from, count) : "";
    RC_ASSERT(bytes.read(from, count).view() == expected);
  }));
}

TEST_CASE("a young append ends where it was made, and a cut there loses none of it") {
  DiskBytes bytes;
  bytes.append(Blob("one"));
  bytes.append(Blob("three"));
  CHECK(bytes.append_end_after(0) == 3);
  CHECK(bytes.append_end_after(2) == 3);
  CHECK(bytes.append_end_after(3) == 8);
  bytes.truncate(bytes.append_end_after(1));
  CHECK(all(bytes) == "one");
}

TEST_CASE("many small appends are gathered, tiny ones as well") {
  for (const std::size_t size : {1u, 10u, 250u, 5'000u}) {
    DiskBytes bytes;
    std::string model;
    while (model.size() < 200'000) {
      const std::string part = telling_bytes(size, model.size());
      bytes.append(Blob(part));
      model += part;
    }
    std::size_t pieces = 0;
    for (std::uint64_t at = 0; at < bytes.size(); at = bytes.append_end_after(at)) ++pieces;
    CHECK(pieces <= 4 + 256);
    CHECK(bytes.append_end_after(0) >= 60'000);
    CHECK(all(bytes) == model);
  }
}

TEST_CASE("a file that was cut far back is gathered as before") {
  DiskBytes bytes;
  for (int i = 0; i < 2'000; ++i) bytes.append(Blob(std::string(250, 'x')));
  bytes.truncate(300);
  std::string model(300, 'x');
  for (int i = 0; i < 1'000; ++i) {
    const std::string part = telling_bytes(100, model.size());
    bytes.append(Blob(part));
    model += part;
  }
  CHECK(all(bytes) == model);
  CHECK(bytes.append_end_after(0) > 20'000);
}

TEST_CASE("appended bytes are shared and not copied") {
  const Blob large = Blob(std::string(300'000, 'a'));
  DiskBytes bytes;
  bytes.append(Blob("head"));
  bytes.append(large);
  CHECK(bytes.read(4, 300'000).view().data() == large.view().data());
  const DiskBytes copy = bytes;
  CHECK(copy.read(4, 300'000).view().data() == large.view().data());
}
