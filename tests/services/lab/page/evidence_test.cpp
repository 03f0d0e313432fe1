#include <fmt/format.h>
#include <string>

#include "services/registry/services.h"
#include "tests/services/lab/page/panels_fixture.h"
#include "tests/support/run_program.h"

/// Log, dead letters, passport and audit in a real browser.
namespace hailstorm::testing {
namespace {

TEST_F(PanelsTest, ARewindIsPreviewedAppliedAndProven) {
  open_page();
  ride(20);
  ASSERT_TRUE(await([] { return std::stod(truth("lanes.log.settled")) > 20; }));
  ride(0);
  open_tab("log");
  press_button(R"([data-group="payment"] [data-rewind-button])");
  const std::string form = R"([data-rewind="payment"])";
  press_button(form + " [data-preview]");
  ASSERT_TRUE(has(form + " [data-rewind-summary]"));
  EXPECT_NE(text_at(form + " [data-rewind-summary]").find("will be delivered again"),
            std::string::npos);
  const int epoch = std::stoi(truth("groups.payment.epoch"));
  EXPECT_EQ(text_at(R"([data-group="payment"])").find(fmt::format("e{}", epoch + 1)),
            std::string::npos)
      << "a preview changes nothing";
  press_button(form + " [data-apply]");
  ASSERT_TRUE(browser().becomes(
      "document.querySelectorAll('[data-rewind-proof] [data-step=\"done\"]').length === 3", 60'000))
      << text_at(form);
  EXPECT_GT(std::stoi(truth("groups.payment.epoch")), epoch);
  EXPECT_NE(text_at("[data-rewind-proof]").find("0 lost, 0 duplicated, 0 orphaned"),
            std::string::npos);
}

TEST_F(PanelsTest, ARewindGoesToAPlaceOfItsOwnInEachPartition) {
  open_page();
  ride(40);
  ASSERT_TRUE(await([] { return std::stod(truth("lanes.log.settled")) > 40; }));
  ride(0);
  open_tab("log");
  press_button(R"([data-group="payment"] [data-rewind-button])");
  const std::string form = R"([data-rewind="payment"])";
  ASSERT_TRUE(has(form + " [name=place]"));
  browser().run(
      "const place = document.querySelector('[data-rewind] [name=place]');"
      "place.value = 'each'; place.dispatchEvent(new Event('change'));");
  ASSERT_TRUE(has(form + " [data-preview]:disabled")) << "no place is said yet";
  browser().type(form + R"( [data-place="0 ride_requested"] input)", "earliest");
  browser().type(form + R"( [data-place="3 ride_requested"] input)", "1");
  press_button(form + " [data-preview]");
  ASSERT_TRUE(has(form + " [data-rewind-summary]"));
  EXPECT_EQ(browser().number("document.querySelectorAll('[data-moved]').length"), 2)
      << "the others stay";
  EXPECT_EQ(browser().text(quoted(R"([data-moved="3 ride_requested"])") + ".dataset.to"), "1");
  EXPECT_NE(text_at(form + " .curl .whole").find(R"("places":[{"topic":"ride_requested")"),
            std::string::npos)
      << text_at(form);
  press_button(form + " [data-apply]");
  ASSERT_TRUE(browser().becomes(
      "document.querySelectorAll('[data-rewind-proof] [data-step=\"done\"]').length === 3", 60'000))
      << text_at(form);
}

TEST_F(PanelsTest, APoisonedTopicMakesDeadLettersThatAreReplayed) {
  open_page();
  ASSERT_FALSE(lab().ask_for_a_ride("anna").empty());
  open_tab("log");
  press_button(R"([data-topic="ride_matched"] [data-fault-button="poison"])");
  open_drawer("letters");
  ASSERT_TRUE(has(R"([data-letter][data-replayed="no"])"));
  const std::string letter = browser().text(quoted("[data-letter]") + ".dataset.letter");
  press_button("[data-letter] [data-replay]");
  ASSERT_TRUE(has("[data-replayed-letters=\"1\"]")) << text_at("[data-panel=\"letters\"]");
  EXPECT_TRUE(has(fmt::format(R"([data-letter="{}"][data-replayed="yes"])", letter)));
  const json::Value letters = get("/api/dead-letters");
  bool is_replayed = false;
  for (const auto& one : *letters.find("dead_letters")->elements()) {
    if (*one.find("id")->text() == letter) is_replayed = *one.find("replayed")->boolean();
  }
  EXPECT_TRUE(is_replayed);
}

TEST_F(PanelsTest, WhatEventsSayIsTextAndFitsOnTheScreen) {
  ASSERT_FALSE(lab().ask_for_a_ride("bob").empty());
  const std::string html = "<img src=x onerror=\"document.title='taken over'\">";
  const std::string turned = "\u202eturned";
  const std::string input = html + "\n" + turned + "\n" + std::string(65'536, 'w') + "\n";
  const auto produced =
      run_program({(program_folder() / "hail").string(), "produce", "--broker",
                   fmt::format("hailstorm://127.0.0.1:{}",
                               lab().port() - registry::kLabPort + registry::kBrokerPort),
                   "--key", html, "ride_matched"},
                  input);
  ASSERT_EQ(produced.exit_code, 0) << produced.err;
  open_page();
  open_drawer("letters");
  ASSERT_TRUE(browser().becomes("document.querySelectorAll('[data-letter]').length >= 9"))
      << text_at("[data-panel=\"letters\"]");
  browser().run("for (const one of document.querySelectorAll('details')) one.open = true;");
  const std::string page = text_at("[data-panel=\"letters\"]");
  EXPECT_NE(page.find(html), std::string::npos) << page;
  EXPECT_NE(page.find("\\u202eturned"), std::string::npos) << "what turns text is shown";
  EXPECT_LT(page.size(), 40'000U) << "long values are cut";
  EXPECT_EQ(browser().number("document.querySelectorAll('#page img').length"), 0);
  EXPECT_NE(browser().text("document.title"), "taken over");
  EXPECT_LE(browser().number("document.documentElement.scrollWidth"), 1280);
}

TEST_F(PanelsTest, APassportIsReadAndAnAuditHasItsVerdict) {
  const std::string ride = lab().ask_for_a_ride("carla");
  open_page();
  open_drawer("passport");
  browser().type("input[name=\"ride\"]", ride);
  browser().press({"Enter"});
  ASSERT_TRUE(has("[data-passport] [data-what=\"handled\"]"))
      << text_at("[data-panel=\"passport\"]");
  EXPECT_NE(text_at("[data-panel=\"passport\"]").find("of carla"), std::string::npos);
  open_drawer("audit");
  press_button("[data-audit]");
  ASSERT_TRUE(has("[data-verdict]"));
  EXPECT_EQ(browser().text(quoted("[data-verdict]") + ".dataset.verdict") == "clean",
            get("/api/audit?running=true").find("clean")->boolean());
}

}  // namespace
}  // namespace hailstorm::testing
