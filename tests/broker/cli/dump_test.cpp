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

TEST_F(HailDumpTest, ShowsProducersSequencesHeadersAndNulls) {
  wire::RecordBatchBuilder builder;
  const wire::RecordHeaderView header{"ce_type", "ride_requested"};
  builder.append(1'000, std::nullopt, R"({ "a" : 1 })", {&header, 1});
  builder.append(2'000, "key", std::nullopt);
  builder.append(3'000, "", std::string_view("\0\xff", 2));
  builder.set_producer(4711, 3, 1234);
  const auto batch = builder.finish(3);
  bytes_.append(batch.begin(), batch.end());
  const std::string out = dump({"--records"}).out;
  EXPECT_NE(out.find(" 4711      3        1234  "), std::string::npos) << out;
  EXPECT_NE(out.find("    3  1970-01-01T00:00:01.000Z  (null)  {\"a\":1}  "
                     "ce_type=ride_requested\n"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("    4  1970-01-01T00:00:02.000Z  key  (null)\n"), std::string::npos) << out;
  EXPECT_NE(out.find("    5  1970-01-01T00:00:03.000Z  (empty)  \\x00\\xff\n"), std::string::npos)
      << out;
  const json records = json::parse(dump({"--records", "--json"}).out)["batches"][3]["record_list"];
  EXPECT_TRUE(records[0]["key"].is_null());
  EXPECT_EQ(records[0]["headers"][0]["value"], "ride_requested");
  EXPECT_EQ(records[2]["value_hex"], "00ff");
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
  EXPECT_NE(result.out.find("BAD CRC: the bytes have "), std::string::npos) << result.out;
  const json parsed = json::parse(dump({"--json"}).out);
  EXPECT_EQ(parsed["batches"][1]["crc_ok"], false);
  EXPECT_EQ(parsed["batches"][2]["crc_ok"], true);
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

// After bytes that are no batch it goes on at the next one.
TEST_F(HailDumpTest, BytesThatAreNoBatchAreSkipped) {
  std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(positions_[1]), 30, 'x');
  const auto result = dump();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("unreadable from byte " + std::to_string(positions_[1]) +
                            " on; batches go on at byte " + std::to_string(positions_[2])),
            std::string::npos)
      << result.err;
  const json parsed = json::parse(dump({"--json", "--records"}).out);
  ASSERT_EQ(parsed["batches"].size(), 2U);
  EXPECT_EQ(parsed["batches"][1]["base_offset"], 2);
  EXPECT_EQ(parsed["unreadable"][0]["until"], positions_[2]);
}

// Neither is covered by the CRC; recovery refuses both.
TEST_F(HailDumpTest, AWrongOffsetOrEpochIsDamage) {
  const std::string whole = bytes_;
  bytes_[positions_[1] + 7] = 9;
  EXPECT_NE(dump().err.find("a batch of offset 9 where 1 comes next"), std::string::npos);
  bytes_ = whole;
  bytes_[positions_[1] + 15] = 1;
  EXPECT_NE(dump().err.find("a batch of leader epoch 1"), std::string::npos);
  bytes_ = whole.substr(positions_[1]);
  EXPECT_NE(dump().err.find("a batch of offset 1 where 0 comes next"), std::string::npos);
}

TEST_F(HailDumpTest, ShowsIndexesToo) {
  const auto dump_index = [this](const std::string& suffix, const std::string& bytes) {
    const std::string path = folder_.path() / ("00000000000000000100" + suffix);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return run_hail({"dump", path});
  };
  const auto offsets = dump_index(".index", std::string("\0\0\0\x05\0\0\x10\x01", 8));
  EXPECT_EQ(offsets.exit_code, 0) << offsets.err;
  EXPECT_EQ(offsets.out, "OFFSET  POSITION\n   105      4097\n");
  const auto times = dump_index(".timeindex", std::string("\0\0\0\0\0\0\x03\xe8\0\0\0\x05", 12));
  EXPECT_NE(times.out.find("1970-01-01T00:00:01.000Z"), std::string::npos) << times.out;
  EXPECT_EQ(dump_index(".index", "").exit_code, 0);
  const auto garbled = dump_index(".index", "123456789");
  EXPECT_EQ(garbled.exit_code, 1);
  EXPECT_NE(garbled.err.find("no index"), std::string::npos) << garbled.err;
}

TEST_F(HailDumpTest, OutputThatCannotBeWrittenIsAFailure) {
  ASSERT_EQ(dump().exit_code, 0);
  RunningHail run({"dump", file()}, "/dev/full");
  EXPECT_EQ(run.wait(), 1);
  EXPECT_EQ(run.err(), "hail: cannot write to standard output\n");
}

TEST_F(HailDumpTest, AFileThatIsNotThereIsBadUsage) {
  const auto result = run_hail({"dump", (folder_.path() / "nothing.log").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("nothing.log"), std::string::npos);
  EXPECT_EQ(run_hail({"dump", folder_.path().string()}).exit_code, 2) << "a folder is no file";
}

}  // namespace
}  // namespace hailstorm::cli
