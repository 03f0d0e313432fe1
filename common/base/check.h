#pragma once

namespace hailstorm {

/// Prints what did not hold and where, then aborts. Never returns.
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace hailstorm

/// An assertion about this program's own code, active in every build. Never for what a user or a
/// peer sent.
#define HAIL_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::hailstorm::check_failed(#condition, __FILE__, __LINE__))
