#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/wire/messages.h"

namespace hailstorm::broker {

using wire::ErrorCode;

/// The number as Kafka's clients know it: our own codes have the nearest one of Kafka's.
[[nodiscard]] int16_t kafka_error(ErrorCode code);
/// The same in a response about groups, where clients look for the coordinator again.
[[nodiscard]] int16_t kafka_group_error(const wire::Outcome& outcome);
/// Nothing: it went well.
[[nodiscard]] std::optional<std::string> kafka_message(const wire::Outcome& outcome);
/// A text that Kafka has as null where there is none.
[[nodiscard]] std::optional<std::string> none_if_empty(const std::string& text);

}  // namespace hailstorm::broker
