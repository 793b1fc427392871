#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <deque>
#include <utility>

#include "engine/input/suggest.h"
#include "engine/input/units.h"

namespace dkv::cli {

// CLI11 only splits the command line into texts. Numbers are read here, so that all errors have the same form.
struct Options::Impl {
  struct Reader {
    CLI::Option* option;
    std::string text;
    std::function<std::string(const std::string&)> read;
  };

  CLI::App& app;
  CLI::Option* last = nullptr;
  std::deque<Reader> readers;  // a deque, because the options keep pointers to the texts
};

Options::Options(CLI::App& app) : impl_(std::make_unique<Impl>(Impl{app, nullptr, {}})) {}
Options::~Options() = default;

void Options::argument(const char* name, std::string& to, const char* about) {
  impl_->last = impl_->app.add_option(name, to, about)->required();
}

void Options::optional_argument(const char* name, std::string& to, const char* about) {
  impl_->last = impl_->app.add_option(name, to, about);
}

void Options::arguments(const char* name, std::vector<std::string>& to, const char* about) {
  impl_->last = impl_->app.add_option(name, to, about)->required()->type_name("");
}

void Options::flag(const char* name, bool& to, const char* about) {
  impl_->last = impl_->app.add_flag(name, to, about);
}

void Options::text(const char* name, std::string& to, const char* type, const char* about) {
  impl_->last = impl_->app.add_option(name, to, about)->type_name(type);
}

void Options::texts(const char* name, std::vector<std::string>& to, const char* type, const char* about) {
  impl_->last = impl_->app.add_option(name, to, about)
                    ->type_name(type)
                    ->expected(1)
                    ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Options::parsed(const char* name, const char* type, const char* about,
                     std::function<std::string(const std::string&)> read) {
  Impl::Reader& reader = impl_->readers.emplace_back(Impl::Reader{nullptr, {}, std::move(read)});
  reader.option = impl_->last = impl_->app.add_option(name, reader.text, about)->type_name(type);
}

void Options::word(const char* name, std::string& to, std::span<const std::string_view> words, const char* about) {
  parsed(name, fmt::format("{}", fmt::join(words, "|")).c_str(), about, [name, &to, words](const std::string& text) {
    for (const std::string_view word : words) {
      if (word == text) return to = text, std::string();
    }
    return fmt::format("{}: unknown '{}': {}", name, text, suggest(text, words));
  });
}

void Options::add_whole(const char* name, const char* about, std::uint64_t least, std::uint64_t most,
                        std::function<void(std::uint64_t)> take) {
  parsed(name, "N", about, [name, least, most, take = std::move(take)](const std::string& text) -> std::string {
    const auto number = parse_whole(text);
    if (!number) return fmt::format("{}: {}, {}", name, number.error().what, number.error().meant);
    if (*number < least || *number > most) return fmt::format("{} is from {} to {}", name, least, most);
    take(*number);
    return {};
  });
}

void Options::real(const char* name, double& to, const char* about, double least, double most) {
  parsed(name, "X", about, [name, &to, least, most](const std::string& text) -> std::string {
    const auto number = parse_number(text);
    if (!number) return fmt::format("{}: {}, {}", name, number.error().what, number.error().meant);
    if (*number < least || *number > most) return fmt::format("{} is from {:g} to {:g}", name, least, most);
    to = *number;
    return {};
  });
}

void Options::duration(const char* name, TimeNs& to, const char* about, TimeNs least_ns, TimeNs most_ns) {
  parsed(name, "DURATION", about, [name, &to, least_ns, most_ns](const std::string& text) -> std::string {
    const auto parsed = parse_duration(text);
    if (!parsed) return fmt::format("{}: {}, {}", name, parsed.error().what, parsed.error().meant);
    if (*parsed < least_ns && least_ns == 1) return fmt::format("{} must be above 0, such as 60s", name);
    if (*parsed < least_ns || *parsed > most_ns) {
      return fmt::format("{} is from {} to {}", name, duration_text(least_ns), duration_text(most_ns));
    }
    to = *parsed;
    return {};
  });
}

void Options::hide() {
  impl_->last->group("");
}

bool Options::given(const char* name) const {
  return impl_->app.count(name) > 0;
}

std::string Options::read() {
  for (Impl::Reader& reader : impl_->readers) {
    if (reader.option->count() == 0) continue;
    if (std::string complaint = reader.read(reader.text); !complaint.empty()) return complaint;
  }
  return {};
}

}  // namespace dkv::cli
