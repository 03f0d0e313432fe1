#include "tests/support/dump_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/wire/record_batch_format.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {

using nlohmann::json;

json hail_dump(const std::filesystem::path& log) {
  const auto result = run_program({program_folder() / "hail", "dump", log, "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return json::parse(result.out).at("batches");
}

std::vector<std::string> file_lines(const std::filesystem::path& log, const std::string& name) {
  return {"Dumping " + name, fmt::format("Log starting offset: {}", std::stoll(log.stem()))};
}

std::string batch_line(const json& batch) {
  const int64_t base_sequence = batch.at("base_sequence");
  const int64_t count = batch.at("records");
  const bool is_append_time =
      (batch.at("attributes").get<int>() & wire::batch_format::kTimestampTypeMask) != 0;
  return fmt::format(
      "baseOffset: {} lastOffset: {} count: {} baseSequence: {} lastSequence: {} producerId: {} "
      "producerEpoch: {} partitionLeaderEpoch: {} isTransactional: false isControl: false "
      "deleteHorizonMs: OptionalLong.empty position: {} {}: {} size: {} magic: 2 "
      "compresscodec: {} crc: {} isvalid: true",
      batch.at("base_offset").get<int64_t>(), batch.at("last_offset").get<int64_t>(), count,
      base_sequence, base_sequence < 0 ? -1 : base_sequence + count - 1,
      batch.at("producer_id").get<int64_t>(), batch.at("producer_epoch").get<int>(),
      batch.at("leader_epoch").get<int>(), batch.at("position").get<int64_t>(),
      is_append_time ? "LogAppendTime" : "CreateTime", batch.at("max_timestamp_ms").get<int64_t>(),
      batch.at("size_bytes").get<int64_t>(), batch.at("compression").get<std::string>(),
      batch.at("crc").get<uint32_t>());
}

void expect_same_lines(const std::vector<std::string>& got,
                       const std::vector<std::string>& expected) {
  for (size_t i = 0; i < std::min(expected.size(), got.size()); ++i)
    ASSERT_EQ(got[i], expected[i]) << "line " << i + 1;
  EXPECT_EQ(got.size(), expected.size());
}

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<uint8_t>(byte));
  return text;
}

json hex_or_null(const std::optional<std::string>& bytes) {
  return bytes ? json(hex(*bytes)) : json();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace hailstorm::testing
