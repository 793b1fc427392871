#include "engine/gateway/grammar.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace dkv::http {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

namespace {

using Table = std::array<bool, 256>;

constexpr Table table_of(std::string_view others) {
  Table table{};
  for (unsigned c = 0; c < 256; ++c) {
    table[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  for (const char c : others) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr Table kTokenChars = table_of("!#$%&'*+-.^_`|~");
constexpr Table kUriChars = table_of("-._~%!$&'()*+,;=:@/?");
constexpr Table kHostChars = table_of("-._~!$&'()*+,;=");

bool all_in(const Table& table, std::string_view text) noexcept {
  return std::ranges::all_of(text, [&](char c) { return table[static_cast<unsigned char>(c)]; });
}
bool is_space(char c) noexcept {
  return c == ' ' || c == '\t';
}

// Takes a number of this base off the front of the text. The result saturates.
std::uint64_t take_number(std::string_view& text, unsigned base) noexcept {
  std::uint64_t number = 0;
  for (; !text.empty(); text.remove_prefix(1)) {
    const int digit = hex_digit(text.front());
    if (digit < 0 || digit >= static_cast<int>(base)) break;
    const auto more = static_cast<std::uint64_t>(digit);
    number = number > (UINT64_MAX - more) / base ? UINT64_MAX : number * base + more;
  }
  return number;
}

void skip_spaces(std::string_view& text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}
bool take_char(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}
bool take_token(std::string_view& text) noexcept {
  std::size_t length = 0;
  while (length < text.size() && is_token_char(text[length])) ++length;
  text.remove_prefix(length);
  return length > 0;
}

// Takes a quoted-string off the text, which begins with the opening quote.
bool take_quoted(std::string_view& text) noexcept {
  text.remove_prefix(1);
  while (!text.empty()) {
    if (take_char(text, '"')) return true;
    if (text.front() == '\\') text.remove_prefix(1);
    if (text.empty() || !is_field_value(text.substr(0, 1))) return false;
    text.remove_prefix(1);
  }
  return false;
}

// *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ), and nothing behind it.
bool is_chunk_extension(std::string_view text) noexcept {
  while (!text.empty()) {
    skip_spaces(text);
    if (!take_char(text, ';')) return false;
    skip_spaces(text);
    if (!take_token(text)) return false;
    std::string_view behind = text;
    skip_spaces(behind);
    if (!take_char(behind, '=')) continue;
    text = behind;
    skip_spaces(text);
    if (text.empty() || !(text.front() == '"' ? take_quoted(text) : take_token(text))) return false;
  }
  return true;
}

bool is_ipv6(std::string_view text) noexcept {
  char copy[INET6_ADDRSTRLEN] = {};
  if (text.size() >= sizeof copy) return false;
  std::ranges::copy(text, copy);
  in6_addr address{};
  return ::inet_pton(AF_INET6, copy, &address) == 1;
}

bool is_registered_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0) return false;
      i += 2;
    } else if (!kHostChars[static_cast<unsigned char>(text[i])]) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_token_char(char c) noexcept {
  return kTokenChars[static_cast<unsigned char>(c)];
}
bool is_token(std::string_view text) noexcept {
  return !text.empty() && all_in(kTokenChars, text);
}
bool is_field_value(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}
bool is_uri_text(std::string_view text) noexcept {
  return all_in(kUriChars, text);
}

bool is_host(std::string_view text) noexcept {
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1))) return false;
    ++end;
  } else {
    end = std::min(text.find(':'), text.size());
    if (!is_registered_name(text.substr(0, end))) return false;
    if (end == 0 && !text.empty()) return false;  // a port without a host
  }
  std::string_view port = text.substr(end);
  return port.empty() || (take_char(port, ':') && std::ranges::all_of(port, is_digit));
}

bool same_word(std::string_view text, std::string_view lower) noexcept {
  return std::ranges::equal(
      text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

std::string_view trimmed(std::string_view text) noexcept {
  skip_spaces(text);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::string_view> next_element(std::string_view& list) noexcept {
  while (!list.empty()) {
    const std::string_view element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), element.size() + 1));
    if (const std::string_view inner = trimmed(element); !inner.empty()) return inner;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> decimal(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  const std::uint64_t number = take_number(text, 10);
  if (!text.empty()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> chunk_size(std::string_view line) noexcept {
  const std::size_t length = line.size();
  const std::uint64_t size = take_number(line, 16);
  if (line.size() == length || !is_chunk_extension(line)) return std::nullopt;
  return size;
}

}  // namespace dkv::http
