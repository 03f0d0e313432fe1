#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/tidy/rules.h"

namespace hailstorm::tidy {

/// The tree that this program was built from.
inline const Tree& real_tree() {
  static const Tree tree = read_tree(HAILSTORM_SOURCE_DIR);
  return tree;
}

/// One complaint a line.
inline std::string text_of(const Complaints& complaints) {
  return fmt::format("{}", fmt::join(complaints, "\n"));
}

/// A page whose map has these lines.
inline std::string page_with_map(const std::string& lines) {
  return "# A platform\n\n## The folders\n\n" + lines + "\nMore of it.\n\n## Proofs\n";
}

}  // namespace hailstorm::tidy
