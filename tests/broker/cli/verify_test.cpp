#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// `hail verify` on the folder of a real broker.
class HailVerifyTest : public HailFixture {
 protected:
  HailVerifyTest() {
    ok({"topics", "create", "rides", "--partitions", "1"});
    for (int i = 0; i < 3; ++i) ok({"produce", "rides", "--key", "k"}, "one\ntwo\n");
    ok({"consume", "rides", "--group", "g"});
  }
  testing::ProgramResult verify(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"verify", broker_.data()});
    return run_hail(std::move(arguments));
  }
  fs::path log() const { return broker_.data() / "rides-0" / "00000000000000000000.log"; }
  void flip(size_t byte) {
    std::fstream file(log(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(byte));
    const int old = file.get();
    file.seekp(static_cast<std::streamoff>(byte));
    file.put(static_cast<char>(old ^ 1));
  }
  /// Every file with its bytes and the time of its last change.
  std::string fingerprint() const {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(broker_.data())) {
      all += entry.path().string() + " " +
             std::to_string(entry.last_write_time().time_since_epoch().count()) + "\n";
      if (entry.is_regular_file()) all += testing::read_text(entry.path());
    }
    return all;
  }
};

TEST_F(HailVerifyTest, AFolderIsSoundAfterAStopAndAfterAKill) {
  broker_.kill();
  const auto killed = verify();
  EXPECT_EQ(killed.exit_code, 0) << killed.out << killed.err;
  EXPECT_NE(killed.out.find("rides-0: offsets 0 to 6, 3 batches"), std::string::npos) << killed.out;
  EXPECT_NE(killed.out.find("1 consumer group"), std::string::npos) << killed.out;
  broker_.start();
  broker_.stop();
  EXPECT_EQ(verify().exit_code, 0);
}

// Invariants 3, 9: in the same words as the broker, which serves the other topics.
TEST_F(HailVerifyTest, ALostFirstSegmentIsNamedByItsOffsets) {
  ok({"topics", "create", "short", "--partitions", "1", "--segment-bytes", "1024"});
  for (int i = 0; i < 6; ++i) ok({"produce", "short"}, std::string(400, 'x') + "\n");
  broker_.stop();
  ASSERT_TRUE(fs::remove(broker_.data() / "short-0" / "00000000000000000000.log"));
  const std::string words = "short-0: offsets 0 to 1 are missing: the log starts at offset 0";
  const auto verified = verify();
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_NE(verified.out.find(words), std::string::npos) << verified.out;
  broker_.start_unready();
  EXPECT_NE(broker_.log().find(words), std::string::npos) << broker_.log();
  EXPECT_NE(ok({"consume", "rides"}).find("two"), std::string::npos);
  broker_.kill();
  for (const auto* mark : {"partition", "checkpoint", "recovery-point"})  // as the message advises
    fs::remove(broker_.data() / "short-0" / mark);
  const auto taken = verify();
  EXPECT_EQ(taken.exit_code, 0) << taken.out;
  EXPECT_NE(taken.out.find("takes the log as it is, from offset 2 on"), std::string::npos);
  broker_.start();
  EXPECT_NE(ok({"consume", "short"}).find("xxx"), std::string::npos);
}

// Invariants 6, 7: the broker then does what was said.
TEST_F(HailVerifyTest, SaysWhatTheNextStartDoes) {
  broker_.kill();
  std::ofstream(log(), std::ios::app | std::ios::binary) << std::string(37, 'x');
  const auto size = fs::file_size(log());
  const std::string before = fingerprint();
  const auto torn = verify();
  EXPECT_EQ(torn.exit_code, 0) << torn.out;
  EXPECT_NE(
      torn.out.find("cuts 37 bytes of an unacknowledged tail at byte " + std::to_string(size - 37)),
      std::string::npos)
      << torn.out;
  EXPECT_EQ(fingerprint(), before);
  broker_.start();
  EXPECT_EQ(fs::file_size(log()), size - 37);
  broker_.kill();

  flip(70);
  const auto damaged = verify();
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_NE(damaged.out.find("rides-0: REFUSED"), std::string::npos) << damaged.out;
  EXPECT_NE(damaged.out.find(".log byte 0: "), std::string::npos) << damaged.out;
  const json parsed = json::parse(verify({"--json"}).out);
  EXPECT_EQ(parsed["partitions"][1]["opens"], false) << parsed;
  EXPECT_EQ(parsed["starts"], true);
}

TEST_F(HailVerifyTest, ARunningBrokersFolderIsRefused) {
  const auto result = verify();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("in use"), std::string::npos) << result.err;
}

TEST_F(HailVerifyTest, AnotherFolderIsBadUsage) {
  const testing::TempFolder other;
  for (const auto& path : {other.path(), other.path() / "missing"}) {
    const auto result = run_hail({"verify", path.string()});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
  EXPECT_TRUE(fs::is_empty(other.path())) << "it made something";
}

}  // namespace
}  // namespace hailstorm::cli
