#pragma once

#include <cstddef>
#include <string>

namespace hailstorm::lab {

/// "no", "one", … "twelve", then digits: a small count for a sentence. Safe from any thread.
[[nodiscard]] std::string count_word(size_t count);

}  // namespace hailstorm::lab
