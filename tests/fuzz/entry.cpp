#include "common/base/logging.h"
#include "tests/fuzz/targets.h"

/// HAILSTORM_FUZZ_TARGET is the target's function.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // What is refused is said in the log, which would cost more than the refusal.
  static const bool quiet = (hailstorm::init_logging("fuzz", hailstorm::LogLevel::error), true);
  (void)quiet;
  hailstorm::fuzz::HAILSTORM_FUZZ_TARGET({data, size});
  return 0;
}
