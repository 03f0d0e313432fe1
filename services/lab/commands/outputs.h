#pragma once

#include <string>

#include "common/base/options.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// Files that a command of the lab writes what it found to. Thread safety: a value.
struct Outputs {
  std::string report;  // HTML; empty: none
  std::string json;    // empty: none

  void add_to(Options& options);
  /// What cannot be written; empty when nothing is wrong.
  [[nodiscard]] std::string check() const;
  /// Writes those that were asked for; gives what went wrong, empty: nothing.
  [[nodiscard]] std::string write(const std::string& html, const json::Value& document) const;
};

}  // namespace hailstorm::lab
