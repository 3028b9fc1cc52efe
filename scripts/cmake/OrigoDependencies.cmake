# Everything here is a package of Debian 12; scripts/deps installs them.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG)  # headers only

if(NOT ORIGO_ENGINE_ONLY)
  find_package(Protobuf REQUIRED)  # the module: 3.21 ships no config, and gRPC's config needs it first
  if(ORIGO_GRPC)
    find_package(gRPC CONFIG REQUIRED)
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(pangocairo REQUIRED IMPORTED_TARGET pangocairo)
    pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
  endif()
  find_package(RocksDB CONFIG REQUIRED)
  find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
  find_package(spdlog CONFIG REQUIRED)
  find_package(tomlplusplus CONFIG REQUIRED)
  find_package(absl CONFIG REQUIRED)
  find_package(prometheus-cpp CONFIG REQUIRED)
  find_package(benchmark CONFIG QUIET)
  find_package(CLI11 CONFIG REQUIRED)
  find_path(ORIGO_JSON_INCLUDE nlohmann/json.hpp REQUIRED)
  find_path(ORIGO_XXHASH_INCLUDE xxhash.h REQUIRED)
endif()

if(ORIGO_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(rapidcheck CONFIG REQUIRED)
  include(GoogleTest)
endif()
