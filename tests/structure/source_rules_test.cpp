// Tests the rules on small made-up files. Each rule must be able to fail, and must not complain about correct code.
#include "tests/structure/source_rules.h"

#include "tests/catch.h"

using namespace dkv::structure;

namespace {
std::vector<std::size_t> lines_of(const std::vector<Finding>& findings) {
  std::vector<std::size_t> lines;
  for (const auto& finding : findings) lines.push_back(finding.line);
  return lines;
}
bool may_include(std::string_view file, const std::string& target) {
  return check_layering(file, "#include \"" + target + "\"\n").empty();
}
}  // namespace

TEST_CASE("comments and literals are blanked without moving a line") {
  CHECK(blank_comments("a /* b\nc */ d // e\nf", true) == "a     \n     d     \nf");
  CHECK(blank_comments("x = \"// \\\" no\"; y", true) == "x =           ; y");
  CHECK(blank_comments("x = \"// no\"; y", false) == "x = \"// no\"; y");
  CHECK(blank_comments("n = 1'000; c = '\"'; z", true) == "n = 1'000; c =    ; z");
  CHECK(blank_comments("r = R\"x(a\" )\" b)x\"; q", true) == "r =               ; q");
  CHECK(blank_comments("r = R\"(never closed", true) == "r =                ");
  CHECK(blank_comments("/* never closed\n", true) == "               \n");
  CHECK(blank_comments("\"\\", true) == "  ");
}

TEST_CASE("a folder may include itself and the layers below it") {
  CHECK(may_include("engine/core/a.h", "engine/core/b.h"));
  CHECK(may_include("engine/protocol/a.h", "engine/core/b.h"));
  CHECK(may_include("engine/ports/a.h", "engine/protocol/b.h"));
  CHECK(may_include("engine/storage/a.cpp", "engine/ports/b.h"));
  CHECK(may_include("engine/node/a.cpp", "engine/storage/b.h"));
  CHECK(may_include("engine/runtime/a.cpp", "engine/node/b.h"));
  CHECK(may_include("sim/oracle/a.cpp", "engine/node/b.h"));
  CHECK(may_include("viz/views/a.cpp", "sim/world/b.h"));
  CHECK(may_include("sim/world/a.h", "sim/disk/b.h"));
  CHECK(may_include("cli/a.cpp", "sim/world/b.h"));
  CHECK(may_include("cli/a.cpp", "engine/runtime/b.h"));
}

TEST_CASE("a folder must not include a layer above or beside it") {
  CHECK_FALSE(may_include("engine/core/a.h", "engine/protocol/b.h"));
  CHECK_FALSE(may_include("engine/protocol/a.h", "engine/ports/b.h"));
  CHECK_FALSE(may_include("engine/ports/a.h", "engine/storage/b.h"));
  CHECK_FALSE(may_include("engine/storage/a.h", "engine/node/b.h"));
  CHECK_FALSE(may_include("engine/node/a.h", "sim/b.h"));
  CHECK_FALSE(may_include("engine/node/a.h", "engine/runtime/b.h"));
  CHECK_FALSE(may_include("engine/runtime/a.h", "sim/b.h"));
  CHECK_FALSE(may_include("sim/a.h", "engine/runtime/b.h"));
  CHECK_FALSE(may_include("sim/disk/a.h", "sim/world/b.h"));
  CHECK_FALSE(may_include("sim/a.h", "cli/b.h"));
  CHECK_FALSE(may_include("viz/model/a.h", "engine/runtime/b.h"));
  CHECK_FALSE(may_include("cli/a.h", "viz/model/b.h"));
  CHECK_FALSE(may_include("viz/model/a.h", "viz/views/b.h"));
  CHECK_FALSE(may_include("engine/core/a.h", "tests/catch.h"));
}

TEST_CASE("a forbidden include is named with its line, in brackets or quotes, and not when it is a comment") {
  const std::string text =
      "#pragma once\n"
      "// #include \"sim/world/world.h\"\n"
      "#  include <sim/world/world.h>\n"
      "#include \"engine/core/types.h\"\n"
      "#include \"cli/main.h\"  // why\n";
  const auto findings = check_layering("engine/node/a.h", text);
  CHECK(lines_of(findings) == std::vector<std::size_t>{3, 5});
  CHECK(describe(findings) ==
        "engine/node/a.h:3: sim/world/world.h: engine/node must not include sim/world\n"
        "engine/node/a.h:5: cli/main.h: engine/node must not include cli\n");
}

