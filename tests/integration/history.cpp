#include "tests/integration/history.h"

#include "engine/input/units.h"

namespace dkv::integration {
namespace {

constexpr std::string_view kBefore = "written by operation ";

}  // namespace

TimeNs History::now_ns() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start_).count();
}

std::size_t History::begin(Operation operation) {
  const std::lock_guard lock(mutex_);
  operation.began = ++moments_;
  operation.began_ns = now_ns();
  operations_.push_back(std::move(operation));
  return operations_.size() - 1;
}

void History::end(std::size_t number, const Operation& with_answer) {
  const std::lock_guard lock(mutex_);
  Operation& operation = operations_[number];
  const std::uint64_t began = operation.began;
  const TimeNs began_ns = operation.began_ns;
  operation = with_answer;
  operation.began = began;
  operation.began_ns = began_ns;
  operation.ended = ++moments_;
  operation.ended_ns = now_ns();
}

std::size_t History::size() const {
  const std::lock_guard lock(mutex_);
  return operations_.size();
}

Operation History::operation(std::size_t number) const {
  const std::lock_guard lock(mutex_);
  return operations_[number];
}

std::vector<Operation> History::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

std::string value_of(std::size_t operation) {
  return std::string(kBefore) + std::to_string(operation);
}

std::optional<std::size_t> operation_of(const std::string& value) {
  if (!value.starts_with(kBefore)) return std::nullopt;
  const auto number = parse_whole(std::string_view(value).substr(kBefore.size()));
  if (!number || value_of(*number) != value) return std::nullopt;
  return *number;
}

Key load_key(std::uint32_t number) {
  return *Key::make(kDefaultBucket, "key-" + std::to_string(number));
}

}  // namespace dkv::integration
