#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/json/json.h"

namespace hailstorm::json {

/// Whether the value is of the kind of `into` and fits; only then is `into` set. A double takes
/// every number.
[[nodiscard]] bool read(const Value& value, bool& into);
[[nodiscard]] bool read(const Value& value, int32_t& into);
[[nodiscard]] bool read(const Value& value, int64_t& into);
[[nodiscard]] bool read(const Value& value, uint64_t& into);
[[nodiscard]] bool read(const Value& value, double& into);
[[nodiscard]] bool read(const Value& value, std::string& into);
[[nodiscard]] bool read(const Value& value, std::vector<std::string>& into);
template <class T>
[[nodiscard]] bool read(const Value& value, std::optional<T>& into) {
  T held{};
  if (!read(value, held)) return false;
  into = std::move(held);
  return true;
}

/// Reads members of one object into variables up to the first that cannot be read, and notes which
/// that is. Its variable and all after it stay as they were.
///
/// Thread safety: not safe. REQUIRES: the object remains live.
class MemberReader {
 public:
  explicit MemberReader(const Value& object) : object_(object) {
    if (object.members() == nullptr) problem_ = "it is no object";
  }

  template <class T>
  MemberReader& required(std::string_view name, T& into) {
    const Value* value = object_.find(name);
    if (ok() && (value == nullptr || !read(*value, into))) note(name);
    return *this;
  }
  /// The member may be missing, but not of another kind.
  template <class T>
  MemberReader& optional(std::string_view name, T& into) {
    const Value* value = object_.find(name);
    if (ok() && value != nullptr && !read(*value, into)) note(name);
    return *this;
  }

  [[nodiscard]] bool ok() const { return problem_.empty(); }
  /// Errors: bad_member, with the first one's name.
  [[nodiscard]] Status status() const;

 private:
  void note(std::string_view name);

  const Value& object_;
  std::string problem_;
};

}  // namespace hailstorm::json
