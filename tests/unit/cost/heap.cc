#include "tests/unit/cost/heap.h"

#include <malloc.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

// The allocator of glibc under its own names, so that the public ones can be counted here.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace origo {
namespace {

constinit thread_local Heap heap;

void* counted(void* memory) {
  if (memory == nullptr) return nullptr;
  ++heap.allocations;
  heap.bytes += static_cast<std::int64_t>(malloc_usable_size(memory));
  return memory;
}

void forget(void* memory) {
  if (memory != nullptr) heap.bytes -= static_cast<std::int64_t>(malloc_usable_size(memory));
}

}  // namespace

Heap heap_now() {
  return heap;
}

}  // namespace origo

extern "C" {

void* malloc(std::size_t size) noexcept {
  return origo::counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  return origo::counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) noexcept {
  origo::forget(memory);
  return origo::counted(__libc_realloc(memory, size));
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return origo::counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

void free(void* memory) noexcept {
  origo::forget(memory);
  __libc_free(memory);
}

}  // extern "C"
