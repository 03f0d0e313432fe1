#include "common/wire/topic_name.h"

#include <algorithm>
#include <cstddef>

namespace hailstorm::wire {
namespace {

constexpr size_t kMaxTopicNameBytes = 249;

bool is_topic_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

bool is_topic_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > kMaxTopicNameBytes || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), is_topic_character);
}

bool is_internal_topic(std::string_view name) noexcept { return name.starts_with("__"); }

}  // namespace hailstorm::wire
