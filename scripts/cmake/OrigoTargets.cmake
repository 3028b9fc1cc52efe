# Helpers that turn a folder into a target. Sources are found by pattern and re-checked at every
# build (CONFIGURE_DEPENDS), so adding a file needs no edit here. A target whose folder is still
# empty is skipped; a library then exists as an INTERFACE target, so that others can name it.

# Finds the C++ sources below FOLDER into OUT, leaving out those whose path starts with an EXCLUDE.
function(origo_sources out folder)
  cmake_parse_arguments(arg "" "" "EXCLUDE" ${ARGN})
  cmake_path(ABSOLUTE_PATH folder NORMALIZE OUTPUT_VARIABLE root)
  string(REGEX REPLACE "/$" "" root ${root})
  file(GLOB_RECURSE found CONFIGURE_DEPENDS ${root}/*.cc)
  foreach(excluded IN LISTS arg_EXCLUDE)
    list(FILTER found EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${excluded}")
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# origo_library(NAME SOURCES ... LINK ... PRIVATE_LINK ... HEADERS folder ...)
# The headers below HEADERS form a file set: the ci preset compiles each of them alone.
function(origo_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK;HEADERS" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE origo_warnings ${arg_PRIVATE_LINK})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${arg_LINK})
  endif()
  foreach(folder IN LISTS arg_HEADERS)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.h)
    if(headers AND arg_SOURCES)
      target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${headers})
    endif()
  endforeach()
endfunction()

# origo_program(NAME SOURCES ... LINK ...): skipped while there are no sources.
function(origo_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  if(NOT arg_SOURCES)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE origo_warnings ${arg_LINK})
endfunction()

# origo_tests(NAME FOLDER ... LABEL ... TIMEOUT ... COST ... LINK ... EXCLUDE ... SANITIZE address|thread ...)
# Links every *.cc below FOLDER into one GoogleTest program; each test is a ctest of its own.
# SANITIZE names the sanitizers under which scripts/test runs it: the preset of that sanitizer builds
# the target address_tests or thread_tests and runs the label of the same name.
function(origo_tests name)
  cmake_parse_arguments(arg "" "FOLDER;LABEL;TIMEOUT;COST" "LINK;EXCLUDE;SANITIZE" ${ARGN})
  origo_sources(sources ${arg_FOLDER} EXCLUDE ${arg_EXCLUDE})
  if(NOT sources)
    return()
  endif()
  origo_program(${name} SOURCES ${sources} LINK ${arg_LINK} origo_test_support GTest::gmock_main)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(NOT arg_COST)
    set(arg_COST 0)
  endif()
  set(labels ${arg_LABEL})
  foreach(sanitizer IN LISTS arg_SANITIZE)
    add_dependencies(${sanitizer}_tests ${name})
    list(APPEND labels ${sanitizer}_tests)
  endforeach()
  gtest_discover_tests(${name}
    TEST_PREFIX "${name}/"
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DISCOVERY_TIMEOUT 120
    NO_PRETTY_VALUES  # names stay short, and hold no addresses
    PROPERTIES TIMEOUT ${arg_TIMEOUT} COST ${arg_COST})
  # A list of labels does not survive gtest_discover_tests, so ctest sets it after reading the tests.
  set(labels_file ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
  file(CONFIGURE OUTPUT ${labels_file} @ONLY CONTENT [[
foreach(test IN LISTS @name@_TESTS)
  set_tests_properties("${test}" PROPERTIES LABELS "@labels@")
endforeach()
]])
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels_file})
endfunction()
