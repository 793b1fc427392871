#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/types.h"

namespace CLI {
class App;
}

namespace dkv::cli {

// The options and arguments of one command. The library behind it is CLI11. Only command_line.cpp and options.cpp
// include it, because its header takes seconds to compile.
//
// The default of an option is the value of its variable before the command line is read. Each `about` is one line of
// help.
class Options {
 public:
  explicit Options(CLI::App& app);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  // Arguments without dashes, in the order of their declaration.
  void argument(const char* name, std::string& to, const char* about);
  void optional_argument(const char* name, std::string& to, const char* about);
  // One argument or more.
  void arguments(const char* name, std::vector<std::string>& to, const char* about);

  void flag(const char* name, bool& to, const char* about);
  void text(const char* name, std::string& to, const char* type, const char* about);
  // The option may be given several times.
  void texts(const char* name, std::vector<std::string>& to, const char* type, const char* about);
  // One of the given words.
  void word(const char* name, std::string& to, std::span<const std::string_view> words, const char* about);
  // An integer from least to most.
  template <std::unsigned_integral T>
  void whole(const char* name, T& to, const char* about, T least = 0, T most = std::numeric_limits<T>::max()) {
    add_whole(name, about, least, most, [&to](std::uint64_t value) { to = static_cast<T>(value); });
  }
  template <std::unsigned_integral T>
  void whole(const char* name, std::optional<T>& to, const char* about, T least = 0,
             T most = std::numeric_limits<T>::max()) {
    add_whole(name, about, least, most, [&to](std::uint64_t value) { to = static_cast<T>(value); });
  }
  void real(const char* name, double& to, const char* about, double least, double most);
  // From least_ns to most_ns, written as in scenario files, for example 500ms.
  void duration(const char* name, TimeNs& to, const char* about, TimeNs least_ns = 1,
                TimeNs most_ns = std::numeric_limits<TimeNs>::max());
  // Any other form. `read` receives the text and returns an error message, or an empty string.
  void parsed(const char* name, const char* type, const char* about,
              std::function<std::string(const std::string&)> read);
  // Hides the last declared option from the help. It still works.
  void hide();

  // Whether the command line named the option. Call it after reading.
  bool given(const char* name) const;
  // Converts the texts of the command line, in the order of declaration. Returns the first error, or nothing.
  std::string read();

 private:
  void add_whole(const char* name, const char* about, std::uint64_t least, std::uint64_t most,
                 std::function<void(std::uint64_t)> take);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dkv::cli
