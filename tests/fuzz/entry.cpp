#include "tests/fuzz/targets.h"

/// HAILSTORM_FUZZ_TARGET is the target's function.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hailstorm::fuzz::HAILSTORM_FUZZ_TARGET({data, size});
  return 0;
}
