# Language, warnings, sanitizers, linker and output folders, for every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()

# The training plugin and the core library lie beside the executable, where it looks for them.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

find_program(TELEGRAD_CCACHE ccache)
if(TELEGRAD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${TELEGRAD_CCACHE}")
  set(CMAKE_CUDA_COMPILER_LAUNCHER "${TELEGRAD_CCACHE}")
endif()

find_program(TELEGRAD_MOLD mold)
if(TELEGRAD_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
  add_link_options(-fuse-ld=mold)
endif()
# The wheels' libraries name others that only they need.
add_link_options(LINKER:--allow-shlib-undefined)

add_library(telegrad_options INTERFACE)
target_include_directories(telegrad_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(telegrad_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual>
  # g++ 12 warns falsely of std::string's operator+ (GCC bug 105651).
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${TELEGRAD_WERROR}>>:-Werror>)
if(TELEGRAD_SANITIZE)
  # vptr needs type information for every class that ns-3 and LibTorch hand out, and their builds are not instrumented.
  add_compile_options(-fsanitize=${TELEGRAD_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer
    -Wno-maybe-uninitialized) # false alarms in instrumented standard headers
  add_link_options(-fsanitize=${TELEGRAD_SANITIZE})
endif()
