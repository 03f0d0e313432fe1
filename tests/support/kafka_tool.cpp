#include "tests/support/kafka_tool.h"

#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <utility>

#include "tests/support/dump_text.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

constexpr int kTimeoutMs = 60'000;
constexpr int kFirstTimeoutMs = 300'000;  // Kafka may have to be fetched first

const std::string kDumpClass = "org.apache.kafka.tools.DumpLogSegments";

std::filesystem::path tool() {
  return std::filesystem::path(HAILSTORM_SOURCE_DIR) / "tests/kafka/kafka";
}

ProgramResult run_tool(std::vector<std::string> arguments, int timeout_ms) {
  arguments.insert(arguments.begin(), tool());
  return run_program(arguments, "", timeout_ms);
}

/// Standard error without two harmless messages: that the logger is not set up, and that the first
/// record of a segment does not follow offset -1, which Kafka 4.3 says of its own segments too.
std::string complaints_in(const std::string& err) {
  std::string complaints;
  std::string heading;  // not reported yet
  std::string harmless;
  for (const auto& line : lines_of(err)) {
    if (line.starts_with("SLF4J:")) continue;
    if (line.starts_with("Non-consecutive offsets in ")) {
      heading = line + "\n";
      const auto base = std::filesystem::path(line).stem().string();
      harmless = fmt::format("  -1 is followed by {}", std::strtoll(base.c_str(), nullptr, 10));
    } else if (line != harmless) {
      complaints += std::exchange(heading, "") + line + "\n";
    }
  }
  return complaints;
}

KafkaSaid ask(std::vector<std::string> arguments) {
  const auto result = run_tool(std::move(arguments), kTimeoutMs);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return {lines_of(result.out), complaints_in(result.err)};
}

std::string joined(const std::vector<std::filesystem::path>& files) {
  std::string all;
  for (const auto& file : files) {
    if (!all.empty()) all += ',';
    all += file.string();
  }
  return all;
}

}  // namespace

const std::string& why_no_kafka() {
  static const std::string why = []() -> std::string {
    const auto probe = run_tool({"run", kDumpClass, "--version"}, kFirstTimeoutMs);
    if (probe.exit_code == 0) return "";
    return "it needs a JDK 17 and Maven; tests/kafka/kafka said: " +
           probe.err.substr(0, probe.err.find('\n'));
  }();
  return why;
}

KafkaSaid kafka_dump(const std::vector<std::filesystem::path>& files,
                     const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"run", kDumpClass, "--files", joined(files)};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return ask(std::move(arguments));
}

KafkaSaid kafka_records(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> arguments = {
      "run", std::filesystem::path(HAILSTORM_SOURCE_DIR) / "tests/kafka/ReadSegments.java"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  return ask(std::move(arguments));
}

}  // namespace hailstorm::testing
