#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/result.h"

namespace dkv {

enum class LogLevel : unsigned char { kDebug, kInfo, kWarning, kError };
enum class LogFormat : unsigned char {
  kText,  // "2026-11-23T16:40:06.123Z info  peer n2 is reachable"
  kJson,  // {"time":"…","level":"info","message":"…", fields}
};

// One value of a line: a text, or a number that is written as it is.
struct LogField {
  std::string_view name;
  std::string text;
  bool number = false;
  LogField(std::string_view named, std::string_view value) : name(named), text(value) {}
  LogField(std::string_view named, const char* value) : name(named), text(value) {}
  LogField(std::string_view named, std::uint64_t value) : name(named), text(std::to_string(value)), number(true) {}
};

// Writes lines to standard error. A message or value with newlines still gives one line. Any thread may call it.
class Logger {
 public:
  Logger(LogLevel level, LogFormat format);
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kDebug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kInfo, message, fields);
  }
  void warning(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kWarning, message, fields);
  }
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kError, message, fields);
  }
  bool wants(LogLevel level) const noexcept { return level >= level_; }

 private:
  struct Sink;
  LogLevel level_;
  LogFormat format_;
  std::unique_ptr<Sink> sink_;
};

// The text in quotes, as a JSON string. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string_view text, std::string& out);

}  // namespace dkv
