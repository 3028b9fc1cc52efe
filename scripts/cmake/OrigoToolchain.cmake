# Compiler, linker and cache settings that hold for every target.

find_program(ORIGO_CCACHE ccache)
if(ORIGO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ORIGO_CCACHE})
endif()

find_program(ORIGO_MOLD mold)
if(ORIGO_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# A development build is optimised a little: the tests run far faster and still debug well.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 ${ORIGO_DEBUG_INFO}")
set(CMAKE_CXX_FLAGS_RELEASE "-O3")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # Every x86-64 server since 2009 has this level, so a release binary can be copied between machines.
  string(APPEND CMAKE_CXX_FLAGS_RELEASE " -march=x86-64-v2")
endif()

if(ORIGO_SANITIZE)
  add_compile_options(-fsanitize=${ORIGO_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ORIGO_SANITIZE})
  if(ORIGO_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)  # Asio's fences, which come with locks that the sanitizer sees
  endif()
  if(ORIGO_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

# Warnings for our own code; generated code does not link this.
add_library(origo_warnings INTERFACE)
target_compile_options(origo_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum)
# A designated initialiser that leaves out members with defaults is our plain style.
target_compile_options(origo_warnings INTERFACE -Wno-missing-field-initializers)
