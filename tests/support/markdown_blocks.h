#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::testing {

/// A fenced code block of a Markdown page.
struct CodeBlock {
  std::string language;  // what follows the opening fence
  std::string text;      // all lines between the fences
};

/// The code blocks of the section under `heading` ("## Add a service"), in order, up to the next
/// heading of the same or a higher level. Empty where there is no such section. Safe from any
/// thread.
[[nodiscard]] std::vector<CodeBlock> code_blocks_under(std::string_view heading,
                                                       const std::string& markdown);

}  // namespace hailstorm::testing
