#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hailstorm {

/// One failure: a value of the small error enum of the layer where it arose, and a sentence for
/// people that says what happened, where, and what to do.
///
/// An error enum is any enum class with a function `std::string_view name_of(E)` beside it.
/// Thread safety: a value; distinct objects may be used from distinct threads.
class Error {
 public:
  template <class E>
  requires std::is_enum_v<E> Error(E code, std::string message)
      : layer_(&layer_tag<E>),
        code_(static_cast<int>(code)),
        name_(name_of(code)),
        message_(std::move(message)) {}

  /// True when this error is exactly `code` of its layer.
  template <class E>
  requires std::is_enum_v<E>
  [[nodiscard]] bool is(E code) const noexcept {
    return layer_ == &layer_tag<E> && code_ == static_cast<int>(code);
  }

  /// The code as a value of E, or nothing when the error came from another layer.
  template <class E>
  requires std::is_enum_v<E>
  [[nodiscard]] std::optional<E> as() const noexcept {
    if (layer_ != &layer_tag<E>) return std::nullopt;
    return static_cast<E>(code_);
  }

  /// The code's name, e.g. "not_found". Stable: metrics and logs use it.
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

  /// The errno that it came from; 0: none is known. What may pass by itself is known by it
  /// (shortage.h).
  [[nodiscard]] int cause() const noexcept { return cause_; }
  [[nodiscard]] Error caused_by(int errno_code) && {
    cause_ = errno_code;
    return std::move(*this);
  }

  /// The same error with `context` put before its message: "context: message".
  [[nodiscard]] Error in(std::string_view context) && {
    message_.insert(0, std::string(context) + ": ");
    return std::move(*this);
  }

 private:
  template <class E>
  static constexpr char layer_tag = 0;

  const char* layer_;
  int code_;
  int cause_ = 0;
  std::string_view name_;
  std::string message_;
};

}  // namespace hailstorm
