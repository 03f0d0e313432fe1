#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::city {

/// The fields of one line, RFC 4180: quoted where the file's author liked, a doubled quote within
/// quotes is one. A carriage return at the end is none of the fields.
[[nodiscard]] std::vector<std::string> split_csv(std::string_view line);

/// "2014/4/1 00:11:00" or "4/1/2014 0:11:00", as UTC, in the years 1970 to 2100;
/// nothing: neither.
[[nodiscard]] std::optional<int64_t> parse_pickup_time(std::string_view text);

/// The whole text as a finite number.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// A field as a message may show it: on any terminal, in any JSON, never long.
[[nodiscard]] std::string shown(std::string_view field);

}  // namespace hailstorm::city
