#pragma once

#include <string>

#include "common/json/json.h"
#include "tests/services/lab/page/page_fixture.h"

namespace hailstorm::testing {

/// Expressions of the page: the frame that is shown, and whether it is of now.
inline const std::string kSeq = "Number(document.documentElement.dataset.seq)";
inline const std::string kMode = "document.documentElement.dataset.mode";

/// The lines of frames of a real platform, payment of which freezes.
[[nodiscard]] std::string recording();

/// A page with rides on it.
class LivePageTest : public PageTest {
 protected:
  /// As a user does it: a file is dropped onto the page.
  static void drop(const std::string& lines);
  /// What `expression` of a module of the page's panels gives: of the one that the page runs.
  static json::Value of_module(const std::string& name, const std::string& expression);
  /// The dots that both lanes show: lane, shape and ride each.
  static std::string dots();
  /// The text of a figure of a lane, as an expression.
  static std::string figure(const std::string& lane, const std::string& name);
  /// What the panels say of the frame that is shown, in words.
  static std::string words();
  static void press_times(const std::string& key, int times);
  /// Waits until the picture is that of the frame that is shown.
  static void settle();
};

}  // namespace hailstorm::testing
