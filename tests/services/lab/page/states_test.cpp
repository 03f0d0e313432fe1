#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <vector>

#include "common/http/server.h"
#include "tests/services/lab/page/page_fixture.h"
#include "tests/support/await.h"
#include "tests/support/raw_client.h"

/// The states of the whole page: what it says of itself, and what it lets its user do.
namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kMarks = "document.documentElement.dataset.";
const std::string kBanners = "document.querySelector('.banners').textContent";
const std::string kStop = "document.querySelector('[data-action=stop-all]')";

std::string says(const std::string& words) { return kBanners + ".includes('" + words + "')"; }

class PageStatesTest : public PageTest {
 protected:
  static void expect_state(const std::string& conn) {
    EXPECT_TRUE(browser().becomes(kMarks + "conn === '" + conn + "'"))
        << "it is " << browser().text(kMarks + "conn") << " and not " << conn;
  }
  /// A program that looks, without a session.
  static std::unique_ptr<RawClient> look_on() {
    auto viewer = std::make_unique<RawClient>(lab().port());
    viewer->send("GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_THAT(viewer->read_until("data:"), HasSubstr("200 OK"));
    return viewer;
  }
};

TEST_F(PageStatesTest, TheLinkOpensASessionAndLeavesNoKeyInTheAddress) {
  open_page();
  EXPECT_EQ(browser().text("location.href"), lab().url() + "/");
  EXPECT_EQ(browser().text(kMarks + "run"), truth("run"));
  EXPECT_TRUE(browser().becomes(kMarks + "seq > 3"));
  browser().reload();
  EXPECT_TRUE(browser().becomes(kMarks + "touch === 'yes'")) << "the session is lost by a reload";
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(PageStatesTest, WithoutASessionOneLooksAndEveryButtonThatChangesSomethingSaysWhyNot) {
  open_to_look();
  EXPECT_EQ(browser().text(kMarks + "touch"), "no");
  EXPECT_TRUE(browser().becomes(says("link that ./demo printed")));
  EXPECT_EQ(browser().text(kStop + ".disabled"), "true");
  EXPECT_THAT(browser().text(kStop + ".title"), HasSubstr("look only"));
}

// To the browser it is the same page, so it loads nothing.
TEST_F(PageStatesTest, ALinkThatIsOpenedWhereThePageIsOpenAlreadyGivesASessionToo) {
  open_to_look();
  browser().open(new_url());
  EXPECT_TRUE(browser().becomes(kMarks + "touch === 'yes'"));
  EXPECT_EQ(browser().text("location.hash"), "");
}

TEST_F(PageStatesTest, StopAllFaultsIsTwoPressesOfEscape) {
  open_page();
  inject("payment", "freeze", "60s");
  ASSERT_TRUE(await([] { return truth("faults.on") == "1"; }));
  browser().press({"Escape", "Escape"});
  EXPECT_TRUE(browser().becomes(says("Stopped: 1")));
  EXPECT_TRUE(await([] { return truth("faults.on") == "0"; }));
}

TEST_F(PageStatesTest, PausedItStandsStillAndCountsWhatIsNewer) {
  open_page();
  browser().press({"Space"});
  ASSERT_TRUE(browser().becomes(kMarks + "mode === 'paused'"));
  const std::string seq = browser().text(kMarks + "seq");
  EXPECT_TRUE(browser().becomes("/[3-9] newer frames/.test(" + kBanners + ")"));
  EXPECT_EQ(browser().text(kMarks + "seq"), seq);
  browser().click(".banners button");  // Jump to now
  EXPECT_TRUE(browser().becomes(kMarks + "mode === 'live' && " + kMarks + "seq > " + seq));
}

TEST_F(PageStatesTest, ASilentLabIsNoticedAndWhatIsShownIsGreyAndOld) {
  open_page();
  lab().process().freeze();
  expect_state("reconnecting");
  expect_state("lost");
  EXPECT_TRUE(browser().becomes("/What you see is [0-9.]+ s old/.test(" + kBanners + ")"));
  EXPECT_EQ(browser().text(kStop + ".disabled"), "true");
  EXPECT_EQ(browser().text("getComputedStyle(document.querySelector('[data-panel=lanes]')).color"),
            browser().text("getComputedStyle(document.querySelector('.dim')).color"));
  lab().process().thaw();
  expect_state("live");
  EXPECT_TRUE(browser().becomes(kMarks + "touch === 'yes'"));
}

// A 502 is what ends a browser's own EventSource for good.
TEST_F(PageStatesTest, ALabThatWasStartedAgainIsANewRunAlsoAfterAProxyAnswered) {
  open_page();
  const std::string run = browser().text(kMarks + "run");
  lab().process().kill();
  {
    http::Server proxy({.port = lab().port()});
    proxy.route("GET", "/.*", [](const http::Request&) { return http::problem(502, "no lab"); });
    ASSERT_TRUE(proxy.start().ok());
    expect_state("lost");
  }
  lab().start();
  expect_state("live");
  EXPECT_TRUE(browser().becomes(says("A new run")));
  EXPECT_NE(browser().text(kMarks + "run"), run);
  EXPECT_EQ(browser().text(kMarks + "run"), truth("run"));
  EXPECT_TRUE(browser().becomes(kMarks + "touch === 'no'")) << "the session was the old lab's";
}

TEST_F(PageStatesTest, WithoutTheBrokerLagIsOldAndFaultsCanStillBeEnded) {
  open_page();
  inject("broker", "freeze", "60s");
  expect_state("unreachable");
  EXPECT_TRUE(browser().becomes(says("lag and offsets are as last known")));
  browser().click("[data-action=stop-all]");
  expect_state("live");
}

TEST_F(PageStatesTest, WhereThereIsNoPlaceForOneMoreViewerItWaitsForOne) {
  std::vector<std::unique_ptr<RawClient>> viewers;
  for (int i = 0; i < 4; ++i) viewers.push_back(look_on());
  browser().open(lab().url());
  expect_state("full");
  EXPECT_TRUE(browser().becomes(says("Too many viewers")));
  viewers.clear();
  expect_state("live");
}

// A browser opens 6 connections to a server, and the lab 16 streams.
TEST_F(PageStatesTest, TwentyTabsAreAllLiveBecauseOneOfThemReadsForAll) {
  open_page();
  const std::string first = browser().window();
  std::vector<std::string> windows = {first};
  for (int i = 1; i < 20; ++i) {
    windows.push_back(browser().open_window());
    browser().open(lab().url());
  }
  for (const auto& window : windows) {
    browser().use_window(window);
    EXPECT_TRUE(browser().becomes(kMarks + "conn === 'live' && " + kMarks + "touch === 'yes'"));
  }
  for (const auto& window : windows) {
    if (window == first) continue;
    browser().use_window(window);
    browser().close_window();
  }
  browser().use_window(first);
}

TEST_F(PageStatesTest, AViewerThatReadsNothingSlowsNobodyElse) {
  RawClient slow(lab().port());
  slow.send("GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  open_page();
  ride(40);
  const double begin = browser().number("Number(" + kMarks + "seq)");
  EXPECT_TRUE(browser().becomes(kMarks + "seq > " + std::to_string(begin + 10), 20'000));
}

}  // namespace
}  // namespace hailstorm::testing
