#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace hailstorm {

template <class Signature>
class UniqueFunction;

/// A callable that is moved and never copied, so that it may hold what cannot be copied. Up to
/// kInlineBytes are kept in place, without an allocation.
///
/// Thread safety: as that of the callable.
template <class R, class... Args>
class UniqueFunction<R(Args...)> {
 public:
  static constexpr size_t kInlineBytes = 64;

  UniqueFunction() = default;
  UniqueFunction(std::nullptr_t) {}  // NOLINT: as std::function
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, UniqueFunction> &&
           std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
      UniqueFunction(F&& callable) {  // NOLINT: as std::function
    using Callable = std::decay_t<F>;
    if constexpr (fits<Callable>()) {
      ::new (static_cast<void*>(place_)) Callable(std::forward<F>(callable));
      operations_ = &kInline<Callable>;
    } else {
      using Holder = std::unique_ptr<Callable>;
      ::new (static_cast<void*>(place_)) Holder(new Callable(std::forward<F>(callable)));
      operations_ = &kOnHeap<Callable>;
    }
  }
  UniqueFunction(UniqueFunction&& other) noexcept { take(other); }
  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this == &other) return *this;
    reset();
    take(other);
    return *this;
  }
  ~UniqueFunction() { reset(); }

  explicit operator bool() const noexcept { return operations_ != nullptr; }
  /// REQUIRES: it holds a callable.
  R operator()(Args... args) { return operations_->call(place_, std::forward<Args>(args)...); }

 private:
  struct Operations {
    R (*call)(void* at, Args&&... args);
    void (*move)(void* from, void* to) noexcept;  // and ends what is at `from`
    void (*destroy)(void* at) noexcept;
  };

  template <class Callable>
  static constexpr bool fits() {
    return sizeof(Callable) <= kInlineBytes && alignof(Callable) <= alignof(std::max_align_t) &&
           std::is_nothrow_move_constructible_v<Callable>;
  }
  template <class T>
  static T& at(void* place) {
    return *std::launder(static_cast<T*>(place));
  }
  template <class T>
  static void move_to(void* from, void* to) noexcept {
    ::new (to) T(std::move(at<T>(from)));
    at<T>(from).~T();
  }
  template <class T>
  static void destroy_at(void* place) noexcept {
    at<T>(place).~T();
  }
  template <class Callable>
  static constexpr Operations kInline{[](void* place, Args&&... args) -> R {
                                        return at<Callable>(place)(std::forward<Args>(args)...);
                                      },
                                      &move_to<Callable>, &destroy_at<Callable>};
  template <class Callable>
  static constexpr Operations kOnHeap{
      [](void* place, Args&&... args) -> R {
        return (*at<std::unique_ptr<Callable>>(place))(std::forward<Args>(args)...);
      },
      &move_to<std::unique_ptr<Callable>>, &destroy_at<std::unique_ptr<Callable>>};

  void take(UniqueFunction& other) noexcept {
    operations_ = std::exchange(other.operations_, nullptr);
    if (operations_ != nullptr) operations_->move(other.place_, place_);
  }
  void reset() noexcept {
    const Operations* const operations = std::exchange(operations_, nullptr);
    if (operations != nullptr) operations->destroy(place_);
  }

  alignas(std::max_align_t) std::byte place_[kInlineBytes];
  const Operations* operations_ = nullptr;
};

}  // namespace hailstorm
