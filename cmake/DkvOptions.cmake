# Options and flags that every target shares.
option(DKV_TESTS "Build the tests" ON)
set(DKV_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(DKV_CCACHE ccache)
if(DKV_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${DKV_CCACHE})
endif()

find_program(DKV_MOLD mold)
if(DKV_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(DKV_DEBUG_INFO -g1 CACHE STRING "How much debug information; -g0 builds fastest")

add_library(dkv_flags INTERFACE)
target_include_directories(dkv_flags INTERFACE ${CMAKE_CURRENT_SOURCE_DIR})
# -ffp-contract=off: a fused multiply-add rounds differently, and a run must not depend on the compiler.
target_compile_options(dkv_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Wold-style-cast -Woverloaded-virtual -Wno-missing-field-initializers -ffp-contract=off ${DKV_DEBUG_INFO})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside standard and Boost containers that it inlines; clang has no such false alarms.
  target_compile_options(dkv_flags INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overflow
                         -Wno-array-bounds -Wno-stringop-overread -Wno-restrict)
endif()
option(DKV_WERROR "Warnings are errors" OFF)
if(DKV_WERROR)
  target_compile_options(dkv_flags INTERFACE -Werror)
endif()
if(DKV_SANITIZE)
  add_compile_options(-fsanitize=${DKV_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DKV_SANITIZE})
endif()
