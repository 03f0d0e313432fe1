#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "common/wire/record_batch.h"
#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

class HailDumpTest : public ::testing::Test {
 protected:
  HailDumpTest() {
    for (int64_t offset = 0; offset < 3; ++offset) {
      wire::RecordBatchBuilder builder;
      builder.append(1'000, "key", "value " + std::to_string(offset));
      const auto batch = builder.finish(offset);
      positions_.push_back(bytes_.size());
      bytes_.append(batch.begin(), batch.end());
    }
  }
  testing::ProgramResult dump(std::vector<std::string> arguments = {}) {
    std::ofstream(file(), std::ios::binary | std::ios::trunc) << bytes_;
    arguments.insert(arguments.begin(), {"dump", file()});
    return run_hail(std::move(arguments));
  }
  std::string file() const { return folder_.path() / "00000000000000000000.log"; }

  testing::TempFolder folder_;
  std::string bytes_;
  std::vector<size_t> positions_;
};

TEST_F(HailDumpTest, ShowsBatchesAndRecordsOfASoundFile) {
  const auto result = dump({"--records"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("value 2"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find("BAD"), std::string::npos) << result.out;
  const json parsed = json::parse(dump({"--records", "--json"}).out);
  ASSERT_EQ(parsed["batches"].size(), 3U);
  EXPECT_EQ(parsed["batches"][1]["base_offset"], 1);
  EXPECT_EQ(parsed["batches"][1]["record_list"][0]["value"], "value 1");
}

TEST_F(HailDumpTest, AnEmptyFileIsSound) {
  bytes_.clear();
  EXPECT_EQ(dump().exit_code, 0);
}

// Invariant 7.
TEST_F(HailDumpTest, ADamagedBatchIsNamedByItsByte) {
  bytes_[positions_[1] + 65] = static_cast<char>(bytes_[positions_[1] + 65] ^ 1);
  const auto result = dump();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.out.find("BAD CRC"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("at byte " + std::to_string(positions_[1]) + ":"), std::string::npos)
      << result.err;
}

// Invariant 6.
TEST_F(HailDumpTest, ATornTailIsNamedByItsByteAtEveryLength) {
  const std::string whole = bytes_;
  for (size_t bytes = positions_[2] + 1; bytes < whole.size(); bytes += 7) {
    bytes_ = whole.substr(0, bytes);
    const auto result = dump();
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("byte " + std::to_string(positions_[2]) + " on"), std::string::npos)
        << result.err;
  }
}

TEST_F(HailDumpTest, AFileThatIsNotThereIsBadUsage) {
  const auto result = run_hail({"dump", (folder_.path() / "nothing.log").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("nothing.log"), std::string::npos);
  EXPECT_EQ(run_hail({"dump", folder_.path().string()}).exit_code, 2) << "a folder is no file";
}

}  // namespace
}  // namespace hailstorm::cli
