#include "engine/runtime/limited_log.h"

#include <chrono>
#include <utility>

namespace dkv {
namespace {

constexpr auto kWindow = std::chrono::seconds(1);

}  // namespace

std::string* LineWindow::pass(std::uint32_t kind) {
  const auto [known, first] = kinds_.try_emplace(kind);
  if (first) return nullptr;
  ++known->second.lines;
  return &known->second.last;
}

std::vector<LineWindow::LeftOut> LineWindow::close() {
  std::vector<LeftOut> all;
  for (auto& [kind, left_out] : std::exchange(kinds_, {})) {
    if (left_out.lines > 0) all.push_back(std::move(left_out));
  }
  return all;
}

LimitedLog::LimitedLog(EventLoop& loop, Logger& log) : log_(log), timer_(loop.context()) {}

LimitedLog::~LimitedLog() {
  close_window();
}

void LimitedLog::write(std::uint32_t kind, LogLevel level, std::string_view message,
                       std::initializer_list<LogField> fields) {
  if (!log_.wants(level)) return;
  const bool was_open = window_.open();
  if (std::string* text = window_.pass(kind)) {
    *text = message;
    for (const LogField& field : fields) text->append(" ").append(field.name).append("=").append(field.text);
  } else {
    log_.write(level, message, fields);
  }
  if (was_open) return;
  timer_.expires_after(kWindow);
  timer_.async_wait([this, alive = std::weak_ptr<bool>(alive_)](boost::system::error_code error) {
    if (!error && !alive.expired()) close_window();
  });
}

void LimitedLog::close_window() {
  for (const LineWindow::LeftOut& left_out : window_.close()) {
    log_.warning("left out " + std::to_string(left_out.lines) + " lines like this one: " + left_out.last);
  }
}

}  // namespace dkv
