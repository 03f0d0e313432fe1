#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::testing {

/// What a strict reader of Prometheus' text format (version 0.0.4) would refuse in a page of
/// metrics, one line each: a line that is no HELP, TYPE or sample, a name or label that is none, an
/// escape that is unknown, a value that is no number, a series or TYPE that is there twice, bytes
/// that are no printable UTF-8. Empty: the page is sound.
[[nodiscard]] std::vector<std::string> problems_of_metrics(std::string_view page);

}  // namespace hailstorm::testing
