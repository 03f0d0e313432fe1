#pragma once

#include <string_view>

namespace hailstorm::wire {

/// What is_topic_name() asks for, in words.
inline constexpr std::string_view kTopicNameRule =
    "a topic's name is 1 to 249 of letters, digits, '.', '_' and '-', not '.' or '..'";

/// The broker takes no topic of another name.
[[nodiscard]] bool is_topic_name(std::string_view name) noexcept;

/// A name that begins with "__" is the broker's own: nobody else makes or writes such a topic.
[[nodiscard]] bool is_internal_topic(std::string_view name) noexcept;

}  // namespace hailstorm::wire
