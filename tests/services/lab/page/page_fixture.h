#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "common/json/json.h"
#include "tests/support/served_lab.h"
#include "tests/support/web_driver.h"

namespace hailstorm::testing {

/// A lab with its platform, and a browser for its page, both shared by the tests of a suite. Each
/// test begins with an empty browser window, without faults, riders and session.
class PageTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;
  void TearDown() override;

  [[nodiscard]] static ServedLab& lab() { return *lab_; }
  [[nodiscard]] static WebDriver& browser() { return *browser_; }
  /// The page's address with a new key.
  [[nodiscard]] static std::string new_url();

  /// Opens the page with a session, until it is live.
  static void open_page();
  /// Without a session: for those who only look.
  static void open_to_look();
  /// So many rides a second on both lanes, from now on.
  static void ride(double rate);
  /// The id of a new fault that is on.
  static std::string inject(const std::string& target, const std::string& action,
                            const std::string& duration);
  /// Of the newest frame: "processes.payment.state" as text.
  static std::string truth(const std::string& path);
  /// What the browser says of the page: errors of scripts, refusals by its policy.
  static std::vector<std::string> complaints();

 private:
  static std::unique_ptr<ServedLab> lab_;
  static std::unique_ptr<WebDriver> browser_;
};

}  // namespace hailstorm::testing
