# telegrad_library(core SHARED DEPENDS a b PRIVATE c): the library telegrad_core from every .cc below the current folder.
# A folder without sources gives an interface library, so that its dependents still configure.
function(telegrad_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SHARED" "" "DEPENDS;PRIVATE;EXCLUDE;EXTRA_SOURCES")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "*.cc")
  foreach(excluded IN LISTS arg_EXCLUDE)
    list(REMOVE_ITEM sources "${CMAKE_CURRENT_SOURCE_DIR}/${excluded}")
  endforeach()
  set(target telegrad_${name})
  if(NOT sources)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE telegrad_options ${arg_DEPENDS})
    return()
  endif()
  if(arg_SHARED)
    add_library(${target} SHARED ${sources} ${arg_EXTRA_SOURCES})
  else()
    add_library(${target} STATIC ${sources} ${arg_EXTRA_SOURCES})
  endif()
  target_link_libraries(${target} PUBLIC telegrad_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
endfunction()

# telegrad_test(sim_core LABEL unit SOURCES sim/core/*.cc DEPENDS telegrad_core [BY_SUITE] [TIMEOUT s]): the GoogleTest
# program test_sim_core, each of its tests known to ctest under the label. BY_SUITE makes one ctest entry of a suite,
# for programs that are slow to start. A source *_main.cc becomes a program of its own, which the tests may call.
function(telegrad_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "BY_SUITE" "LABEL;TIMEOUT" "SOURCES;DEPENDS")
  file(GLOB sources CONFIGURE_DEPENDS ${arg_SOURCES})
  set(programs ${sources})
  list(FILTER programs INCLUDE REGEX "_main\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_main\\.cc$")
  if(NOT sources)
    return()
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set(target test_${name})
  set(needs_gpu OFF)
  if(TELEGRAD_CUDA AND telegrad_training IN_LIST arg_DEPENDS)
    set(needs_gpu ON)
  endif()
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE ${arg_DEPENDS} telegrad_test_support)
  foreach(program IN LISTS programs)
    get_filename_component(stem "${program}" NAME_WE)
    string(REGEX REPLACE "_main$" "" stem "${stem}")
    add_executable(${stem} "${program}")
    target_link_libraries(${stem} PRIVATE ${arg_DEPENDS})
    add_dependencies(${target} ${stem})
  endforeach()

  set(list_file "${CMAKE_CURRENT_BINARY_DIR}/${target}_list.cmake")
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM BYPRODUCTS "${list_file}"
    COMMAND ${CMAKE_COMMAND} -D "PROGRAM=$<TARGET_FILE:${target}>" -D "OUTPUT=${list_file}" -D "LABEL=${arg_LABEL}"
      -D "TIMEOUT=${arg_TIMEOUT}" -D "BY_SUITE=${arg_BY_SUITE}" -D "NEEDS_GPU=${needs_gpu}"
      -P "${CMAKE_SOURCE_DIR}/cmake/discover_tests.cmake")
  set(include_file "${CMAKE_CURRENT_BINARY_DIR}/${target}_include.cmake")
  file(WRITE "${include_file}" "if(EXISTS \"${list_file}\")\n  include(\"${list_file}\")\n"
    "else()\n  add_test(${target}_is_not_built false)\n  set_tests_properties(${target}_is_not_built PROPERTIES LABELS ${arg_LABEL})\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${include_file}")
endfunction()

# telegrad_pytest(end_to_end LABEL end_to_end FILES tests/end_to_end/test_*.py): one ctest entry per file.
function(telegrad_pytest)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "LABEL;TIMEOUT" "FILES")
  file(GLOB files CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}" ${arg_FILES})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  foreach(file IN LISTS files)
    string(REGEX REPLACE "^tests/|\\.py$" "" name "${file}")
    add_test(NAME "${name}" WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
      COMMAND "${TELEGRAD_PYTHON}" -B -m pytest -q -p no:cacheprovider "${file}")
    set_tests_properties("${name}" PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT} ENVIRONMENT
      "PYTHONPATH=${TELEGRAD_TEST_PACKAGES};TELEGRAD_BINARY=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/telegrad;TELEGRAD_PYTHON=${TELEGRAD_PYTHON};TELEGRAD_SOURCE_DIR=${CMAKE_SOURCE_DIR};TELEGRAD_ANALYSIS_DIR=${CMAKE_SOURCE_DIR}/analysis")
  endforeach()
endfunction()
