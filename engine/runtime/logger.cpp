#include "engine/runtime/logger.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <nlohmann/json.hpp>

namespace dkv {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::off;
}

// Replaces control characters: bytes from a peer or a client must not end a line or control a terminal.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

}  // namespace

struct Logger::Sink {
  spdlog::logger logger{"distri-kv", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

Logger::Logger(LogLevel level, LogFormat format) : level_(level), format_(format), sink_(std::make_unique<Sink>()) {
  const char* pattern = format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                                   : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
  sink_->logger.set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, "\n"));
  sink_->logger.set_level(level_of(level));
  sink_->logger.flush_on(spdlog::level::debug);
}

Logger::~Logger() = default;

void Logger::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!wants(level)) return;
  std::string line;
  if (format_ == LogFormat::kJson) {
    line = "\"message\":";
    append_json_string(message, line);
    for (const LogField& field : fields) {
      line += ',';
      append_json_string(field.name, line);
      line += ':';
      if (field.number) {
        line += field.text;
      } else {
        append_json_string(field.text, line);
      }
    }
  } else {
    line = one_line(message);
    for (const LogField& field : fields) line += " " + std::string(field.name) + "=" + one_line(field.text);
  }
  sink_->logger.log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
}

void append_json_string(std::string_view text, std::string& out) {
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace dkv
