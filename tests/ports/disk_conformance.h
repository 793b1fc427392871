// What every disk has to do, whoever's it is: the contract of engine/ports/disk.h as far as it can be seen from
// outside.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/ports/disk.h"

namespace dkv::conformance {

// A disk and the world that it runs in.
class DiskHost {
 public:
  virtual ~DiskHost() = default;

  virtual void submit(DiskRequest request) = 0;
  // Lets time pass until all that was submitted is answered; the answers in the order in which they came.
  virtual std::vector<DiskDone> run() = 0;
  // The process that uses the disk ends, with nothing under way, and another starts. The power stays on: appended bytes
  // stay, durable or not.
  virtual void restart() = 0;

  // The power fails with nothing under way, and comes back. False for a host that cannot do that.
  virtual bool lose_power() { return false; }
  // Puts a file of somebody else among the disk's own. False for a host that has no such files.
  virtual bool place_foreign(const std::string& name) {
    static_cast<void>(name);
    return false;
  }
};

using MakeDiskHost = std::function<std::unique_ptr<DiskHost>()>;

// To be called inside of a TEST_CASE: each clause is a section of it, on an empty disk of its own.
void check_disk_conformance(const MakeDiskHost& make_host);

}  // namespace dkv::conformance
