#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/kafka/message.h"

/// The fields of one message in one version, a line each: path, type, what may be null, tag and
/// default. Once from our tables, once from Kafka's JSON, so that a difference is a line of text.
namespace hailstorm::testing {

[[nodiscard]] std::vector<std::string> lines_of_table(kafka::Fields fields, const void* defaults,
                                                      int16_t version);
[[nodiscard]] std::vector<std::string> lines_of_schema(const nlohmann::json& message,
                                                       int16_t version);

/// A file of Kafka's: JSON with comments.
[[nodiscard]] nlohmann::json read_schema(const std::filesystem::path& file);

/// Kafka's notation: "3", "0-7", "9+" or "none".
[[nodiscard]] bool is_in(const std::string& versions, int16_t version);

}  // namespace hailstorm::testing
