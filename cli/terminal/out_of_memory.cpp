#include "cli/terminal/out_of_memory.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "cli/terminal/exit_status.h"

namespace {

thread_local std::size_t t_asked_bytes = 0;  // size of the failed allocation; 0: unknown

// Must not allocate.
[[noreturn]] void report_and_exit() noexcept {
  constexpr char kBefore[] = "distri-kv: out of memory: ";
  constexpr char kBehind[] = " bytes could not be allocated\n";
  constexpr char kUnknown[] = "an allocation failed\n";
  char line[128];
  char* end = line + sizeof kBefore - 1;
  std::memcpy(line, kBefore, sizeof kBefore - 1);
  if (t_asked_bytes == 0) {
    std::memcpy(end, kUnknown, sizeof kUnknown - 1);
    end += sizeof kUnknown - 1;
  } else {
    char digits[24];
    std::size_t count = 0;
    for (std::size_t rest = t_asked_bytes; rest > 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
    while (count > 0) *end++ = digits[--count];
    std::memcpy(end, kBehind, sizeof kBehind - 1);
    end += sizeof kBehind - 1;
  }
  if (::write(STDERR_FILENO, line, static_cast<std::size_t>(end - line)) < 0) ::_exit(dkv::cli::kOutOfMemory);
  ::_exit(dkv::cli::kOutOfMemory);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DKV_OWN_NEW 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DKV_OWN_NEW 0
#endif
#endif
#ifndef DKV_OWN_NEW
#define DKV_OWN_NEW 1
#endif

#if DKV_OWN_NEW
[[gnu::cold, gnu::noinline]] void* allocate_again(std::size_t bytes) {
  for (;;) {
    if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    t_asked_bytes = bytes;
    handler();
  }
}
// The usual path is short, because each allocation of the program takes it.
inline void* allocate(std::size_t bytes) {
  void* memory = std::malloc(bytes);
  return memory != nullptr ? memory : allocate_again(bytes);
}
#endif

}  // namespace

// Replaces the library's operators, because only here the size is known. Sanitizers have their own.
#if DKV_OWN_NEW
void* operator new(std::size_t bytes) {
  return allocate(bytes);
}
void* operator new[](std::size_t bytes) {
  return allocate(bytes);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

namespace dkv::cli {

void end_when_out_of_memory() noexcept {
  std::set_new_handler(report_and_exit);
}

}  // namespace dkv::cli
