#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/base/bytes.h"
#include "common/kafka/message.h"

namespace hailstorm::twin {

/// The fields of one message as text, by their paths: "Topics.rides.Partitions.0.ErrorCode". An
/// element of an array is named by its name, key or id where it has one, else by its index;
/// that it is there is a field, too: "Topics.rides.". So is what follows the message.
using Values = std::map<std::string, std::string>;

/// Read from the bytes by the tables of the messages alone. Nothing: they are no such message.
[[nodiscard]] std::optional<Values> values_of(Bytes body, const kafka::MessageType& type,
                                              int16_t version);

}  // namespace hailstorm::twin
