#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "engine/core/hash.h"

namespace dkv {

// Generates JSON like that of real services: orders, users, logs and trees, with random ids, times, numbers and
// words. A function of the seed.
class JsonDocuments {
 public:
  explicit JsonDocuments(std::uint64_t seed) : state_(mix64(seed + 0x9e3779b97f4a7c15ULL)) {}

  // A document of a random kind with about the given length. It is slightly longer when its fixed fields need that
  // (about 130 bytes). Otherwise it is shorter by less than one item.
  std::string next(std::size_t about_bytes) {
    switch (below(4)) {
      case 0: return order(about_bytes);
      case 1: return user(about_bytes);
      case 2: return log(about_bytes);
      default: return tree(about_bytes);
    }
  }

  std::string order(std::size_t about_bytes) {
    std::string out = join({R"({"id":"ord_)", hex(12), R"(","customer":)", number(1'000'000), R"(,"status":")",
                            pick({"new", "paid", "packed", "shipped", "returned"}), R"(","total":)", money(),
                            R"(,"currency":")", pick({"EUR", "USD", "GBP", "CHF"}), R"(","created":")", time(), "\""});
    if (about_bytes > 300) out += join({R"(,"shipping":)", address()});
    list(out, "items", about_bytes, [&] {
      return join({R"({"sku":")", upper(2), "-", number(100'000), R"(","name":")", word(), " ", word(),
                   R"(","quantity":)", number(9), R"(,"price":)", money(), R"(,"taxable":)", truth(), "}"});
    });
    return out + "}";
  }

  std::string user(std::size_t about_bytes) {
    const std::string first = pick(kFirstNames);
    const std::string last = pick(kLastNames);
    std::string out = join({R"({"uuid":")", uuid(), R"(","name":")", first, " ", last, R"(","email":")", first, ".",
                            last, number(1000), "@", word(), R"(.example","active":)", truth()});
    if (about_bytes > 300) out += join({R"(,"address":)", address(), R"(,"about":")", sentence(8), "\""});
    list(out, "sessions", about_bytes, [&] {
      return join({R"({"ip":"10.)", number(256), ".", number(256), ".", number(256), R"(","agent":")",
                   pick({"Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone)", "curl/8.5", "okhttp/4.12"}),
                   R"(","at":")", time(), R"(","token":")", hex(16), R"("})"});
    });
    return out + "}";
  }

  std::string log(std::size_t about_bytes) {
    std::string out = join({R"({"service":")", word(), R"(","host":"node-)", number(400), R"(","region":")",
                            pick({"eu-west-1", "eu-north-1", "us-east-2", "ap-south-1"}), "\""});
    list(out, "entries", about_bytes, [&] {
      const std::uint64_t words = 4 + below(8);
      return join({R"({"ts":")", time(), R"(","level":")", pick({"debug", "info", "info", "info", "warn", "error"}),
                   R"(","trace":")", hex(16), R"(","message":")", sentence(words), R"(","duration_us":)",
                   number(200'000), "}"});
    });
    return out + "}";
  }

  std::string tree(std::size_t about_bytes) {
    const std::size_t inside_bytes = about_bytes < 40 ? 0 : about_bytes - 30;
    return join({R"({"version":)", number(50), R"(,"root":)", branch(inside_bytes), "}"});
  }

 private:
  using Words = std::string_view;
  static constexpr std::array<Words, 16> kFirstNames{"Anna",  "Ben",  "Chen", "Dora", "Emil", "Fatima",
                                                     "Goran", "Hana", "Ivan", "Jana", "Kofi", "Lena",
                                                     "Mara",  "Nils", "Olga", "Pedro"};
  static constexpr std::array<Words, 16> kLastNames{"Adler",  "Bauer",  "Costa",  "Diaz",  "Eriksen", "Fischer",
                                                    "Garcia", "Horvat", "Ivanov", "Jones", "Kim",     "Lopez",
                                                    "Meyer",  "Novak",  "Okafor", "Patel"};
  static constexpr std::array<Words, 96> kWords{
      "the",     "of",      "and",     "to",      "a",       "in",      "for",    "is",      "on",      "with",
      "request", "from",    "by",      "at",      "user",    "not",     "was",    "order",   "cache",   "new",
      "time",    "failed",  "service", "after",   "data",    "retry",   "read",   "write",   "timeout", "key",
      "queue",   "payment", "table",   "server",  "client",  "invoice", "found",  "blue",    "steel",   "cotton",
      "light",   "heavy",   "lamp",    "chair",   "garden",  "kitchen", "river",  "stone",   "paper",   "glass",
      "forest",  "winter",  "summer",  "morning", "engine",  "wheel",   "bridge", "harbour", "letter",  "window",
      "copper",  "silver",  "market",  "basket",  "bottle",  "button",  "camera", "carpet",  "castle",  "circle",
      "coffee",  "desert",  "doctor",  "dragon",  "feather", "finger",  "guitar", "hammer",  "island",  "jacket",
      "ladder",  "magnet",  "mirror",  "monitor", "needle",  "orange",  "pencil", "planet",  "pocket",  "rocket",
      "saddle",  "shadow",  "spring",  "ticket",  "tunnel",  "velvet"};

  std::uint64_t draw() {
    state_ += 0x9e3779b97f4a7c15ULL;
    return mix64(state_);
  }
  std::uint64_t below(std::uint64_t bound) { return draw() % bound; }
  template <std::size_t N>
  std::string pick(const std::array<Words, N>& words) {
    return std::string(words[below(N)]);
  }
  template <std::size_t N>
  std::string pick(const char* const (&words)[N]) {
    return words[below(N)];
  }
  // Words differ in frequency: the better of two draws is taken.
  std::string word() {
    const std::uint64_t one = below(kWords.size());
    const std::uint64_t two = below(kWords.size());
    return std::string(kWords[one < two ? one : two]);
  }
  // The elements of an initializer list are evaluated in order; those of a sum need not be.
  static std::string join(std::initializer_list<std::string> parts) {
    std::string out;
    for (const std::string& part : parts) out += part;
    return out;
  }
  std::string sentence(std::uint64_t words) {
    std::string out = word();
    for (std::uint64_t i = 1; i < words; ++i) out += ' ' + word();
    return out;
  }
  std::string letters(std::size_t count, std::string_view alphabet) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += alphabet[below(alphabet.size())];
    return out;
  }
  std::string hex(std::size_t digits) { return letters(digits, "0123456789abcdef"); }
  std::string upper(std::size_t count) { return letters(count, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"); }
  std::string uuid() {
    std::string out = hex(8);
    for (const std::size_t digits : {4u, 4u, 4u, 12u}) out += '-' + hex(digits);
    return out;
  }
  std::string number(std::uint64_t bound) { return std::to_string(below(bound)); }
  std::string money() { return join({number(500), ".", letters(2, "0123456789")}); }
  std::string truth() { return below(3) == 0 ? "false" : "true"; }
  std::string two_digits(std::uint64_t from, std::uint64_t count) {
    const std::uint64_t value = from + below(count);
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  }
  std::string time() {
    return join({"2025-", two_digits(1, 12), "-", two_digits(1, 28), "T", two_digits(0, 24), ":", two_digits(0, 60),
                 ":", two_digits(0, 60), ".", letters(3, "0123456789"), "Z"});
  }
  std::string address() {
    return join({R"({"street":")", word(), " street ", number(300), R"(","city":")",
                 pick({"Oslo", "Porto", "Graz", "Leeds", "Lyon", "Turku"}), R"(","zip":")", letters(5, "0123456789"),
                 R"("})"});
  }
  // Adds "name":[item,item,...] while there is room; nothing when no item fits.
  template <typename Item>
  void list(std::string& out, std::string_view name, std::size_t about_bytes, Item item) {
    bool first = true;
    while (out.size() + 60 <= about_bytes) {  // no item is shorter
      const std::string next_item = item();
      const std::size_t around = first ? name.size() + 8 : 3;
      if (out.size() + next_item.size() + around > about_bytes) break;
      if (first) out.append(",\"").append(name).append("\":[");
      if (!first) out += ',';
      out += next_item;
      first = false;
    }
    if (!first) out += ']';
  }
  std::string branch(std::size_t about_bytes) {
    std::string out = join({R"({"node":")", hex(10), R"(","label":")", word(), R"(","weight":0.)", number(10'000),
                            R"(,"enabled":)", truth()});
    list(out, "children", about_bytes, [&] {
      const std::size_t share_bytes = about_bytes / (2 + below(3));
      return branch(share_bytes > 120 ? share_bytes : 0);
    });
    return out + "}";
  }

  std::uint64_t state_;
};

}  // namespace dkv
