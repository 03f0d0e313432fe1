#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

/// What `hail dump` says of a segment, in the words of Kafka's DumpLogSegments.
namespace hailstorm::testing {

/// The batches as `hail dump --json` shows them; fails the test where it finds damage.
[[nodiscard]] nlohmann::json hail_dump(const std::filesystem::path& log);

/// The lines of DumpLogSegments before the batches of a file that was named so to it.
[[nodiscard]] std::vector<std::string> file_lines(const std::filesystem::path& log,
                                                  const std::string& name);
/// Its line for a batch of which `hail dump` says this.
[[nodiscard]] std::string batch_line(const nlohmann::json& batch);

/// Fails the test at the first line that differs.
void expect_same_lines(const std::vector<std::string>& got,
                       const std::vector<std::string>& expected);

[[nodiscard]] std::string hex(const std::string& bytes);
[[nodiscard]] nlohmann::json hex_or_null(const std::optional<std::string>& bytes);
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace hailstorm::testing
