# Generates C++ from the protocol definitions. The root of imports and of generated includes is
# proto/: a file is imported as "origo/v1/x.proto" and included as "origo/v1/x.pb.h".

set(ORIGO_GENERATED_DIR ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${ORIGO_GENERATED_DIR})

# Puts into OUT the sources that protoc makes of PROTOS; with GRPC, the services instead of the messages.
function(origo_generate out)
  cmake_parse_arguments(arg "GRPC" "" "PROTOS" ${ARGN})
  set(root ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(proto IN LISTS arg_PROTOS)
    file(RELATIVE_PATH relative ${root} ${proto})
    string(REGEX REPLACE "\\.proto$" "" stem ${relative})
    if(arg_GRPC)
      set(stem ${stem}.grpc)
      set(flags --grpc_out=${ORIGO_GENERATED_DIR} --plugin=protoc-gen-grpc=${ORIGO_GRPC_PLUGIN})
    else()
      set(flags --cpp_out=${ORIGO_GENERATED_DIR})
    endif()
    set(generated ${ORIGO_GENERATED_DIR}/${stem}.pb.cc ${ORIGO_GENERATED_DIR}/${stem}.pb.h)
    # All definitions are named as inputs: an import may have changed.
    add_custom_command(
      OUTPUT ${generated}
      COMMAND ${Protobuf_PROTOC_EXECUTABLE} -I ${root} ${flags} ${proto}
      DEPENDS ${ORIGO_PROTOS}
      COMMENT "Generating ${stem}.pb.cc"
      VERBATIM)
    list(APPEND sources ${generated})
  endforeach()
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# A library of generated code: no warnings of ours, little debug information.
function(origo_generated_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} SYSTEM PUBLIC ${ORIGO_GENERATED_DIR})
    target_compile_options(${name} PRIVATE -w -g0)
    target_link_libraries(${name} PUBLIC ${arg_LINK})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} SYSTEM INTERFACE ${ORIGO_GENERATED_DIR})
    target_link_libraries(${name} INTERFACE ${arg_LINK})
  endif()
endfunction()
