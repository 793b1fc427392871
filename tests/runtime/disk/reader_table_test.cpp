#include "engine/runtime/disk/reader_table.h"

#include <fcntl.h>

#include "tests/catch.h"

using namespace dkv;

namespace {

constexpr FileName file(std::uint64_t number) {
  return {FileKind::kSegment, number};
}
std::shared_ptr<const Descriptor> descriptor() {
  return std::make_shared<const Descriptor>(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}
bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) != -1;
}

}  // namespace

TEST_CASE("the least recently used descriptor leaves first, and is closed") {
  ReaderTable table(2);
  const auto add = [&](std::uint64_t number) {
    const auto added = descriptor();
    table.add(file(number), added);
    return added->get();
  };
  const int first = add(1);
  const int second = add(2);
  CHECK(table.find(file(1))->get() == first);
  add(3);
  CHECK(table.size() == 2);
  CHECK(table.find(file(2)) == nullptr);
  CHECK_FALSE(is_open(second));
  CHECK(table.find(file(1))->get() == first);
  CHECK(table.find(file(3)) != nullptr);
}

TEST_CASE("a descriptor in use outlives its place in the table") {
  ReaderTable table(1);
  table.add(file(1), descriptor());
  const auto held = table.find(file(1));
  table.add(file(2), descriptor());
  table.drop(file(2));
  table.drop(file(2));
  CHECK(table.size() == 0);
  CHECK(is_open(held->get()));
}

TEST_CASE("the first of two descriptors of a file stays") {
  ReaderTable table(2);
  const auto first = descriptor();
  table.add(file(1), first);
  table.add(file(1), descriptor());
  CHECK(table.find(file(1)) == first);
  CHECK(table.size() == 1);
}
