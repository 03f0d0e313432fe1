#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iostream>
#include <string>
#include <utility>

#include "tests/services/lab/page/pictures.h"
#include "tests/support/await.h"
#include "tests/support/served_lab.h"
#include "tests/support/web_driver.h"

/// Somebody who has read README alone, with the command that ./demo runs.
namespace hailstorm::testing {
namespace {

using std::chrono::steady_clock;

class NewcomerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = WebDriver::missing(); !missing.empty()) GTEST_SKIP() << missing;
  }

  /// Writes how long it has taken so far, and takes the picture in every size and colour.
  void note(WebDriver& browser, const std::string& step) const {
    std::cout << fmt::format("{:6.1f} s  {}\n", seconds(), step);
    const auto paused = steady_clock::now();
    for (const auto& [width, height] : {std::pair(900, 700), {1920, 1080}, {1280, 800}}) {
      for (const bool is_dark : {true, false}) {
        browser.prefer({.is_dark = is_dark});
        keep_picture(browser,
                     fmt::format("newcomer {}, {}{}.png", step, width, is_dark ? ", dark" : ""),
                     width, height);
      }
    }
    browser.prefer({});
    std::cout << fmt::format("          pictures of it took {:.1f} s\n",
                             std::chrono::duration<double>(steady_clock::now() - paused).count());
  }
  double seconds() const {
    return std::chrono::duration<double>(steady_clock::now() - began_).count();
  }

  const steady_clock::time_point began_ = steady_clock::now();
};

/// The address after that of the first line, up to its end.
std::string address_in(const std::string& output) {
  const std::string mark = "Watch and break it: ";
  const size_t at = output.find(mark);
  if (at == std::string::npos) return {};
  return output.substr(at + mark.size(), output.find('\n', at) - at - mark.size());
}

TEST_F(NewcomerTest, FreezesPaymentSeesItProvenPredictsAndReadsTheVerdictWithinTwoMinutes) {
  ServedLab demo({"story", "--keep"});
  WebDriver browser;
  const auto shows = [&browser](const std::string& selector, int patience_ms = 30'000) {
    return browser.becomes("document.querySelector(`" + selector + "`) !== null", patience_ms);
  };
  ASSERT_NE(address_in(demo.output()), "") << demo.output();
  browser.open(address_in(demo.output()));
  ASSERT_TRUE(browser.becomes("document.documentElement.dataset.touch === 'yes'"));
  note(browser, "1 the page is open while the story plays");
  ASSERT_TRUE(await([&demo] { return demo.output().find("Verdict: holds") != std::string::npos; },
                    std::chrono::seconds(60)))
      << demo.output();
  ASSERT_TRUE(browser.becomes("document.querySelector('[data-rate]').dataset.rate === '40'"));
  note(browser, "2 the story is over and riders ride on");

  const std::string freeze = "[data-process=payment] [data-fault-button=freeze]:not(:disabled)";
  ASSERT_TRUE(shows(freeze));
  browser.click(freeze);
  const std::string chip = "[data-fault][data-target=payment][data-action=freeze]";
  ASSERT_TRUE(shows(chip + "[data-phase=proven]"));
  ASSERT_TRUE(browser.becomes(
      "parseInt(document.querySelector('tr[data-lane=log] [data-figure=waiting]').textContent)"
      " > 40"));
  note(browser, "3 payment is frozen and it is proven");
  browser.click(chip + " [data-revert]");
  ASSERT_TRUE(shows(chip + "[data-phase=proven_off]"));

  browser.click("#tab-blast");
  const std::string row = "tr[data-key='freeze payment'] ";
  const std::string chain = row + "td[data-subject='chain lane']";
  ASSERT_TRUE(shows(chain + " button"));
  browser.click(chain + " button");
  ASSERT_TRUE(shows(chain + "[data-said=hurt]"));
  note(browser, "4 the chain lane is said to suffer");
  browser.click(row + "td:last-child button:last-child");
  ASSERT_TRUE(shows("tr[data-key='freeze payment'][data-done=yes]", 60'000));
  ASSERT_TRUE(shows(chain + "[data-came=hurt][data-surprise=no]"));
  ASSERT_TRUE(shows(".changes table tbody tr"));
  note(browser, "5 the verdict");
  EXPECT_LT(seconds(), 120) << "the pictures are in it";
}

}  // namespace
}  // namespace hailstorm::testing
