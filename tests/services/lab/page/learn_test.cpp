#include <gmock/gmock.h>
#include <string>

#include "tests/services/lab/page/page_fixture.h"

/// What the page teaches with: lessons, the blast radius, experiments, storms.
namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kRunMs = 90'000;  // of a lesson or a blast, beside other tests

class PageLearnTest : public PageTest {
 protected:
  static std::string first(const std::string& selector) {
    return "document.querySelector(`" + selector + "`)";
  }
  static bool appears(const std::string& selector, int patience_ms = 30'000) {
    return browser().becomes(first(selector) + " !== null", patience_ms);
  }
  static void open_tab(const std::string& name) {
    browser().click("#tab-" + name);
    ASSERT_TRUE(browser().becomes(first("[data-panel=" + name + "] h2") + " !== null"));
  }
  /// Tab after Tab, until `selector` has the focus: as somebody without a mouse gets there.
  static bool tab_to(const std::string& selector) {
    constexpr int kMostStops = 200;
    for (int i = 0; i < kMostStops; ++i) {
      if (browser().text("document.activeElement.matches(`" + selector + "`)") == "true")
        return true;
      browser().press({"Tab"});
    }
    return false;
  }
  static std::string panel_text(const std::string& name) {
    return browser().text(first("[data-panel=" + name + "]") + ".textContent");
  }
};

