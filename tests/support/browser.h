#pragma once

#include <optional>
#include <string>

#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// A real browser with its default settings, which shows one page until this object ends.
///
/// Thread safety: not safe; the browser dies with the thread that made this object.
class Browser {
 public:
  /// The browser of this machine: Chromium under one of its names. Nothing: there is none.
  [[nodiscard]] static std::optional<std::string> find();
  /// Chromium's headless shell, which sends every form of a page; the whole Chromium keeps some
  /// back. Nothing: there is none.
  [[nodiscard]] static std::optional<std::string> find_shell();

  /// `host` is a name that the browser takes for 127.0.0.1. REQUIRES: find() or find_shell() gave
  /// `program`.
  Browser(const std::string& program, const std::string& url, const std::string& host);

  /// What it wrote to standard error.
  [[nodiscard]] std::string log() const;

 private:
  TempFolder folder_;
  Child child_;
};

}  // namespace hailstorm::testing
