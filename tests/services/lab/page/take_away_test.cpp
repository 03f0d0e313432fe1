#include <chrono>
#include <gmock/gmock.h>
#include <string>
#include <utility>

#include "tests/services/lab/page/panels_fixture.h"

/// What the page gives its user to take away: runs with their journal, answers, tables, lines of a
/// shell.
namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::chrono::seconds kRun(90);  // beside other tests

class TakeAwayTest : public PanelsTest {
 protected:
  /// Instead of writing files the page keeps them in globalThis.saved: {name: text}.
  static void catch_downloads() {
    browser().run(R"js(
      globalThis.saved = {};
      const blobs = new Map();
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => {
        const url = make(blob);
        blobs.set(url, blob);
        return url;
      };
      HTMLAnchorElement.prototype.click = function () {
        blobs.get(this.href).text().then((text) => (saved[this.download] = text));
      };)js");
  }
  static json::Value saved(const std::string& name) {
    EXPECT_TRUE(browser().becomes("saved['" + name + "'] !== undefined"));
    const auto document = json::parse(browser().text("saved['" + name + "']"));
    EXPECT_TRUE(document.ok()) << name;
    return document.ok() ? *document : json::Value();
  }
  static void open_details(const std::string& selector) {
    ASSERT_TRUE(has(selector));
    browser().run(quoted(selector) + ".open = true");
  }
  static void open_table(const std::string& panel) {
    browser().run("[...document.querySelectorAll('[data-panel=" + panel +
                  "] button')].find((one) => one.textContent.includes('as a table')).click()");
  }
};

TEST_F(TakeAwayTest, AnExperimentThatWasRunHasItsVerdictWhatItChangedItsReportAndItsJournal) {
  open_page();
  catch_downloads();
  ride(40);
  open_tab("experiments");
  press_button("li[data-experiment='act-3-payment-frozen'] button");
  const std::string panel = "[data-panel=experiments] ";
  press_button(panel + "[data-action=run]");
  ASSERT_TRUE(has(panel + "[data-run-state=running]"));
  ASSERT_TRUE(has(panel + "[data-run-state]:not([data-run-state=running])", kRun));
  ASSERT_TRUE(has(panel + ".changes tbody tr")) << text_at("[data-panel=experiments]");
  EXPECT_THAT(text_at(panel + ".changes"), HasSubstr("was now Δ after"));
  EXPECT_THAT(text_at(panel + ".changes"), HasSubstr("chain lane"));
  const std::string report = browser().text(quoted(panel + "a[href$='/report']") + ".pathname");
  EXPECT_EQ(lab().send("GET", report, {}).status, 200) << report;
  press_button(panel + "nav button");
  press_button(panel + "[data-experiment-run] button");
  const json::Value journal = saved("journal.json");
  ASSERT_NE(journal.find("experiment"), nullptr);
  EXPECT_NE(journal.find("steady_states"), nullptr);
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(TakeAwayTest, AnswersAreExportedAsJson) {
  open_page();
  catch_downloads();
  open_tab("lessons");
  press_button("li[data-lesson='3-the-coupled-chain'] button");
  press_button("[data-question=orphans] input[type=radio]");
  press_button("[data-panel=lessons] nav button");
  press_button("[data-action=export-answers]");
  EXPECT_THAT(json::to_text(saved("hailstorm-answers.json")), HasSubstr("3-the-coupled-chain"));
}

TEST_F(TakeAwayTest, EveryChartIsATableToo) {
  open_page();
  ride(40);
  ASSERT_TRUE(await([] { return std::stod(truth("lanes.log.settled")) > 20; }));
  for (const char* panel : {"lanes", "city", "time"}) {
    ASSERT_TRUE(has(std::string("[data-panel=") + panel + "] canvas")) << panel;
    open_table(panel);
    EXPECT_TRUE(has(std::string("[data-panel=") + panel + "] table tbody tr")) << panel;
    EXPECT_TRUE(
        browser().becomes(quoted(std::string("[data-panel=") + panel + "] canvas") + " === null"))
        << panel;
  }
  open_details("[data-panel=services] .twin:not([data-shell])");
  EXPECT_TRUE(has("[data-panel=services] .twin table tbody tr"));
  EXPECT_EQ(browser().number("document.querySelectorAll('canvas').length"), 0)
      << "no chart is without a table";
}

TEST_F(TakeAwayTest, WhatChangesSomethingShowsTheLineOfAShellThatDoesTheSame) {
  open_page();
  const auto expect_line = [](const std::string& place, const std::string& part) {
    EXPECT_TRUE(browser().becomes("[...document.querySelectorAll(`" + place +
                                  " .curl .whole`)].some((one) => one.textContent.includes(`" +
                                  part + "`))"))
        << place << ": " << part;
  };
  open_details("[data-shell]");
  expect_line("[data-shell]", "/api/traffic");
  expect_line("[data-shell]", "/api/faults/reset");
  browser().run(quoted(R"([data-process="payment"] [data-fault-button="kill"])") + ".focus()");
  expect_line("[data-panel=services] .hint", R"({"target":"payment","action":"kill")");
  open_tab("blast");
  expect_line("[data-panel=blast]", "/api/blast");
  open_tab("lessons");
  press_button("li[data-lesson='3-the-coupled-chain'] button");
  expect_line("[data-panel=lessons]", "/api/experiments");
  for (const auto& [drawer, path] :
       {std::pair("letters", "/api/dead-letters/replay"), {"audit", "/api/audit"}}) {
    open_drawer(drawer);
    expect_line(std::string("[data-panel=") + drawer + "]", path);
  }
}

}  // namespace
}  // namespace hailstorm::testing
