#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "engine/ports/disk.h"
#include "engine/runtime/disk/descriptor.h"

namespace dkv {

// A cache of at most `limit` descriptors of files that are only read. The least recently used one is dropped first. A
// descriptor that is in use stays open until its user releases it. Any thread may call any function.
class ReaderTable {
 public:
  explicit ReaderTable(std::size_t limit);

  // Null when the file is not in the table.
  std::shared_ptr<const Descriptor> find(FileName file);
  void add(FileName file, std::shared_ptr<const Descriptor> descriptor);
  void drop(FileName file);
  std::size_t size() const;

 private:
  using Entries = std::list<std::pair<FileName, std::shared_ptr<const Descriptor>>>;  // most recently used first

  const std::size_t limit_;
  mutable std::mutex mutex_;
  Entries entries_;
  std::map<FileName, Entries::iterator> places_;
};

}  // namespace dkv
