# Half of a small file's compile time goes into headers that it has in common with others; each set of them is compiled
# once for all targets. Those of ours among them are included by nearly every file of the targets that use the set, so
# that a change rebuilds no more than it would without. The sanitizers' presets leave this off: there a file that forgot
# an include is found.
option(DKV_PRECOMPILE "Precompile common headers" OFF)

set(plain <algorithm> <array> <cstdint> <cstring> <deque> <functional> <map> <memory> <optional> <set> <span> <string>
    <string_view> <utility> <variant> <vector> <boost/container/small_vector.hpp>
    <boost/unordered/unordered_flat_map.hpp> <tl/expected.hpp>)
set(DKV_PRECOMPILED_plain ${plain})
set(DKV_PRECOMPILED_format ${plain} <fmt/format.h>)
set(DKV_PRECOMPILED_program ${plain} <fmt/format.h> <filesystem> <fstream> <nlohmann/json.hpp>)
set(DKV_PRECOMPILED_network ${plain} <chrono> <filesystem> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/steady_timer.hpp> <boost/asio/write.hpp>)
set(DKV_PRECOMPILED_world ${plain} "${CMAKE_SOURCE_DIR}/sim/world/world.h")
set(DKV_PRECOMPILED_panel ${plain} <fmt/format.h> "${CMAKE_SOURCE_DIR}/viz/views/desk.h")
set(DKV_PRECOMPILED_tests ${plain} "${CMAKE_SOURCE_DIR}/tests/catch.h")
set(DKV_PRECOMPILED_json_tests ${plain} "${CMAKE_SOURCE_DIR}/tests/catch.h" <filesystem> <fstream> <nlohmann/json.hpp>)
set(DKV_PRECOMPILED_world_tests ${plain} "${CMAKE_SOURCE_DIR}/tests/catch.h" "${CMAKE_SOURCE_DIR}/sim/world/world.h")
# What a set's headers need beyond dkv_flags. A target may only use a set that was compiled with its own flags: another
# optimisation level crashes g++ 12.
set(DKV_PRECOMPILED_LINK_format fmt::fmt)
set(DKV_PRECOMPILED_LINK_program fmt::fmt)
set(DKV_PRECOMPILED_LINK_panel fmt::fmt PkgConfig::IMGUI)
set(DKV_PRECOMPILED_LINK_tests dkv_test_flags)
set(DKV_PRECOMPILED_LINK_json_tests dkv_test_flags)
set(DKV_PRECOMPILED_LINK_world_tests dkv_test_flags)

if(DKV_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(dkv_flags INTERFACE -fpch-preprocess)  # for ccache
endif()

# dkv_precompile(TARGET SET): TARGET's files begin with the headers of SET, one of those above.
function(dkv_precompile target set)
  if(NOT DKV_PRECOMPILE)
    return()
  endif()
  set(holder dkv_precompiled_${set})
  if(NOT TARGET ${holder})
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled/${set}.cpp CONTENT "")
    add_library(${holder} OBJECT ${CMAKE_BINARY_DIR}/precompiled/${set}.cpp)
    target_link_libraries(${holder} PRIVATE dkv_flags ${DKV_PRECOMPILED_LINK_${set}})
    target_precompile_headers(${holder} PRIVATE ${DKV_PRECOMPILED_${set}})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${holder})
endfunction()
