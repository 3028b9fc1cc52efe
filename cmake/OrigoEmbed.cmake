# Builds the files of a folder into a program: run at build time as
#   cmake -DFOLDER=... -DOUTPUT=x.cc -P OrigoEmbed.cmake
# The output defines origo::gateway::page_assets() of gateway/feed/assets.h.
function(content_type_of file out)
  set(html "text/html; charset=utf-8")
  set(js "text/javascript; charset=utf-8")
  set(css "text/css; charset=utf-8")
  set(svg "image/svg+xml")
  get_filename_component(extension ${file} LAST_EXT)
  string(SUBSTRING ${extension} 1 -1 extension)
  if(NOT DEFINED ${extension})
    message(FATAL_ERROR "${file}: unknown type of page file")
  endif()
  set(${out} "${${extension}}" PARENT_SCOPE)
endfunction()

file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
set(contents "")
set(entries "")
set(index 0)
foreach(file IN LISTS files)
  file(READ ${FOLDER}/${file} hex HEX)
  file(SHA256 ${FOLDER}/${file} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  content_type_of(${file} type)
  string(APPEND contents "constexpr unsigned char kFile${index}[] = {${bytes}};\n")
  string(APPEND entries
    "      {\"${file}\", \"${type}\", text_of(kFile${index}), \"\\\"${hash}\\\"\"},\n")
  math(EXPR index "${index} + 1")
endforeach()

file(WRITE ${OUTPUT} "// Generated from the page's files.
#include \"gateway/feed/assets.h\"

#include <array>
#include <cstddef>

namespace origo::gateway {
namespace {

${contents}
template <std::size_t size>
std::string_view text_of(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::span<const Asset> page_assets() {
  static const std::array<Asset, ${index}> assets{{
${entries}  }};
  return assets;
}

}  // namespace origo::gateway
")
