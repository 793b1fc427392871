// Real processes of the program, which never outlive their test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dkv::integration {

// No condition that must come true takes anywhere near this long; only a failing test waits for it.
inline constexpr std::chrono::seconds kPatience{20};

// Looks again and again. False when the condition did not come true in time.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience = kPatience);

// What a process has written so far; empty when it has not even made the file.
std::string output_in(const std::string& file);

// A child running the program; SIGKILL at the end of this object, or of the test's own process.
class Process {
 public:
  // limits: called in the child before it becomes the program; only what is safe there.
  Process(const std::vector<std::string>& arguments, const std::string& out_file, const std::string& err_file,
          void (*limits)() = nullptr);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;

  void signal(int number) const;
  bool running();
  // Of a process that ends in time: its exit status, or 128 + the signal. Nothing when it does not end.
  std::optional<int> wait();
  // SIGKILL, and until it is gone.
  void kill();
  // SIGSTOP, and until it stands still.
  void pause() const;
  pid_t pid() const noexcept { return pid_; }

 private:
  void reap(int options);

  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace dkv::integration