TEST_CASE("own files are named from the root, and a new folder needs a place in the layering") {
  CHECK_FALSE(may_include("engine/core/a.cpp", "a.h"));
  CHECK_FALSE(may_include("engine/core/a.cpp", "../core/a.h"));
  CHECK(check_layering("engine/core/a.cpp", "#include <vector>\n#include <boost/config.hpp>\n").empty());
  CHECK(check_layering("engine/novelty/a.cpp", "").size() == 1);
  CHECK(check_layering("engine/a.cpp", "").size() == 1);
}

TEST_CASE("heavy headers are for sources only") {
  const std::string text =
      "#include <nlohmann/json_fwd.hpp>\n#include <nlohmann/json.hpp>\n#include <boost/asio.hpp>\n";
  CHECK(lines_of(check_heavy_headers("sim/a.h", text)) == std::vector<std::size_t>{2, 3});
  CHECK(lines_of(check_heavy_headers("engine/runtime/a.h", text)) == std::vector<std::size_t>{2});
  CHECK(check_heavy_headers("sim/a.cpp", text).empty());
  CHECK(check_heavy_headers("cli/a.h", text).empty());
  for (const char* heavy : {"yaml-cpp/yaml.h", "CLI/CLI.hpp", "catch2/catch.hpp", "spdlog/spdlog.h", "boost/beast.hpp"})
    CHECK(check_heavy_headers("engine/core/a.h", "#include <" + std::string(heavy) + ">\n").size() == 1);
}

TEST_CASE("each thing that would make runs differ is found") {
  for (const char* bad :
       {"std::random_device entropy;", "std::uniform_int_distribution<int> d(0, 9);",
        "auto t = Clock::steady_clock::now();", "using Clock = std::chrono::system_clock;", "std::thread worker;",
        "std::jthread worker;", "int x = rand();", "std::srand(7);", "auto t = time(nullptr);",
        "auto t = std::time( NULL );", "std::unordered_map<int, int> m;", "std::unordered_set<int> s;",
        "std::function<void()> f;", "thread_local int x;", "std::async(f);", "std::shuffle(a, b, g);",
        "std::hash<int>{}(3)", "getenv(\"HOME\")", "clock_gettime(CLOCK_REALTIME, &t);"}) {
    INFO(bad);
    CHECK(check_determinism("sim/a.cpp", bad).size() == 1);
    CHECK(check_determinism("engine/node/a.h", bad).size() == 1);
    CHECK(check_determinism("cli/a.cpp", bad).empty());
  }
}

TEST_CASE("words that only look like nondeterminism are left alone") {
  for (const char* good : {"operand(x);", "rng.rand();", "event.time(0);", "boost::unordered_flat_map<int, int> m;",
                           "// std::thread", "say(\"std::function\");", "std::invoke(function, 1);",
                           "run_time(nullptr);", "std::hash_combine;", "Distribution d;"}) {
    INFO(good);
    CHECK(check_determinism("sim/a.cpp", good).empty());
  }
}

TEST_CASE("the runtime may use the real world, and nothing else that is forbidden") {
  const auto in_runtime = [](const char* code) { return check_determinism("engine/runtime/a.cpp", code).size(); };
  CHECK(in_runtime("std::chrono::steady_clock::now(); std::thread t; std::random_device d; thread_local int x;") == 0);
  CHECK(in_runtime("std::unordered_map<int, int> m;") == 1);
  CHECK(in_runtime("std::uniform_real_distribution<> d;") == 1);
}

TEST_CASE("a storage backend is named in its own folder only") {
  const std::string_view text =
      "#include \"engine/storage/log_store.h\"\n\nLogStore* a;\nauto b = StorageBackend::kLog;\n";
  CHECK(lines_of(check_storage_seam("engine/node/a.cpp", text)) == std::vector<std::size_t>{1, 3, 4});
  CHECK(check_storage_seam("engine/storage/a.cpp", text).empty());
  CHECK(check_storage_seam("sim/a.cpp", "// LogStore\nStorage a;\nStorageBackend b = storage_backend_of(\"log\");\n")
            .empty());
}

TEST_CASE("a file is too long at 450 lines") {
  const auto lines = [](std::size_t count) { return std::string(count, '\n'); };
  CHECK(check_length("sim/a.cpp", lines(kMaxLines - 1)).empty());
  CHECK(check_length("sim/a.cpp", lines(kMaxLines)) ==
        std::vector<Finding>{{"sim/a.cpp", kMaxLines, "too long: a new behaviour is a new file"}});
}

TEST_CASE("paths of one machine are found, and only from the root") {
  const std::string path = std::string("/wo") + "rk/main";
  CHECK(lines_of(check_machine_paths("README.md", "one\nsee " + path + "\nand " + path + "\n")) ==
        std::vector<std::size_t>{2, 3});
  CHECK(check_machine_paths("README.md", path).size() == 1);
  CHECK(check_machine_paths("README.md", "home" + path + " ~" + path + " work/main /workload/").empty());
}
