#include "engine/gateway/json_reader.h"

// The library's own code, which is compiled only here.
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <span>
#include <utility>

#include "engine/gateway/json_value.h"
#include "engine/input/suggest.h"

namespace dkv::http {
namespace {

using Text = boost::json::string_view;
using Error_code = boost::json::error_code;

constexpr std::size_t kWordBytesMax = 64u << 10;  // of a field's name, of a context
constexpr std::string_view kFields[] = {"value", "context", "ttl"};

std::string_view view(Text text) noexcept {
  return {text.data(), text.size()};
}

}  // namespace

// Receives the events of Boost.JSON's parser.
class JsonEvents {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool collects = false;
  bool is_object = false;  // the whole text
  bool has_value = false;
  std::string wrong;  // the complaint about the first bad field
  PlainPut put;

  bool on_document_begin(Error_code&) { return true; }
  bool on_document_end(Error_code&) { return true; }
  bool on_object_begin(Error_code&) { return begin('{'); }
  bool on_object_end(std::size_t, Error_code&) { return end('}'); }
  bool on_array_begin(Error_code&) { return begin('['); }
  bool on_array_end(std::size_t, Error_code&) { return end(']'); }
  bool on_key_part(Text part, std::size_t, Error_code&) { return key(part, false); }
  bool on_key(Text part, std::size_t, Error_code&) { return key(part, true); }
  bool on_string_part(Text part, std::size_t, Error_code&) { return string(part, false); }
  bool on_string(Text part, std::size_t, Error_code&) { return string(part, true); }
  bool on_number_part(Text part, Error_code&) { return number(part, false); }
  bool on_int64(std::int64_t, Text part, Error_code&) { return number(part, true); }
  bool on_uint64(std::uint64_t, Text part, Error_code&) { return number(part, true); }
  bool on_double(double, Text part, Error_code&) { return number(part, true); }
  bool on_bool(bool yes, Error_code&) { return word(yes ? "true" : "false"); }
  bool on_null(Error_code&) { return word("null"); }
  bool on_comment_part(Text, Error_code&) { return true; }
  bool on_comment(Text, Error_code&) { return true; }

 private:
  bool in_value() const noexcept { return field_ == "value" && depth_ > 0; }
  bool outermost() const noexcept { return depth_ == 1; }

  bool begin(char bracket) {
    if (!collects) return true;
    if (depth_ == 0) {
      is_object = bracket == '{';
    } else {
      element(bracket);
      comma_ = false;
    }
    ++depth_;
    return true;
  }

  bool end(char bracket) {
    if (!collects) return true;
    --depth_;
    if (depth_ > 0 && in_value()) put.value += bracket;
    comma_ = true;
    if (outermost()) field_.clear();
    return true;
  }

  // Called at the beginning of each element except strings.
  void element(std::string_view text) {
    if (outermost() && (field_ == "context" || field_ == "ttl")) complain("\"" + field_ + "\" is no string");
    if (!in_value()) return;
    if (outermost()) {
      put.content_type = "application/json";
    } else if (comma_) {
      put.value += ',';
    }
    put.value += text;
    comma_ = true;
  }
  void element(char bracket) { element(std::string_view(&bracket, 1)); }

  bool word(std::string_view text) {
    if (!collects || depth_ == 0) return true;
    element(text);
    if (outermost()) field_.clear();
    return true;
  }

  bool number(Text part, bool last) {
    if (!collects || depth_ == 0) return true;
    if (!std::exchange(open_, !last)) {
      element(view(part));
    } else if (in_value()) {
      put.value += view(part);
    }
    if (last && outermost()) field_.clear();
    return true;
  }

  bool key(Text part, bool last) {
    if (!collects) return true;
    if (!outermost()) {
      if (!in_value()) return true;
      if (!std::exchange(open_, !last)) put.value += comma_ ? ",\"" : "\"";
      escape_json(view(part), put.value);
      if (last) put.value += "\":";
      comma_ = false;
      return true;
    }
    if (field_.size() < kWordBytesMax) field_ += view(part);
    if (last) begin_field();
    return true;
  }

  void begin_field() {
    if (field_ == "value") {
      if (std::exchange(has_value, true)) complain("\"value\" stands twice");
      put.value.clear();
    } else if (field_ == "context") {
      if (put.context) complain("\"context\" stands twice");
      put.context.emplace();
    } else if (field_ == "ttl") {
      if (put.ttl) complain("\"ttl\" stands twice");
      put.ttl.emplace();
    } else {
      complain("unknown field " + dkv::quoted(field_) + "; " + suggest(field_, std::span(kFields)));
    }
  }

  bool string(Text part, bool last) {
    if (!collects || depth_ == 0) return true;
    const bool first = !std::exchange(open_, !last);
    if (outermost()) {
      if (field_ == "value") {
        put.content_type = "text/plain; charset=utf-8";
        put.value += view(part);
      } else if (field_ == "context" || field_ == "ttl") {
        std::string& word = field_ == "ttl" ? *put.ttl : *put.context;
        if (word.size() < kWordBytesMax) word += view(part);
      }
      if (last) field_.clear();
    } else if (in_value()) {
      if (first) put.value += comma_ ? ",\"" : "\"";
      escape_json(view(part), put.value);
      if (last) put.value += '"';
      comma_ = true;
    }
    return true;
  }

  void complain(std::string what) {
    if (wrong.empty()) wrong = std::move(what);
  }

  std::size_t depth_ = 0;
  std::string field_;   // of the outermost object; its value is being read
  bool comma_ = false;  // before the next element within the value
  bool open_ = false;   // a key, string or number is incomplete
};

namespace {

boost::json::parse_options strict() {
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax;
  return options;
}

}  // namespace

struct JsonReader::Impl {
  boost::json::basic_parser<JsonEvents> parser{strict()};
};

JsonReader::JsonReader(Purpose purpose, std::size_t bytes_expected) : impl_(std::make_unique<Impl>()) {
  // Reserves memory, so that a growing value is not copied repeatedly.
  if (purpose == Purpose::kPlainPut) impl_->parser.handler().put.value.reserve(bytes_expected);
  impl_->parser.handler().collects = purpose == Purpose::kPlainPut;
}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;

bool JsonReader::add(std::string_view bytes) {
  Error_code error;
  // Only white space may follow a whole text. A parser that has failed stays failed.
  const std::size_t taken = impl_->parser.write_some(true, bytes.data(), bytes.size(), error);
  return !error && taken == bytes.size();
}

bool JsonReader::end() {
  Error_code error;
  impl_->parser.write_some(false, "", 0, error);
  return !error && impl_->parser.done();
}

bool JsonReader::has_value() const noexcept {
  const JsonEvents& events = impl_->parser.handler();
  return events.is_object && events.has_value;
}

Result<PlainPut> JsonReader::take_put() {
  JsonEvents& events = impl_->parser.handler();
  if (!has_value()) return tl::unexpected(Error{R"(the body is no object with a "value")"});
  if (!events.wrong.empty()) return tl::unexpected(Error{events.wrong});
  return std::move(events.put);
}

}  // namespace dkv::http
