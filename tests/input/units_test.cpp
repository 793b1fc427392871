#include "engine/input/units.h"

#include "engine/input/suggest.h"
#include "sim/kernel/rng.h"
#include "tests/catch.h"

namespace dkv::sim {

TEST_CASE("durations take every unit and are exact to the nanosecond") {
  CHECK(parse_duration("7ns") == 7);
  CHECK(parse_duration("500us") == 500'000);
  CHECK(parse_duration("5ms") == 5'000'000);
  CHECK(parse_duration("1.5s") == 1'500'000'000);
  CHECK(parse_duration("0.000000001s") == 1);
  CHECK(parse_duration("3m") == 180 * kSecond);
  CHECK(parse_duration("2h") == 7200 * kSecond);
  CHECK(parse_duration("0") == 0);
  CHECK(parse_signed_duration("-2s") == -2 * kSecond);
  CHECK(parse_signed_duration("+2s") == 2 * kSecond);
}

TEST_CASE("the complaint about a bad duration names the mistake") {
  const auto what = [](std::string_view text) { return parse_duration(text).error().what; };
  CHECK(what("5") == "'5' has no unit");
  CHECK(what("5sec") == "'sec' is not a unit of duration");
  CHECK(what("5 ms") == "' ms' is not a unit of duration");
  CHECK(what("fast") == "'fast' is not a number");
  CHECK(what("") == "'' is not a number");
  CHECK(what("-5ms") == "'-5ms' is negative");
  CHECK(what("05ms") == "'05ms' begins with a zero, which YAML tools read as octal");
  CHECK(what("1.5ns") == "'1.5ns' is finer than a nanosecond");
  CHECK(what("1..5s") == "'1..5s' is not a number");
  CHECK(what(".5s") == "'.5s' is not a number");
  CHECK(what("5.s") == "'5.s' is not a number");
  CHECK(what("99999999999999999999s") == "'99999999999999999999s' has too many digits");
  CHECK(what("876001h") == "'876001h' is too large");
  CHECK(parse_duration("5sec").error().meant ==
        "a duration is a number with a unit (ns, us, ms, s, m or h), such as 500us, 5ms or 2s");
}

TEST_CASE("whole numbers are decimal and in range") {
  CHECK(parse_whole("0") == 0u);
  CHECK(parse_whole("18446744073709551615") == 18446744073709551615u);
  for (const std::string_view text :
       {"18446744073709551616", "010", "0x10", "1_000", "1e3", "1.0", "-4", "+4", " 4", "four", "", "."}) {
    CAPTURE(text);
    CHECK_FALSE(parse_whole(text));
  }
}

TEST_CASE("shares, rates, sizes and numbers carry their own units") {
  CHECK(parse_percent_ppm("0.5%") == 5'000u);
  CHECK(parse_percent_ppm("100%") == 1'000'000u);
  CHECK(parse_percent_ppm("0.0001%") == 1u);
  CHECK(parse_percent_ppm("0") == 0u);
  CHECK(parse_percent_ppm("5").error().what == "'5' has no unit");
  CHECK(parse_percent_ppm("101%").error().what == "'101%' is more than 100%");
  CHECK(parse_percent_ppm("0.00001%").error().what == "'0.00001%' is finer than one in a million");
  CHECK(parse_rate("2000/s") == 2000u);
  CHECK(parse_rate("2000").error().what == "'2000' has no unit");
  CHECK(parse_rate("2000/m").error().what == "'/m' is not a unit of a rate");
  CHECK(parse_rate("0.5/s").error().what == "'0.5/s' is finer than one a second");
  CHECK(parse_size("100B") == 100u);
  CHECK(parse_size("4KiB") == 4096u);
  CHECK(parse_size("1.5MiB") == 1'572'864u);
  CHECK(parse_size("2GiB") == std::uint64_t{2} << 30);
  CHECK(parse_size("16384GiB") == std::uint64_t{1} << 44);
  CHECK_FALSE(parse_size("16385GiB"));
  CHECK(parse_size("4kb").error().what == "'kb' is not a unit of size");
  CHECK(parse_number("99.5") == 99.5);
  CHECK(parse_number("-3") == -3.0);
  CHECK(parse_number("0.1") == 0.1);
  CHECK_FALSE(parse_number("1e9"));
  CHECK(parse_thousandths("0.99") == 990u);
  CHECK_FALSE(parse_thousandths("0.9999"));
}

TEST_CASE("a written duration or share is read back as the same number") {
  Stream random(3, Purpose::kSwarm);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t scale = std::uint64_t{1} << random.below(41);
    const auto duration = static_cast<TimeNs>(random.below(scale + 1)) * (random.below(2) == 0 ? kMicrosecond : 1);
    REQUIRE(parse_duration(duration_text(duration)) == duration);
    REQUIRE(parse_signed_duration(duration_text(-duration)) == -duration);
    const auto ppm = static_cast<std::uint32_t>(random.below(1'000'001));
    REQUIRE(parse_percent_ppm(percent_text(ppm)) == ppm);
  }
  CHECK(duration_text(1'500'000'000) == "1500ms");
  CHECK(duration_text(-2 * kSecond) == "-2s");
  CHECK(percent_text(5'000) == "0.5%");
  CHECK(size_text(4096) == "4KiB");
  CHECK(size_text(std::uint64_t{8} << 30) == "8GiB");
}

TEST_CASE("the distance of two words counts insertions, deletions, replacements and swaps") {
  CHECK(edit_distance("cluster", "cluster", 2) == 0);
  CHECK(edit_distance("clutser", "cluster", 2) == 1);
  CHECK(edit_distance("cluser", "cluster", 2) == 1);
  CHECK(edit_distance("clusters", "cluster", 2) == 1);
  CHECK(edit_distance("klusder", "cluster", 2) == 2);
  CHECK(edit_distance("workload", "cluster", 2) == 3);
  CHECK(edit_distance("", "ab", 2) == 2);
}

TEST_CASE("a suggestion is made when one word is nearest, otherwise all are listed") {
  const std::vector<std::string> words{"quorum", "timeout", "hints"};
  CHECK(suggest("quorm", words) == "did you mean 'quorum'?");
  CHECK(suggest("whatever", words) == "allowed: quorum, timeout, hints");
  CHECK(suggest("n7", std::vector<std::string>{"n1", "n2"}) == "allowed: n1, n2");
  CHECK(suggest("x", std::vector<std::string>{"r", "timeout"}) == "allowed: r, timeout");
}

TEST_CASE("a quoted word is short and shows no control characters") {
  CHECK(quoted("a\nb") == "'a?b'");
  CHECK(quoted(std::string(500, 'x')).size() == 65);
  CHECK(quoted(std::string(59, 'x') + "\xc3\xa9\xc3\xa9") == "'" + std::string(59, 'x') + "...'");
}

}  // namespace dkv::sim
