#pragma once

#include <string>

#include "tests/support/web_driver.h"

namespace hailstorm::testing {

/// axe-core of npm, as a foreign check of what a page is to those who cannot see it, or use no
/// mouse. It is fetched once, into build/tools.
///
/// Thread safety: not safe.
class Axe {
 public:
  /// Empty: it is there. Otherwise why not: no npm, no network.
  [[nodiscard]] static std::string install();

  /// What it finds wrong with the page as it is now, a line each; empty: nothing. `rule`: this one
  /// alone is looked at; empty: all of them. REQUIRES: install() gave nothing.
  [[nodiscard]] static std::string violations(WebDriver& browser, const std::string& rule = "");
  /// Expects none: every rule in light colours, and the one about contrast in dark and forced ones,
  /// too. `state` is what a failure calls the page.
  static void expect_nothing(WebDriver& browser, const std::string& state);
};

}  // namespace hailstorm::testing
