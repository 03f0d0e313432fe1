#include "common/json/json.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/enum_name.h"

namespace hailstorm::json {

std::string_view name_of(JsonErrc code) { return enum_name(code); }

Value::Value() = default;
Value::Value(double value) : data_(value) {}
Value::Value(std::string text) : data_(std::move(text)) {}
Value::Value(std::string_view text) : data_(std::string(text)) {}
Value::Value(const char* text) : data_(std::string(text)) {}
Value::Value(const std::vector<std::string>& texts) : data_(Array(texts.begin(), texts.end())) {}
Value::Value(std::initializer_list<Member> members) : data_(Object(members)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value Value::array() {
  Value value;
  value.data_ = Array();
  return value;
}

Value Value::object() { return Value(std::initializer_list<Member>()); }

std::optional<bool> Value::boolean() const {
  const auto* value = std::get_if<bool>(&data_);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<double> Value::number() const {
  if (const auto* real = std::get_if<double>(&data_)) return *real;
  if (const auto* natural = std::get_if<uint64_t>(&data_)) return static_cast<double>(*natural);
  if (const auto* whole = std::get_if<int64_t>(&data_)) return static_cast<double>(*whole);
  return std::nullopt;
}

std::optional<int64_t> Value::integer() const {
  if (const auto* whole = std::get_if<int64_t>(&data_)) return *whole;
  const auto* natural = std::get_if<uint64_t>(&data_);
  if (natural == nullptr || !std::in_range<int64_t>(*natural)) return std::nullopt;
  return static_cast<int64_t>(*natural);
}

const std::string* Value::text() const { return std::get_if<std::string>(&data_); }
const Value::Array* Value::elements() const { return std::get_if<Array>(&data_); }
const Value::Object* Value::members() const { return std::get_if<Object>(&data_); }

const Value* Value::find(std::string_view name) const {
  const auto* object = members();
  if (object == nullptr) return nullptr;
  const auto found = std::find_if(object->rbegin(), object->rend(),
                                  [name](const Member& one) { return one.name == name; });
  return found == object->rend() ? nullptr : &found->value;
}

Value& Value::push_back(Value element) {
  auto* array = std::get_if<Array>(&data_);
  HAIL_CHECK(array != nullptr);
  return array->emplace_back(std::move(element));
}

Value& Value::add(std::string name, Value value) {
  auto* object = std::get_if<Object>(&data_);
  HAIL_CHECK(object != nullptr);
  object->push_back(Member{std::move(name), std::move(value)});
  return object->back().value;
}

Value& Value::set(std::string_view name, Value value) {
  auto* object = std::get_if<Object>(&data_);
  HAIL_CHECK(object != nullptr);
  const auto found = std::find_if(object->begin(), object->end(),
                                  [name](const Member& one) { return one.name == name; });
  if (found == object->end()) return add(std::string(name), std::move(value));
  return found->value = std::move(value);
}

}  // namespace hailstorm::json
