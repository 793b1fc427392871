// Real processes of the program. They never outlive their test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dkv::integration {

// Any expected condition comes true much sooner. Only a failing test waits this long.
inline constexpr std::chrono::seconds kPatience{20};

// Polls the condition. False when it did not come true in time.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience = kPatience);

// The output of a process so far; empty when the file does not exist yet.
std::string output_in(const std::string& file);

// A child that runs the program. It gets SIGKILL at the end of this object, or of the test's process.
class Process {
 public:
  // limits: called in the child before exec. It may only do what is safe there.
  Process(const std::vector<std::string>& arguments, const std::string& out_file, const std::string& err_file,
          void (*limits)() = nullptr);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;

  void signal(int number) const;
  bool running();
  // Waits for the end: the exit status, or 128 + the signal. Nothing when the process does not end in time.
  std::optional<int> wait();
  // Sends SIGKILL and waits until the process is gone.
  void kill();
  // Sends SIGSTOP and waits until the process stands still.
  void pause() const;
  pid_t pid() const noexcept { return pid_; }

 private:
  void reap(int options);

  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace dkv::integration
