#pragma once

#include <string_view>

#include "common/base/result.h"
#include "services/lab/experiments/document/node.h"

/// Documents that people write, read into nodes. Pure functions: safe from any thread. Errors:
/// bad_file, with the line; a text of more than kMaxDocumentBytes is refused.
namespace hailstorm::lab {

[[nodiscard]] Result<Node> read_json(std::string_view text);

/// YAML 1.1 without what a reader could take for something else: anchors, aliases, tags, merges,
/// several documents, and plain words that some readers take for a number, a date or a truth value
/// (on, 0x1F, 1:30, 2026-01-01).
[[nodiscard]] Result<Node> read_yaml(std::string_view text);

}  // namespace hailstorm::lab
