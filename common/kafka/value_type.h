#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/field.h"

/// The type of a field, from that of the C++ member that holds it.
namespace hailstorm::kafka {

template <class T>
concept Structure = requires {
  { T::fields() } -> std::same_as<Fields>;
};

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;

/// Types that begin with a length, which may say that the value is null.
template <class T>
concept Sized = std::is_same_v<T, std::string> || std::is_same_v<T, Opaque> ||
    std::is_same_v<T, Records> || kIsVector<T>;

template <Structure T>
const void* default_value() {
  static const T kDefault{};
  return &kDefault;
}

template <class T>
constexpr FieldKind kind_of_value() {
  if constexpr (std::is_same_v<T, bool>)
    return FieldKind::boolean;
  else if constexpr (std::is_same_v<T, int8_t>)
    return FieldKind::int8;
  else if constexpr (std::is_same_v<T, int16_t>)
    return FieldKind::int16;
  else if constexpr (std::is_same_v<T, int32_t>)
    return FieldKind::int32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return FieldKind::int64;
  else if constexpr (std::is_same_v<T, double>)
    return FieldKind::float64;
  else if constexpr (std::is_same_v<T, Uuid>)
    return FieldKind::uuid;
  else if constexpr (std::is_same_v<T, std::string>)
    return FieldKind::string;
  else if constexpr (std::is_same_v<T, Opaque>)
    return FieldKind::bytes;
  else if constexpr (std::is_same_v<T, Records>)
    return FieldKind::records;
}

template <class T>
constexpr FieldType type_of_value() {
  if constexpr (kIsOptional<T>) {
    FieldType type = type_of_value<typename T::value_type>();
    type.is_nullable = true;
    return type;
  } else if constexpr (kIsVector<T>) {
    FieldType type = type_of_value<typename T::value_type>();
    type.is_array = true;
    return type;
  } else if constexpr (Structure<T>) {
    return {.kind = FieldKind::structure, .fields = &T::fields, .default_value = &default_value<T>};
  } else {
    return {.kind = kind_of_value<T>()};
  }
}

}  // namespace hailstorm::kafka
