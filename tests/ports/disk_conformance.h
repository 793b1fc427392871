// Tests that every disk must pass, simulated or real: the contract of engine/ports/disk.h, as far as it can be
// observed from outside.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/ports/disk.h"

namespace dkv::conformance {

// A disk and its environment.
class DiskHost {
 public:
  virtual ~DiskHost() = default;

  virtual void submit(DiskRequest request) = 0;
  // Lets time pass until every submitted request is answered. Returns the answers in the order of their arrival.
  virtual std::vector<DiskDone> run() = 0;
  // The process that uses the disk ends, with nothing under way, and another one starts. The power stays on, so
  // appended bytes stay, durable or not.
  virtual void restart() = 0;

  // The power fails with nothing under way, and comes back. False for a host that cannot do this.
  virtual bool lose_power() { return false; }
  // Puts a foreign file into the disk's folder. False for a host without such files.
  virtual bool place_foreign(const std::string& name) {
    static_cast<void>(name);
    return false;
  }
};

using MakeDiskHost = std::function<std::unique_ptr<DiskHost>()>;

// Call it inside a TEST_CASE. Each clause is a section with a new, empty disk.
void check_disk_conformance(const MakeDiskHost& make_host);

}  // namespace dkv::conformance
