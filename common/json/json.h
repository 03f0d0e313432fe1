#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/result.h"

/// JSON documents as values: built member by member, written as text, parsed from text. The library
/// that knows JSON's grammar is included by one file of this folder only, because its header costs
/// seconds in each file that includes it. Nothing here throws.
namespace hailstorm::json {

enum class JsonErrc { not_json, too_deep, too_large, bad_member };
std::string_view name_of(JsonErrc code);

struct Member;

/// One JSON value. An object keeps its members in the order in which they were added.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;
  using Data =
      std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Array, Object>;

  Value();  // null
  template <std::integral T>
  Value(T value) : data_(std::in_place_type<Held<T>>, value) {}  // NOLINT: implicit
  Value(double value);                                           // NOLINT: implicit
  Value(std::string text);                                       // NOLINT: implicit
  Value(std::string_view text);                                  // NOLINT: implicit
  Value(const char* text);                                       // NOLINT: implicit
  Value(const std::vector<std::string>& texts);                  // NOLINT: implicit
  Value(std::initializer_list<Member> members);                  // an object
  /// Null where there is none.
  template <class T>
  Value(const std::optional<T>& value)
      : Value(value ? Value(*value) : Value()) {}  // NOLINT: implicit
  [[nodiscard]] static Value array();
  [[nodiscard]] static Value object();

  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  /// Nothing where the value is of another kind.
  [[nodiscard]] std::optional<bool> boolean() const;
  [[nodiscard]] std::optional<double> number() const;
  /// Nothing, too, for a number with a fraction or beyond int64_t.
  [[nodiscard]] std::optional<int64_t> integer() const;
  [[nodiscard]] const std::string* text() const;
  [[nodiscard]] const Array* elements() const;
  [[nodiscard]] const Object* members() const;
  /// Null where this is no object or has no member of that name. A text may name a member twice:
  /// the last one counts.
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] const Data& data() const { return data_; }

  /// Adds an element. REQUIRES: an array. The reference holds until the next is added.
  Value& push_back(Value element);
  /// Adds a member, without a search for another of that name. REQUIRES: an object.
  Value& add(std::string name, Value value);
  /// Adds a member, or replaces the one of that name where it stands. REQUIRES: an object.
  Value& set(std::string_view name, Value value);

 private:
  template <class T>
  using Held = std::conditional_t<std::same_as<T, bool>, bool,
                                  std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>;
  Data data_;
};

struct Member {
  std::string name;
  Value value;
};

/// On one line without spaces, or in lines with an indent of two spaces a level.
enum class Layout { one_line, indented };

/// The text of a value. Bytes that are no UTF-8 are written as U+FFFD, unprintable characters as
/// \uNNNN (the same to a program, harmless to a terminal), numbers that are not finite as null.
[[nodiscard]] std::string to_text(const Value& value, Layout layout = Layout::one_line);
/// The same with the members of every object sorted by name.
[[nodiscard]] std::string to_sorted_text(const Value& value, Layout layout = Layout::one_line);

inline constexpr size_t kMaxDepth = 64;  // arrays and objects inside each other
inline constexpr size_t kMaxTextBytes = 16 << 20;

/// Errors: not_json, with the line and column; too_deep beyond kMaxDepth; too_large.
[[nodiscard]] Result<Value> parse(std::string_view text, size_t max_bytes = kMaxTextBytes);

/// Whether the text is one JSON value, however deep and large.
[[nodiscard]] bool is_json(std::string_view text);

}  // namespace hailstorm::json
