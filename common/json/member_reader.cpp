#include "common/json/member_reader.h"

#include <fmt/format.h>

namespace hailstorm::json {
namespace {

/// Sets `into` where there is a value.
template <class From, class To>
bool assign(const From& from, To& into) {
  if (!from) return false;
  into = *from;
  return true;
}

}  // namespace

bool read(const Value& value, bool& into) { return assign(value.boolean(), into); }
bool read(const Value& value, int64_t& into) { return assign(value.integer(), into); }
bool read(const Value& value, double& into) { return assign(value.number(), into); }
bool read(const Value& value, std::string& into) { return assign(value.text(), into); }

bool read(const Value& value, int32_t& into) {
  const auto whole = value.integer();
  if (!whole || !std::in_range<int32_t>(*whole)) return false;
  into = static_cast<int32_t>(*whole);
  return true;
}

bool read(const Value& value, uint64_t& into) {
  if (const auto* natural = std::get_if<uint64_t>(&value.data())) return assign(natural, into);
  const auto whole = value.integer();
  if (!whole || *whole < 0) return false;
  into = static_cast<uint64_t>(*whole);
  return true;
}

bool read(const Value& value, std::vector<std::string>& into) {
  const auto* elements = value.elements();
  if (elements == nullptr) return false;
  std::vector<std::string> texts(elements->size());
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!read((*elements)[i], texts[i])) return false;
  }
  into = std::move(texts);
  return true;
}

Status MemberReader::status() const {
  if (ok()) return {};
  return Error(JsonErrc::bad_member, problem_);
}

void MemberReader::note(std::string_view name) {
  problem_ = fmt::format("'{}' is missing or of another kind", name);
}

}  // namespace hailstorm::json
