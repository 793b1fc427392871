#include "engine/settings/cluster_secret.h"

#include "tests/catch.h"

namespace dkv {
namespace {

const std::string kDigits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

std::string mistake_in(std::string_view text) {
  const auto read = read_secret(text);
  return read ? "accepted" : read.error().what;
}

}  // namespace

TEST_CASE("a secret comes back from its text, also from capitals and with white space around it") {
  ClusterSecret secret;
  for (std::size_t i = 0; i < ClusterSecret::kBytes; ++i) secret.bytes[i] = static_cast<unsigned char>(i);
  CHECK(secret_text(secret) == kDigits + "\n");
  std::string capitals = kDigits;
  for (char& c : capitals) c = static_cast<char>(std::toupper(c));
  for (const std::string& text : {kDigits, kDigits + "\n", " " + capitals + "\r\n"}) CHECK(read_secret(text) == secret);
}

TEST_CASE("a text that is no secret is refused without being repeated") {
  CHECK(mistake_in("") == "a secret is 64 hexadecimal digits, and these are 0 characters");
  CHECK(mistake_in(" \n") == "a secret is 64 hexadecimal digits, and these are 0 characters");
  CHECK(mistake_in(kDigits + "0") == "a secret is 64 hexadecimal digits, and these are 65 characters");
  CHECK(mistake_in("x" + kDigits.substr(1)) == "a secret is 64 hexadecimal digits, and one of these is none");
  CHECK(mistake_in(std::string(64, '0')) == "the secret repeats one byte: it is no random number");
}

}  // namespace dkv
