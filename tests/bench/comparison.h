#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace hailstorm::testing {

inline constexpr const char* kOurName = "hailstorm";

enum class ResultsErrc { unreadable };
[[nodiscard]] std::string_view name_of(ResultsErrc code);

/// The JSON lines of a file, as log_bench and its peers print them; lines that begin otherwise are
/// passed over.
[[nodiscard]] Result<std::vector<nlohmann::ordered_json>> read_results(const std::string& file);

[[nodiscard]] bool has_ours(const std::vector<nlohmann::ordered_json>& lines);

/// A Markdown table: for each figure the median of every broker's runs, and ours as a multiple of
/// the one that it is compared with.
[[nodiscard]] std::string comparison_table(const std::vector<nlohmann::ordered_json>& lines);

}  // namespace hailstorm::testing
