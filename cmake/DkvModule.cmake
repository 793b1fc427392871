# dkv_sources(TARGET FOLDER): every .cpp below FOLDER belongs to TARGET.
function(dkv_sources target folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  dkv_unite(${target} files)
  target_sources(${target} PRIVATE ${files})
  target_link_libraries(${target} PRIVATE dkv_flags)
endfunction()

# dkv_layers(FOLDER OUT): the targets below FOLDER, as layers.txt has them. A folder's target is dkv_ and its path without engine/.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/layers.txt)
function(dkv_layers folder out)
  set(targets "")
  file(STRINGS ${CMAKE_SOURCE_DIR}/cmake/layers.txt lines REGEX "^${folder}(/[a-z]+)?:")
  foreach(line ${lines})
    string(REGEX REPLACE "^[^:]*:" "" below "${line}")
    string(REGEX MATCHALL "[a-z/]+" below "${below}")
    foreach(lower ${below})
      if(NOT lower MATCHES "^${folder}(/|$)")
        string(REGEX REPLACE "^engine/" "" lower ${lower})
        string(REGEX REPLACE "^sim/.*" "sim" lower ${lower})
        string(REPLACE "/" "_" lower ${lower})
        list(APPEND targets dkv_${lower})
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES targets)
  set(${out} ${targets} PARENT_SCOPE)
endfunction()

# dkv_module(NAME [DIRECTORY folder] PUBLIC libraries... PRIVATE libraries...): the library dkv_NAME of one
# folder. It links its lower layers (layers.txt) and the libraries that are named here.
# A folder with headers only becomes an interface library. A main.cpp belongs to a program, not to the library.
function(dkv_module name)
  cmake_parse_arguments(ARG "" "DIRECTORY" "PUBLIC;PRIVATE" ${ARGN})
  if(NOT ARG_DIRECTORY)
    set(ARG_DIRECTORY engine/${name})
  endif()
  dkv_layers(${ARG_DIRECTORY} below)
  list(APPEND ARG_PUBLIC ${below})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_DIRECTORY}/*.cpp)
  list(FILTER files EXCLUDE REGEX "/main\\.cpp$")
  if(files)
    dkv_unite(${name} files)
    add_library(dkv_${name} STATIC ${files})
    target_include_directories(dkv_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(dkv_${name} PUBLIC ${ARG_PUBLIC} PRIVATE dkv_flags ${ARG_PRIVATE})
  else()
    add_library(dkv_${name} INTERFACE)
    target_include_directories(dkv_${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(dkv_${name} INTERFACE ${ARG_PUBLIC})
  endif()
endfunction()

# dkv_describe_build(TARGET): tells TARGET its version, compiler and build type, for capsules and --version.
function(dkv_describe_build target)
  target_compile_definitions(${target} PRIVATE
    DKV_VERSION="${PROJECT_VERSION}"
    DKV_BUILD="${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_BUILD_TYPE}")
endfunction()
