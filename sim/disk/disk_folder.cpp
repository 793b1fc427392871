#include "sim/disk/disk_folder.h"

#include <utility>

#include "engine/core/assert.h"
#include "engine/storage/store_options.h"

namespace dkv::sim {

std::uint64_t DiskFolder::File::durable_bytes() const noexcept {
  if (!entry_durable) return 0;
  return lost.empty() ? settled_bytes : lost.front().offset;
}

std::uint64_t DiskFolder::File::tail_begin() const noexcept {
  return !lost.empty() && lost.back().end() == settled_bytes ? lost.back().offset : settled_bytes;
}

std::size_t DiskFolder::position(FileName name) const {
  const auto found = std::lower_bound(files_.begin(), files_.end(), name,
                                      [](const File& file, const FileName& wanted) { return file.name < wanted; });
  return static_cast<std::size_t>(found - files_.begin());
}

DiskFolder::File* DiskFolder::find(FileName name) {
  const std::size_t at = position(name);
  return at < files_.size() && files_[at].name == name ? &files_[at] : nullptr;
}

const DiskFolder::File* DiskFolder::find(FileName name) const {
  const std::size_t at = position(name);
  return at < files_.size() && files_[at].name == name ? &files_[at] : nullptr;
}

DiskFolder::Operation& DiskFolder::operation(OperationId id) {
  DKV_ASSERT(in_progress(id));
  return operations_[id - first_id_];
}

DiskFolder::File& DiskFolder::file_of(const Operation& operation) {
  File* file = find(operation.file);
  if (file != nullptr && file->created_by == operation.created_by) return *file;
  for (File& removed : removed_)
    if (removed.created_by == operation.created_by) return removed;
  DKV_ASSERT(!"an operation in progress keeps its file");
  return *file;
}

void DiskFolder::join(Operation& operation, File& file) {
  operation.created_by = file.created_by;
  operation.change = ++file.begun;
}

DiskFolder::Begun DiskFolder::begin(DiskRequest&& request) {
  DKV_ASSERT(request.ticket > last_ticket_);
  last_ticket_ = request.ticket;
  const OperationId id = first_id_ + operations_.size();
  Operation& added = operations_.emplace_back();
  added.ticket = request.ticket;
  Begun begun;
  if (auto* append = std::get_if<DiskAppend>(&request.what)) {
    begun = begin_append(std::move(*append), added);
  } else if (auto* read = std::get_if<DiskRead>(&request.what)) {
    begun = begin_read(*read, added);
  } else if (auto* sync = std::get_if<DiskSync>(&request.what)) {
    begun = begin_sync(*sync, added);
  } else if (auto* create = std::get_if<DiskCreate>(&request.what)) {
    begun = begin_create(*create, added);
  } else if (auto* remove = std::get_if<DiskRemove>(&request.what)) {
    begun = begin_remove(*remove, added);
  } else {
    DKV_ASSERT(std::holds_alternative<DiskList>(request.what));
    added.kind = Kind::kList;
  }
  begun.id = id;
  return begun;
}

DiskFolder::Begun DiskFolder::begin_create(const DiskCreate& create, Operation& operation) {
  DKV_ASSERT(create.file.number > 0);
  operation.kind = Kind::kCreate;
  operation.file = create.file;
  const std::size_t at = position(create.file);
  if (at < files_.size() && files_[at].name == create.file) {
    operation.status = DiskStatus::kFailed;
  } else if (!has_space(std::max<std::uint64_t>(create.reserve_bytes, 1))) {
    operation.status = DiskStatus::kFull;
  } else {
    take_space(create.reserve_bytes);
    File file;
    file.name = create.file;
    file.created_by = first_id_ + operations_.size() - 1;
    file.reserved_bytes = create.reserve_bytes;
    join(operation, *files_.insert(files_.begin() + static_cast<std::ptrdiff_t>(at), std::move(file)));
  }
  return {};
}

DiskFolder::Begun DiskFolder::begin_append(DiskAppend&& append, Operation& operation) {
  operation.kind = Kind::kAppend;
  operation.file = append.file;
  operation.sync = append.sync;
  File* file = find(append.file);
  if (file == nullptr) {
    operation.status = DiskStatus::kMissing;
    return {};
  }
  join(operation, *file);
  const std::uint64_t bytes = append.bytes.size();
  const std::uint64_t end = file->bytes.size() + bytes;
  const std::uint64_t space = file->space_bytes();
  const std::uint64_t more = end > space ? end - space : 0;
  if (!has_space(more)) {
    operation.status = DiskStatus::kFull;
    return {};
  }
  take_space(more);
  file->bytes.append(std::move(append.bytes));
  operation.upto_bytes = end;
  if (!append.sync) return {0, DiskWork::kAppend, bytes, end};
  return {0, DiskWork::kSync, end - file->settled_bytes, end};
}

DiskFolder::Begun DiskFolder::begin_sync(const DiskSync& sync, Operation& operation) {
  operation.kind = Kind::kSync;
  operation.file = sync.file;
  operation.sync = true;
  File* file = find(sync.file);
  if (file == nullptr) {
    operation.status = DiskStatus::kMissing;
    return {};
  }
  join(operation, *file);
  operation.upto_bytes = file->bytes.size();
  return {0, DiskWork::kSync, file->bytes.size() - file->settled_bytes, 0};
}

DiskFolder::Begun DiskFolder::begin_read(const DiskRead& read, Operation& operation) {
  operation.kind = Kind::kRead;
  operation.file = read.file;
  if (read.bytes > kDiskReadBytesMax) {
    operation.status = DiskStatus::kFailed;
    return {};
  }
  const File* file = find(read.file);
  if (file == nullptr) {
    operation.status = DiskStatus::kMissing;
    return {};
  }
  const bool fails = read_error_stream_.chance_ppm(read_error_ppm_);
  if (fails) {
    const std::uint32_t times = ++failed_reads_[{read.file, read.offset}];
    ever_unreadable_ = ever_unreadable_ || times >= kReadTries;
    operation.status = DiskStatus::kFailed;
    return {0, DiskWork::kRead, read.bytes, 0};  // a failing read takes as long as another, or longer
  }
  operation.bytes = file->bytes.read(read.offset, read.bytes);
  return {0, DiskWork::kRead, operation.bytes.size(), 0};
}

DiskFolder::Begun DiskFolder::begin_remove(const DiskRemove& remove, Operation& operation) {
  operation.kind = Kind::kRemove;
  operation.file = remove.file;
  const std::size_t at = position(remove.file);
  if (at == files_.size() || files_[at].name != remove.file) return {};
  join(operation, files_[at]);
  files_[at].removed_by = first_id_ + operations_.size() - 1;
  removed_.push_back(std::move(files_[at]));
  files_.erase(files_.begin() + static_cast<std::ptrdiff_t>(at));
  return {};
}

TimeNs DiskFolder::end_time(OperationId id, TimeNs drawn_end_ns) {
  const Operation& current = operation(id);
  if (current.change == 0) return drawn_end_ns;
  File& file = file_of(current);
  file.latest_end_ns = std::max(file.latest_end_ns, drawn_end_ns);
  return file.latest_end_ns;
}

void DiskFolder::end_by(TimeNs end_ns) {
  for (File& file : files_) file.latest_end_ns = std::min(file.latest_end_ns, end_ns);
}

DiskDone DiskFolder::finish(OperationId id) {
  DKV_ASSERT(!stalled());
  Operation& current = operation(id);
  if (current.change != 0) {
    File& file = file_of(current);
    DKV_ASSERT(current.change == file.finished + 1);
    file.finished = current.change;
    if (current.sync && current.status == DiskStatus::kOk) end_sync(current, file);
  }
  current.finished = true;
  DiskDone done;
  done.ticket = current.ticket;
  done.status = current.status;
  if (current.kind == Kind::kRead) {
    done.bytes = std::move(current.bytes);
  } else if (current.kind == Kind::kList) {
    done.files = files();
  } else if (current.status == DiskStatus::kOk && (current.kind == Kind::kCreate || current.kind == Kind::kRemove)) {
    settle_directory(id);
  }
  for (; !operations_.empty() && operations_.front().finished; ++first_id_) operations_.pop_front();
  return done;
}

void DiskFolder::end_sync(Operation& operation, File& file) {
  const std::uint64_t from = file.settled_bytes;
  const std::uint64_t upto = operation.upto_bytes;
  DKV_ASSERT(from <= upto && upto <= file.bytes.size());
  file.settled_bytes = upto;
  if (failing_syncs_ == 0) {
    file.entry_durable = true;
    return;
  }
  operation.status = DiskStatus::kFailed;
  if (upto == from) return;
  if (!file.lost.empty() && file.lost.back().end() == from) {
    file.lost.back().bytes += upto - from;
  } else {
    file.lost.push_back({from, upto - from});
  }
  record({file.name, from, upto - from, DiskDamage::Kind::kLostBySync});
}

void DiskFolder::settle_directory(OperationId upto) {
  for (File& file : files_) file.entry_durable |= file.created_by <= upto;
  for (File& file : removed_) file.removal_durable |= file.removed_by <= upto;
  forget_removed();
}

void DiskFolder::forget_removed() {
  std::erase_if(removed_, [&](const File& file) {
    if (!file.removal_durable || in_progress(file.removed_by)) return false;
    give_space(file.space_bytes());
    return true;
  });
}

void DiskFolder::drop_operations() {
  first_id_ += operations_.size();
  operations_.clear();
  held_.clear();
  last_ticket_ = 0;
  for (std::vector<File>* files : {&files_, &removed_}) {
    for (File& file : *files) {
      file.finished = file.begun;
      file.latest_end_ns = 0;
    }
  }
  forget_removed();
}

void DiskFolder::process_crash() {
  drop_operations();
}

void DiskFolder::wipe() {
  drop_operations();
  give_space(used_space_bytes());
  files_.clear();
  removed_.clear();
}

void DiskFolder::take_space(std::uint64_t bytes) {
  DKV_ASSERT(has_space(bytes));
  if (free_bytes_) *free_bytes_ -= bytes;
}

void DiskFolder::give_space(std::uint64_t bytes) {
  if (free_bytes_) *free_bytes_ += bytes;
}

std::uint64_t DiskFolder::used_space_bytes() const {
  std::uint64_t sum = 0;
  for (const File& file : files_) sum += file.space_bytes();
  for (const File& file : removed_) sum += file.space_bytes();
  return sum;
}

std::vector<DiskDone::File> DiskFolder::files() const {
  std::vector<DiskDone::File> list;
  list.reserve(files_.size());
  for (const File& file : files_) list.push_back({file.name, file.bytes.size()});
  return list;
}

std::uint64_t DiskFolder::durable_bytes(FileName name) const {
  const File* file = find(name);
  return file == nullptr ? 0 : file->durable_bytes();
}

std::optional<Blob> DiskFolder::peek(FileName name, std::uint64_t offset, std::uint64_t bytes) const {
  const File* file = find(name);
  if (file == nullptr) return std::nullopt;
  return file->bytes.read(offset, bytes);
}

std::uint64_t DiskFolder::total_bytes() const {
  std::uint64_t sum = 0;
  for (const File& file : files_) sum += file.bytes.size();
  return sum;
}

std::uint64_t DiskFolder::unsynced_bytes() const {
  std::uint64_t sum = 0;
  for (const File& file : files_) {
    sum += file.bytes.size() - file.settled_bytes;
    for (const DiskRange& range : file.lost) sum += range.bytes;
  }
  return sum;
}

std::size_t DiskFolder::operations_in_progress() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(operations_.begin(), operations_.end(), [](const Operation& one) { return !one.finished; }));
}

std::uint64_t DiskFolder::copy_bytes() const noexcept {
  std::uint64_t bytes = (files_.size() + removed_.size()) * sizeof(File) + operations_.size() * sizeof(Operation) + 640;
  for (const std::vector<File>* list : {&files_, &removed_}) {
    for (const File& file : *list) bytes += file.bytes.pieces() * 16 + file.lost.size() * sizeof(DiskRange);
  }
  return bytes + damages_.size() * sizeof(DiskDamage) + failed_reads_.size() * 80;
}

}  // namespace dkv::sim