TEST_F(PageLearnTest, AWholeLessonIsDoneWithTheKeyboardAlone) {
  open_page();
  browser().press({"4"});  // the tab of the lessons
  ASSERT_TRUE(appears("li[data-lesson='3-the-coupled-chain'] button"));
  ASSERT_TRUE(tab_to("li[data-lesson='3-the-coupled-chain'] button"));
  browser().press({"Enter"});
  ASSERT_TRUE(appears("[data-question=chain]"));
  EXPECT_FALSE(appears("[data-grade]", 0)) << "no answer before its question";

  ASSERT_TRUE(tab_to("[data-question=chain] input[type=number]"));
  browser().press({"9", "0", "Tab"});
  ASSERT_TRUE(tab_to("[data-question=log] input[type=number]"));
  browser().press({"1", "0", "0", "Tab"});
  ASSERT_TRUE(tab_to("[data-question=orphans] input[type=radio]"));
  browser().press({" "});
  EXPECT_TRUE(
      browser().becomes(first("[data-question=orphans]") + ".dataset.answer === '\"yes\"'"));
  ASSERT_TRUE(tab_to("[data-action=run]"));
  browser().press({"Enter"});

  ASSERT_TRUE(appears("[data-question=chain][data-locked=yes]")) << panel_text("lessons");
  EXPECT_EQ(browser().text(first("[data-question=chain] input[type=number]") + ".disabled"),
            "true");
  ASSERT_TRUE(appears("[data-grade=orphans]", kRunMs)) << panel_text("lessons");
  EXPECT_EQ(browser().text(first("[data-grade=chain]") + ".dataset.word"), "off")
      << panel_text("lessons");
  EXPECT_EQ(browser().text(first("[data-grade=log]") + ".dataset.word"), "exact");
  EXPECT_EQ(browser().text(first("[data-grade=orphans]") + ".dataset.word"), "exact");
  ASSERT_TRUE(tab_to("[data-question=cause] input[type=radio]"));
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(PageLearnTest, ALessonAsksForEveryAnswerBeforeItRuns) {
  open_page();
  open_tab("lessons");
  browser().click("li[data-lesson='5-the-broker-dies'] button");
  ASSERT_TRUE(appears("[data-action=run]"));
  browser().click("[data-action=run]");
  EXPECT_TRUE(browser().becomes(first("[data-panel=lessons] [role=alert]") + " !== null"));
  EXPECT_THAT(panel_text("lessons"), HasSubstr("Answer every question first"));
  EXPECT_EQ(browser().text(first("[data-question=lost]") + ".dataset.locked"), "no");
  EXPECT_EQ(truth("faults.on"), "0");
  EXPECT_FALSE(appears("[data-grade]", 0));
}

TEST_F(PageLearnTest, WithoutASessionALessonIsReadToItsEndWithoutAClickAndIsNotRun) {
  open_to_look();
  open_tab("lessons");
  browser().click("li[data-lesson='9-queue-or-log'] button");
  ASSERT_TRUE(appears("[data-action=run]"));
  EXPECT_EQ(browser().text(first("[data-action=run]") + ".disabled"), "true");
  EXPECT_THAT(browser().text(first("[data-action=run]") + ".title"), HasSubstr("look only"));
  EXPECT_EQ(browser().number("document.querySelectorAll('[data-known]').length"),
            browser().number("document.querySelectorAll('[data-question][data-locked]').length"))
      << "what each question came to";
  EXPECT_THAT(panel_text("lessons"), HasSubstr("Many runs gave: 60"));
}

TEST_F(PageLearnTest, ARowOfTheBlastRadiusRunsAndFramesWhatNobodySaid) {
  open_page();
  open_tab("blast");
  const std::string row = "tr[data-key='freeze payment'] ";
  ASSERT_TRUE(appears(row + "td[data-subject='matching'] button"));
  browser().click(row + "td[data-subject='matching'] button");
  EXPECT_TRUE(
      browser().becomes(first(row + "td[data-subject='matching']") + ".dataset.said === 'hurt'"));
  browser().click(row + "td:last-child button:last-child");
  ASSERT_TRUE(browser().becomes(first(row) + ".dataset.done === 'yes'", kRunMs))
      << panel_text("blast");
  const auto cell = [&](const std::string& subject, const std::string& what) {
    return browser().text(first(row + "td[data-subject='" + subject + "']") + ".dataset." + what);
  };
  EXPECT_EQ(cell("chain lane", "came"), "hurt");
  EXPECT_EQ(cell("chain lane", "surprise"), "yes") << "nobody had said so";
  EXPECT_EQ(cell("matching", "surprise"), "yes") << "it was said to be hurt";
  EXPECT_EQ(cell("log lane", "came"), "calm");
  EXPECT_EQ(cell("log lane", "surprise"), "no");
  EXPECT_TRUE(appears(".changes table tbody tr"));
  EXPECT_FALSE(appears(row + "td[data-subject='matching'] button", 0)) << "it is locked";
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(PageLearnTest, AnExperimentIsAFormAndATextThatSayTheSame) {
  open_page();
  open_tab("experiments");
  ASSERT_TRUE(appears("li[data-experiment='act-3-payment-frozen'] button"));
  browser().click("li[data-experiment='act-3-payment-frozen'] button");
  ASSERT_TRUE(appears("[data-probe='rides are accepted'][data-word='holds']"));
  ASSERT_TRUE(appears("[data-probe='nothing is lost'][data-word='holds']"));
  const std::string text = first(".yaml textarea") + ".value";
  EXPECT_TRUE(browser().becomes(text + ".includes('duration: 5s')"));
  browser().run(
      "const field = [...document.querySelectorAll('.form label')].find((one) => "
      "one.textContent.includes('duration')).querySelector('input');"
      "field.value = '2s'; field.dispatchEvent(new Event('change'));");
  EXPECT_TRUE(browser().becomes(text + ".includes('duration: 2s')"));
  // What the page wrote, the lab reads.
  browser().run(
      "const area = document.querySelector('.yaml textarea');"
      "area.value = area.value.replace('duration: 2s', 'duration: 3s');"
      "area.dispatchEvent(new Event('change'));");
  EXPECT_TRUE(browser().becomes(
      "[...document.querySelectorAll('.form label input')].some((one) => one.value === '3s')"))
      << panel_text("experiments");
  browser().run(
      "const area = document.querySelector('.yaml textarea');"
      "area.value = 'title: [';"
      "area.dispatchEvent(new Event('change'));");
  EXPECT_TRUE(browser().becomes(first("[data-panel=experiments] [role=alert]") + " !== null"));
  EXPECT_THAT(panel_text("experiments"), HasSubstr("line "));
  EXPECT_EQ(browser().text(first("[data-panel=experiments] [data-action=run]") + ".disabled"),
            "true");
}

TEST_F(PageLearnTest, AStormShowsItsScheduleBeforeItBegins) {
  open_page();
  browser().run(
      "[...document.querySelectorAll('.top button')].find((one) => "
      "one.textContent.includes('Storm')).click()");
  ASSERT_TRUE(appears("[data-preset=Drizzle]"));
  browser().click("[data-preset=Drizzle]");
  browser().run(
      "[...document.querySelectorAll('[data-panel=storm] button')].find((one) => "
      "one.textContent.includes('Show its schedule')).click()");
  ASSERT_TRUE(appears("[data-panel=storm] table tbody tr")) << panel_text("storm");
  EXPECT_THAT(panel_text("storm"), HasSubstr("always these for this seed"));
  EXPECT_EQ(truth("faults.on"), "0");
}

}  // namespace
}  // namespace hailstorm::testing
