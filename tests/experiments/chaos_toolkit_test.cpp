#include "tests/experiments/chaos_toolkit.h"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "common/json/json.h"
#include "tests/support/await.h"
#include "tests/support/child.h"
#include "tests/support/free_ports.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

fs::path shipped() { return fs::path(HAILSTORM_SOURCE_DIR) / "docs" / "experiments"; }

std::set<std::string> names_in(const json::Value& object) {
  std::set<std::string> names;
  if (object.members() == nullptr) return names;
  for (const auto& member : *object.members()) names.insert(member.name);
  return names;
}

json::Value journal_in(const fs::path& file) {
  auto journal = json::parse(read_text(file));
  EXPECT_TRUE(journal.ok()) << file;
  return journal.ok() ? std::move(*journal) : json::Value();
}

/// A lab that runs, for Chaos Toolkit and for our own runner alike.
class ChaosToolkitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string problem = runner_.install();
    if (!problem.empty()) GTEST_SKIP() << problem;
  }

  void start_lab() {
    const int port = free_ports(20);
    url_ = fmt::format("http://127.0.0.1:{}", port + 8);
    lab_ = Child({program_folder() / "hail-lab", "serve", "--data", data(), "--base-port",
                  std::to_string(port)},
                 {.out = folder_.path() / "serve.out"});
    ASSERT_TRUE(await([&] {
      return read_text(folder_.path() / "serve.out").find("Ctrl-C") != std::string::npos;
    })) << read_text(folder_.path() / "serve.out");
    std::string token = read_text(token_file());
    token.erase(token.find_last_not_of('\n') + 1);
    bearer_ = "Bearer " + token;
  }

  [[nodiscard]] fs::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] fs::path token_file() const { return data() / "lab" / "lab-token"; }

  json::Value run_with_chaos(const std::string& name) {
    const fs::path journal = folder_.path() / (name + "-chaos.json");
    const auto result = runner_.run(
        {"run", "--journal-path", journal, shipped() / (name + ".yaml")}, url_, bearer_);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return journal_in(journal);
  }

  json::Value run_with_ours(const std::string& name) {
    const fs::path journal = folder_.path() / (name + "-ours.json");
    const auto result = run_program(
        {program_folder() / "hail-lab", "experiment", "run", shipped() / (name + ".yaml"), "--lab",
         url_, "--token-file", token_file(), "--journal", journal},
        "", 120'000);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return journal_in(journal);
  }

  const ChaosToolkit runner_ = ChaosToolkit::runner();
  TempFolder folder_;
  Child lab_;
  std::string url_;
  std::string bearer_;
};

TEST_F(ChaosToolkitTest, FindsEveryShippedExperimentValid) {
  for (const auto& entry : fs::directory_iterator(shipped())) {
    if (entry.path().extension() != ".yaml") continue;
    const auto result = runner_.run({"validate", entry.path()}, "http://127.0.0.1:1", "x");
    EXPECT_EQ(result.exit_code, 0) << entry.path() << result.out << result.err;
  }
}

TEST_F(ChaosToolkitTest, RunsThreeOfThemToTheSameEndAndItsJournalHasOurKeys) {
  ASSERT_NO_FATAL_FAILURE(start_lab());
  for (const char* name : {"act-1-all-is-well", "act-3-payment-frozen", "act-5-broker-killed"}) {
    SCOPED_TRACE(name);
    const json::Value theirs = run_with_chaos(name);
    ASSERT_NE(theirs.find("status"), nullptr);
    EXPECT_EQ(*theirs.find("status")->text(), "completed");
    EXPECT_EQ(theirs.find("deviated")->boolean(), false);
  }
  const json::Value theirs = journal_in(folder_.path() / "act-3-payment-frozen-chaos.json");
  const json::Value ours = run_with_ours("act-3-payment-frozen");
  auto expected = names_in(theirs);
  expected.insert("x-hailstorm");
  EXPECT_EQ(names_in(ours), expected);
  for (const char* part : {"run", "rollbacks"}) {
    const auto& one = *theirs.find(part)->elements();
    const auto& other = *ours.find(part)->elements();
    ASSERT_EQ(one.size(), other.size());
    EXPECT_EQ(names_in(one[0]), names_in(other[0]));
    EXPECT_EQ(names_in(*one[0].find("output")), names_in(*other[0].find("output")));
  }
  const auto* before = theirs.find("steady_states")->find("before");
  const auto* our_before = ours.find("steady_states")->find("before");
  EXPECT_EQ(names_in(*before), names_in(*our_before));
  EXPECT_EQ(names_in((*before->find("probes")->elements())[0]),
            names_in((*our_before->find("probes")->elements())[0]));
}

TEST_F(ChaosToolkitTest, MakesAReportOfItsJournalAndOfTheLabs) {
  const ChaosToolkit reporter = ChaosToolkit::reporter();
  const std::string problem = reporter.install();
  if (!problem.empty()) GTEST_SKIP() << problem;
  if (run_program({"/usr/bin/env", "pandoc", "--version"}).exit_code != 0)
    GTEST_SKIP() << "pandoc is not installed, which chaos report needs";
  ASSERT_NO_FATAL_FAILURE(start_lab());
  (void)run_with_chaos("act-1-all-is-well");
  (void)run_with_ours("act-4-matching-killed");
  const fs::path report = folder_.path() / "report.html";
  const auto result = reporter.run(
      {"report", "--export-format=html5", folder_.path() / "act-1-all-is-well-chaos.json",
       folder_.path() / "act-4-matching-killed-ours.json", report},
      url_, bearer_);
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  const std::string page = read_text(report);
  for (const char* part : {"All is well", "Matching is killed", "rides are accepted",
                           "kill matching", "The steady state was verified"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(page, Not(HasSubstr(bearer_)));
}

}  // namespace
}  // namespace hailstorm::testing
