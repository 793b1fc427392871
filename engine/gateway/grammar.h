#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The grammar of HTTP/1.1 (RFC 9110, RFC 9112). The functions only look at text and keep no state.
namespace dkv::http {

bool is_digit(char c) noexcept;
// 0 to 15; -1 for other characters.
int hex_digit(char c) noexcept;

// token: a method, a field's name.
bool is_token(std::string_view text) noexcept;
bool is_token_char(char c) noexcept;
// field-value: visible characters, spaces, tabs and bytes above 0x7f. No other control character, so no CR and no LF.
bool is_field_value(std::string_view text) noexcept;
// Only characters that a URI may hold. It does not check the escapes; decoding does.
bool is_uri_text(std::string_view text) noexcept;
// uri-host [ ":" port ], as in a Host field; empty text is valid there.
bool is_host(std::string_view text) noexcept;

// Compares without regard to case. lower is in lower case.
bool same_word(std::string_view text, std::string_view lower) noexcept;
// The text without the spaces and tabs around it.
std::string_view trimmed(std::string_view text) noexcept;
// Takes the next element off a comma-separated list, and skips empty ones. Nothing at the end.
std::optional<std::string_view> next_element(std::string_view& list) noexcept;

// 1*DIGIT; a number that does not fit is UINT64_MAX.
std::optional<std::uint64_t> decimal(std::string_view text) noexcept;
// chunk-size [ chunk-ext ], without the end of the line; a size that does not fit is UINT64_MAX.
std::optional<std::uint64_t> chunk_size(std::string_view line) noexcept;

}  // namespace dkv::http
