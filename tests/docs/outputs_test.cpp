#include <gtest/gtest.h>
#include <regex>

#include "tests/docs/code_blocks.h"
#include "tests/support/broker_process.h"
#include "tests/support/run_program.h"

namespace hailstorm::docs {
namespace {

/// Times differ from run to run.
std::string without_times(const std::string& text) {
  static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  return std::regex_replace(text, time, "TIME");
}

/// What a shell prints that has our programs in its path, and this broker as theirs.
std::string typed(const std::string& command, const testing::BrokerProcess& broker) {
  const auto result =
      testing::run_program({"/usr/bin/env", "HAIL_BROKER=" + broker.url(),
                            "PATH=" + testing::program_folder().string() + ":/usr/bin:/bin",
                            "/bin/sh", "-c", "exec 2>&1; " + command});
  return result.out;
}

TEST(DocumentedOutputsTest, WritingRecordsPrintsWhatThePageShows) {
  const testing::BrokerProcess broker;
  for (const auto* topic : {"riders", "copy"}) {
    typed(std::string("hail topics create --partitions 1 ") + topic, broker);
  }
  const std::string page = testing::read_text(HAILSTORM_SOURCE_DIR "/docs/tools.md");
  const auto examples = examples_below(page, "Writing records");
  ASSERT_EQ(examples.size(), 5U);
  for (const auto& example : examples) {
    EXPECT_EQ(without_times(typed(example.command, broker)), without_times(example.output))
        << "docs/tools.md:" << example.line << ": " << example.command;
  }
}

}  // namespace
}  // namespace hailstorm::docs
