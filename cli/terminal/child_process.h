#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace dkv::cli {

// A forked child of this process: a broken invariant ends it, and this process goes on. The parent must have no other
// threads when it begins. Not copyable.
class ChildProcess {
 public:
  // The child runs `work`, which writes its answer to the descriptor, and exits with 0. It ignores SIGINT: the parent
  // decides when the work ends. It dies with its parent.
  explicit ChildProcess(const std::function<void(int answer)>& work);
  // Kills it, if it is still there.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int descriptor() const noexcept { return answer_; }  // becomes readable when there is more of the answer, or its end
  // Appends what can be read now, and may wait for a first byte. False: the answer has ended, and so has the child.
  bool read(std::string& answer);

  // --- After read() was false.
  bool exited_well() const noexcept;  // by itself, with 0
  // The last line of its standard error, without the way to the sources that the compiler was told. Without one: how it
  // ended.
  std::string last_words() const;

 private:
  void wait();

  pid_t pid_ = -1;
  int answer_ = -1;  // a pipe
  int words_ = -1;   // a file in memory: its standard error, so that it never waits for the parent
  int status_ = -1;
  bool ended_ = false;
};

// Writes all of it to a descriptor, in the child.
void write_all(int descriptor, const std::string& text);

}  // namespace dkv::cli
