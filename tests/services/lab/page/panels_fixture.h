#pragma once

#include <chrono>
#include <fmt/format.h>
#include <string>

#include "tests/services/lab/page/page_fixture.h"
#include "tests/support/await.h"

namespace hailstorm::testing {

/// What the panels say, against what the lab and its agents say.
class PanelsTest : public PageTest {
 protected:
  static json::Value get(const std::string& path) {
    auto answered = lab().client().get(path);
    EXPECT_TRUE(answered.ok()) << path << ": " << answered.error().message();
    return answered.ok() ? std::move(*answered) : json::Value();
  }

  /// Whether the last fault of this kind that the agents were asked for is in that phase.
  static bool is_at_agent(const std::string& target, const std::string& action,
                          const std::string& phase) {
    const json::Value all = get("/api/faults");
    std::string last;
    for (const auto& one : *all.find("faults")->elements()) {
      if (*one.find("target")->text() != target || *one.find("action")->text() != action) continue;
      last = *one.find("phase")->text();
    }
    return last == phase;
  }

  static std::string quoted(const std::string& selector) {
    return "document.querySelector(" + json::to_text(json::Value(selector)) + ")";
  }
  static bool has(const std::string& selector,
                  std::chrono::milliseconds patience = std::chrono::seconds(30)) {
    return browser().becomes(quoted(selector) + " !== null", static_cast<int>(patience.count()));
  }
  static std::string text_at(const std::string& selector) {
    return browser().text(quoted(selector) + "?.textContent.replace(/\\s+/g, ' ').trim()");
  }
  /// As soon as it is there and can be used.
  static void press_button(const std::string& selector) {
    ASSERT_TRUE(has(selector + ":not(:disabled)")) << selector;
    browser().click(selector);
  }
  static void open_tab(const std::string& id) {
    browser().click("#tab-" + id);
    ASSERT_TRUE(has(fmt::format("[data-panel=\"{}\"]:not([hidden]) h2", id)));
  }
  static void open_drawer(const std::string& id) {
    browser().click(fmt::format("[data-drawer=\"{}\"]", id));
    ASSERT_TRUE(has(fmt::format("[data-panel=\"{}\"]:not([hidden]) h2", id)));
  }

  static std::string chip_of(const std::string& target, const std::string& action,
                             const std::string& phase) {
    return fmt::format(R"([data-fault][data-target="{}"][data-action="{}"][data-phase="{}"])",
                       target, action, phase);
  }

  /// Presses, waits for the truth, and expects the page to say it within a second, on and off.
  static void expect_true_to_the_agent(const std::string& target, const std::string& action) {
    SCOPED_TRACE(action + " of " + target);
    const std::string place =
        fmt::format(R"([data-panel="services"] .faults-of[data-target="{}"])", target);
    press_button(fmt::format("{} [data-fault-button=\"{}\"]", place, action));
    EXPECT_TRUE(
        await([&] { return is_at_agent(target, action, "proven"); }, std::chrono::seconds(10)));
    const std::string proven = chip_of(target, action, "proven");
    EXPECT_TRUE(has(proven, std::chrono::milliseconds(1'000)))
        << text_at("[data-panel=\"faults\"]");
    press_button(proven + " [data-revert]");
    EXPECT_TRUE(await([&] { return is_at_agent(target, action, "proven_off"); }));
    EXPECT_TRUE(has(chip_of(target, action, "proven_off"), std::chrono::milliseconds(1'000)))
        << text_at("[data-panel=\"faults\"]");
  }
};

}  // namespace hailstorm::testing
