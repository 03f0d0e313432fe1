#include "tests/services/lab/page/axe.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

constexpr const char* kPackage = "axe-core@4.14.1";
constexpr const char* kSha256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";
constexpr int kFetchWithinMs = 60'000;

std::filesystem::path axe_file() {
  return program_folder().parent_path().parent_path() / "tools" / "axe.min.js";
}

constexpr const char* kFetch = R"sh(
  set -e
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  npm pack --silent --pack-destination "$work" "$0" >/dev/null
  tar -xzf "$work"/axe-core-*.tgz -C "$work" package/axe.min.js
  echo "$1  $work/package/axe.min.js" | sha256sum --check --quiet
  mkdir -p "$(dirname "$2")"
  mv "$work/package/axe.min.js" "$2")sh";

// Each finding: the rule, what it says, and the first elements that break it.
constexpr const char* kRun = R"js(
  const options = {resultTypes: ['violations']};
  if (arguments[0] !== '') options.runOnly = [arguments[0]];
  return axe.run(document, options).then(result =>
    result.violations.map(one => `${one.id}: ${one.help}: ` +
      one.nodes.slice(0, 3).map(node => node.html.slice(0, 200) + ' ' +
        (node.any[0]?.message ?? '')).join(' | ')).join('\n')))js";

const std::vector<std::pair<const char*, PagePreferences>> kLooks = {
    {"dark", {.is_dark = true}}, {"forced colors", {.has_forced_colors = true}}};

}  // namespace

std::string Axe::install() {
  if (std::filesystem::exists(axe_file())) return {};
  const auto fetched =
      run_program({"/bin/sh", "-c", kFetch, kPackage, kSha256, axe_file()}, "", kFetchWithinMs);
  return fetched.exit_code == 0 ? "" : "npm's axe-core cannot be fetched here";
}

std::string Axe::violations(WebDriver& browser, const std::string& rule) {
  if (browser.text("typeof axe") == "undefined") {
    browser.run(read_text(axe_file()) + "; globalThis.axe = axe;");
  }
  json::Value arguments = json::Value::array();
  arguments.push_back(rule);
  return *browser.run(kRun, std::move(arguments)).text();
}

void Axe::expect_nothing(WebDriver& browser, const std::string& state) {
  EXPECT_EQ(violations(browser), "") << state;
  for (const auto& [look, preferences] : kLooks) {
    browser.prefer(preferences);
    EXPECT_EQ(violations(browser, "color-contrast"), "") << state << ", " << look;
  }
  browser.prefer({});
}

}  // namespace hailstorm::testing
