#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace hailstorm {

template <class Signature>
class UniqueFunction;

/// A callable that is moved and never copied, so that it may hold what cannot be copied (C++23:
/// std::move_only_function).
///
/// Thread safety: as that of the callable.
template <class R, class... Args>
class UniqueFunction<R(Args...)> {
 public:
  UniqueFunction() = default;
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, UniqueFunction> &&
           std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
      UniqueFunction(F&& callable)  // NOLINT: as std::function
      : callable_(std::make_unique<Held<std::decay_t<F>>>(std::forward<F>(callable))) {}

  explicit operator bool() const noexcept { return callable_ != nullptr; }
  /// REQUIRES: it holds a callable.
  R operator()(Args... args) { return callable_->call(std::forward<Args>(args)...); }

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual R call(Args&&... args) = 0;
  };
  template <class F>
  struct Held final : Callable {
    explicit Held(F callable) : f(std::move(callable)) {}
    R call(Args&&... args) override { return f(std::forward<Args>(args)...); }
    F f;
  };
  std::unique_ptr<Callable> callable_;
};

}  // namespace hailstorm
