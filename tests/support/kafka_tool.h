#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hailstorm::testing {

/// Apache Kafka's own tools, run through the script `tests/kafka/kafka`.
///
/// Why they cannot run on this machine; empty: they can.
[[nodiscard]] const std::string& why_no_kafka();

struct KafkaSaid {
  std::vector<std::string> lines;  // of standard output
  std::string complaints;          // standard error, where DumpLogSegments reports indexes that do
                                   // not fit their log; its exit code is 0 then, too
};

/// What Kafka's DumpLogSegments says about these files. `options`: more of its own.
/// REQUIRES: why_no_kafka() is empty.
[[nodiscard]] KafkaSaid kafka_dump(const std::vector<std::filesystem::path>& files,
                                   const std::vector<std::string>& options = {});

/// Every record of these segments as Kafka's clients read them, one line of JSON each; see
/// ReadSegments.java. REQUIRES: why_no_kafka() is empty.
[[nodiscard]] KafkaSaid kafka_records(const std::vector<std::filesystem::path>& files);

}  // namespace hailstorm::testing

/// At the top of a test that needs Kafka.
#define SKIP_WITHOUT_KAFKA()                                                \
  if (const auto& why = ::hailstorm::testing::why_no_kafka(); !why.empty()) \
  GTEST_SKIP() << "Kafka itself cannot be asked here: " << why
