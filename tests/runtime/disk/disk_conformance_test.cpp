#include "tests/catch.h"
#include "tests/runtime/disk/disk_hosts.h"

using namespace dkv;
using namespace dkv::runtime_tests;

TEST_CASE("files in a folder are a disk") {
  conformance::check_disk_conformance([] { return std::make_unique<FileDiskHost>(); });
}

TEST_CASE("files behind threads are a disk") {
  conformance::check_disk_conformance([] { return std::make_unique<ThreadedDiskHost>(ThreadedDisk::Options{}); });
}

TEST_CASE("files behind many threads that wake an event loop are a disk") {
  conformance::check_disk_conformance(
      [] { return std::make_unique<ThreadedDiskHost>(ThreadedDisk::Options{.readers = 6, .wake_descriptor = true}); });
}
