// A disk of strings that a test can hold back, cut and damage.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "engine/ports/disk.h"

namespace dkv::testing {

// Keeps the contract of engine/ports/disk.h. Requests wait until a test carries them out.
class StringDisk {
 public:
  struct File {
    std::string bytes;
    std::size_t durable = 0;
    std::size_t set_aside = 0;

    std::size_t space() const { return std::max(bytes.size(), set_aside); }
  };
  std::map<FileName, File> files;
  std::deque<DiskRequest> waiting;
  bool full = false;
  std::optional<std::size_t> capacity;  // of all files together
  bool fail_syncs = false;
  bool fail_reads = false;
  std::uint64_t syncs = 0;
  std::uint64_t removes = 0;

  std::optional<DiskDone> carry_out() {
    if (waiting.empty()) return std::nullopt;
    const DiskRequest request = std::move(waiting.front());
    waiting.pop_front();
    DiskDone done{.ticket = request.ticket};
    std::visit([&](const auto& what) { carry_out(what, done); }, request.what);
    return done;
  }
  // Loses unsynced bytes and all pending requests. keep: this many unsynced bytes stay in each file.
  void lose_power(std::size_t keep = 0) {
    waiting.clear();
    for (auto& [name, file] : files) {
      file.bytes.resize(std::min(file.bytes.size(), file.durable + keep));
      file.durable = file.bytes.size();
    }
  }
  std::string* segment(std::uint32_t number) {
    const auto found = files.find({FileKind::kSegment, number});
    return found == files.end() ? nullptr : &found->second.bytes;
  }

  std::size_t used() const {
    std::size_t bytes = 0;
    for (const auto& [name, file] : files) bytes += file.space();
    return bytes;
  }
  bool has_room(std::size_t more) const { return more == 0 || !capacity || used() + more <= *capacity; }

 private:
  void carry_out(const DiskCreate& create, DiskDone& done) {
    const std::size_t bytes = std::max<std::size_t>(create.reserve_bytes, 1);
    if (full || !has_room(bytes)) {
      done.status = DiskStatus::kFull;
    } else if (!files.try_emplace(create.file, File{.bytes = {}, .set_aside = bytes}).second) {
      done.status = DiskStatus::kFailed;
    }
  }
  void carry_out(const DiskAppend& append, DiskDone& done) {
    const auto found = files.find(append.file);
    if (found == files.end()) {
      done.status = DiskStatus::kMissing;
    } else if (const std::size_t end = found->second.bytes.size() + append.bytes.size();
               end > found->second.space() && !has_room(end - found->second.space())) {
      done.status = DiskStatus::kFull;
    } else if (append.sync && fail_syncs) {
      found->second.bytes += append.bytes.view();
      done.status = DiskStatus::kFailed;
    } else {
      found->second.bytes += append.bytes.view();
      if (append.sync) sync(found->second);
    }
  }
  void carry_out(const DiskSync& what, DiskDone& done) {
    const auto found = files.find(what.file);
    if (found == files.end() || fail_syncs) {
      done.status = fail_syncs ? DiskStatus::kFailed : DiskStatus::kMissing;
    } else {
      sync(found->second);
    }
  }
  void carry_out(const DiskRead& read, DiskDone& done) {
    const auto found = files.find(read.file);
    if (found == files.end() || fail_reads) {
      done.status = fail_reads ? DiskStatus::kFailed : DiskStatus::kMissing;
      return;
    }
    const std::string& bytes = found->second.bytes;
    done.bytes = Blob(std::string_view(bytes).substr(std::min<std::size_t>(read.offset, bytes.size()), read.bytes));
  }
  void carry_out(const DiskRemove& remove, DiskDone&) {
    files.erase(remove.file);
    ++removes;
  }
  void carry_out(const DiskList&, DiskDone& done) {
    for (const auto& [name, file] : files) done.files.push_back({name, file.bytes.size()});
  }
  void sync(File& file) {
    ++syncs;
    file.durable = file.bytes.size();
  }
};

}  // namespace dkv::testing
