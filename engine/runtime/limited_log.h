#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/event_loop.h"
#include "engine/runtime/logger.h"

namespace dkv {

// Which lines pass when others decide how many there are: the first of each kind in a window. The others are counted.
class LineWindow {
 public:
  struct LeftOut {
    std::uint64_t lines = 0;
    std::string last;  // the text of the last of them
  };

  // kind: of the caller's choice, one of a few that it knows beforehand. Null: the line is written. Otherwise it is
  // counted, and its text belongs here.
  std::string* pass(std::uint32_t kind);
  bool open() const noexcept { return !kinds_.empty(); }
  // Ends the window; by kind, and only kinds of which lines were left out.
  std::vector<LeftOut> close();

 private:
  std::map<std::uint32_t, LeftOut> kinds_;
};

// Lines of the log that strangers can cause: at most one line of each kind a second, and then a line with the number of
// lines left out. So nobody can fill a disk with them, and no kind hides the others. Used on the loop's thread. The
// loop and the logger outlive it.
class LimitedLog {
 public:
  LimitedLog(EventLoop& loop, Logger& log);
  // Logs the number of lines that were left out so far.
  ~LimitedLog();
  LimitedLog(const LimitedLog&) = delete;
  LimitedLog& operator=(const LimitedLog&) = delete;

  // kind: as in LineWindow.
  void write(std::uint32_t kind, LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

 private:
  void close_window();

  Logger& log_;
  LineWindow window_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a handler may run after this is gone
};

}  // namespace dkv
