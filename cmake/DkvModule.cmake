# dkv_sources(TARGET FOLDER): every .cpp below FOLDER belongs to TARGET.
function(dkv_sources target folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  target_sources(${target} PRIVATE ${files})
  target_link_libraries(${target} PRIVATE dkv_flags)
endfunction()

# dkv_module(NAME [DIRECTORY folder] [PRECOMPILED set] PUBLIC deps... PRIVATE deps...): the library dkv_NAME of one folder.
# A folder with headers only becomes an interface library; a main.cpp belongs to a program.
function(dkv_module name)
  cmake_parse_arguments(ARG "" "DIRECTORY;PRECOMPILED" "PUBLIC;PRIVATE" ${ARGN})
  if(NOT ARG_DIRECTORY)
    set(ARG_DIRECTORY engine/${name})
  endif()
  if(NOT ARG_PRECOMPILED)
    set(ARG_PRECOMPILED plain)
  endif()
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_DIRECTORY}/*.cpp)
  list(FILTER files EXCLUDE REGEX "/main\\.cpp$")
  if(files)
    add_library(dkv_${name} STATIC ${files})
    target_include_directories(dkv_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(dkv_${name} PUBLIC ${ARG_PUBLIC} PRIVATE dkv_flags ${ARG_PRIVATE})
    dkv_precompile(dkv_${name} ${ARG_PRECOMPILED})
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
