#pragma once

#include <cstdint>
#include <string_view>

#include "common/kafka/field.h"
#include "common/kafka/field_value.h"

/// How the tables of the messages are written down: each field from a pointer to its member.
namespace hailstorm::kafka {
namespace fields {

template <class Member>
struct MemberTraits;
template <class S, class V>
struct MemberTraits<V S::*> {
  using Structure = S;
  using Value = V;
};
template <auto Member>
using StructureOf = typename MemberTraits<decltype(Member)>::Structure;
template <auto Member>
using ValueOf = typename MemberTraits<decltype(Member)>::Value;

template <auto Member>
void read_member(MessageReader& from, void* structure, bool may_be_null) {
  read_value(from, static_cast<StructureOf<Member>*>(structure)->*Member, may_be_null);
}

template <auto Member>
void write_member(MessageWriter& to, const void* structure, bool may_be_null) {
  write_value(to, static_cast<const StructureOf<Member>*>(structure)->*Member, may_be_null);
}

template <auto Member>
bool has_default(const void* structure) {
  using S = StructureOf<Member>;
  const auto& value = static_cast<const S*>(structure)->*Member;
  if constexpr (kIsVector<ValueOf<Member>>)
    return value.empty();
  else
    return value == static_cast<const S*>(default_value<S>())->*Member;
}

}  // namespace fields

/// A field in its place: field<&Topic::name>("Name", {.since = 10}).
template <auto Member>
constexpr Field field(std::string_view name, FieldVersions versions = {}) {
  return {.name = name,
          .type = type_of_value<fields::ValueOf<Member>>(),
          .versions = versions,
          .tag = kNoTag,
          .read = &fields::read_member<Member>,
          .write = &fields::write_member<Member>,
          .is_default = nullptr};
}

/// A tagged field, which is left out where it has its default.
template <auto Member>
constexpr Field tagged_field(std::string_view name, int16_t tag, FieldVersions versions = {}) {
  Field made = field<Member>(name, versions);
  made.tag = tag;
  made.is_default = &fields::has_default<Member>;
  return made;
}

}  // namespace hailstorm::kafka
