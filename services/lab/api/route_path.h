#pragma once

#include <string>
#include <string_view>

namespace hailstorm::lab {

/// A path as OpenAPI writes it, "/api/faults/{id}", as the regular expression of the server's
/// router: each name in braces captures one part of the path. Pure function: safe from any thread.
[[nodiscard]] std::string pattern_of(std::string_view path);

}  // namespace hailstorm::lab
