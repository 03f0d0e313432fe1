#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "common/base/check.h"
#include "common/base/error.h"

namespace hailstorm {

/// A T, or the Error for which there is none. Reading the side that is not there aborts.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  /// Not of Result<bool>, where it would read as the value.
  explicit operator bool() const noexcept requires(!std::is_same_v<T, bool>) { return ok(); }

  T& value() & {
    HAIL_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    HAIL_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  /// By value, so that what is found inside of a temporary outlives it.
  T value() && {
    HAIL_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    HAIL_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    HAIL_CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  const Error& error() const& {
    HAIL_CHECK(!ok());
    return *error_;
  }
  Error&& error() && {
    HAIL_CHECK(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace hailstorm

#define HAIL_CONCAT_INNER(a, b) a##b
#define HAIL_CONCAT(a, b) HAIL_CONCAT_INNER(a, b)

/// Returns the error of `expression` (a Status or Result) from the calling function, if there is
/// one.
#define HAIL_RETURN_IF_ERROR(expression)                                                           \
  do {                                                                                             \
    if (auto hail_status = (expression); !hail_status.ok()) return std::move(hail_status).error(); \
  } while (false)

/// HAIL_ASSIGN_OR_RETURN(auto x, expression): x is the expression's value, or the calling function
/// returns its error.
#define HAIL_ASSIGN_OR_RETURN(target, expression) \
  HAIL_ASSIGN_OR_RETURN_INNER(HAIL_CONCAT(hail_result_, __LINE__), target, expression)
#define HAIL_ASSIGN_OR_RETURN_INNER(result, target, expression) \
  auto result = (expression);                                   \
  if (!result.ok()) return std::move(result).error();           \
  target = std::move(result).value()
