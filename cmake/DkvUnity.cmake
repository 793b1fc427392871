# A unity build compiles several .cpp files as one. Shared headers are read once, and shared templates compiled once.
# The presets for checks leave it off, so that a missing include is found.
option(DKV_UNITY "Compile several source files as one" OFF)

# dkv_unite(NAME VARIABLE): replaces the absolute paths in VARIABLE by those of a few files that include them, in order of
# their paths. A group has 6 to 12 files and ends with its folder. In a larger folder a hash of a file's name decides where
# it ends, so that a new file changes only its own group. A short rest joins the last group.
# Groups name their files from the root of the sources, so that ccache sees the same text in every clone.
function(dkv_unite name variable)
  if(NOT DKV_UNITY)
    return()
  endif()
  set(files ${${variable}})
  list(SORT files)
  list(LENGTH files left)
  set(groups "")
  set(text "")
  set(count 0)
  set(folder "")
  foreach(file IN LISTS files)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
    cmake_path(GET file PARENT_PATH this_folder)
    string(MD5 hash ${file})
    if(left GREATER_EQUAL 5 AND
       (count GREATER_EQUAL 12 OR (count GREATER_EQUAL 6 AND (hash MATCHES "^[0-3]" OR NOT this_folder STREQUAL folder))))
      dkv_write_group(${name} "${text}" groups)
      set(text "")
      set(count 0)
    endif()
    string(APPEND text "#include \"${file}\"\n")
    math(EXPR count "${count} + 1")
    math(EXPR left "${left} - 1")
    set(folder ${this_folder})
  endforeach()
  dkv_write_group(${name} "${text}" groups)
  set(${variable} ${groups} PARENT_SCOPE)
endfunction()

# Writes one group and appends its path to VARIABLE. It is named after its first file, so that the other groups of the
# target keep their names when another group is needed.
function(dkv_write_group name text variable)
  string(REGEX REPLACE "^#include \"([^\"]*)\\.cpp\".*" "\\1" first "${text}")
  string(REPLACE "/" "-" first "${first}")
  set(group ${CMAKE_BINARY_DIR}/unity/${name}/${first}.cpp)
  file(CONFIGURE OUTPUT ${group} CONTENT "${text}" @ONLY)
  set(${variable} ${${variable}} ${group} PARENT_SCOPE)
endfunction()
