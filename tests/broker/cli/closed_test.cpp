#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/wire/partitioner.h"
#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Arguments = std::vector<std::string>;

constexpr int kPartitions = 3;
constexpr const char* kSegment = "00000000000000000000.log";

/// A topic of three partitions with the records P-0 to P-2 in each, some of which the broker does
/// not open.
class HailClosedTest : public HailFixture {
 protected:
  HailClosedTest() {
    ok({"topics", "create", "rides", "--partitions", "3", "--segment-bytes", "1024"});
    for (int32_t p = 0; p < kPartitions; ++p) {
      const std::string at = std::to_string(p);
      ok({"produce", "rides", "--key", key_of(p)}, at + "-0\n" + at + "-1\n" + at + "-2\n");
    }
    ok({"consume", "rides", "--group", "read"});
  }
  static std::string key_of(int32_t partition) {
    for (int i = 0;; ++i) {
      const std::string key = "key-" + std::to_string(i);
      if (wire::partition_for_key(key, kPartitions) == partition) return key;
    }
  }
  [[nodiscard]] fs::path folder(const std::string& partition) const {
    return broker_.data() / partition;
  }
  void flip(const std::string& partition) {
    std::fstream file(folder(partition) / kSegment,
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(70);
    const int old = file.get();
    file.seekp(70);
    file.put(static_cast<char>(old ^ 1));
  }
  /// Flips a bit in each, twice is none, and starts the broker again.
  void damage(const std::vector<std::string>& partitions) {
    broker_.stop();
    for (const std::string& partition : partitions) {
      fs::remove(folder(partition) / "checkpoint");
      flip(partition);
    }
    broker_.start_unready();
  }
  /// Exit code 1, and one line on standard error for each.
  static void expect_named(const testing::ProgramResult& result, const Arguments& partitions,
                           const std::string& command) {
    EXPECT_EQ(result.exit_code, 1) << command << result.out << result.err;
    for (const std::string& partition : partitions) {
      EXPECT_NE(result.err.find("hail: partition " + partition + " is closed: "), std::string::npos)
          << command << result.err;
    }
    EXPECT_EQ(lines(result.err).size(), partitions.size()) << command << result.err;
  }
  static std::vector<std::string> lines(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }
  /// The values that `consume --json` printed, sorted; what else it said goes to `others`.
  static std::vector<std::string> values(const std::string& out, json& others) {
    std::vector<std::string> found;
    others = json::array();
    for (const std::string& line : lines(out)) {
      const auto parsed = json::parse(line);
      if (parsed.contains("value")) {
        found.push_back(parsed["value"]);
      } else {
        others.push_back(parsed);
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  static std::vector<std::string> values(const std::string& out) {
    json others;
    return values(out, others);
  }
};

const Arguments kSound = {"0-0", "0-1", "0-2", "2-0", "2-1", "2-2"};

// Invariant 7.
TEST_F(HailClosedTest, AReaderGoesOnWithTheSoundPartitionsAndNamesTheClosedOne) {
  damage({"rides-1"});
  for (const Arguments& more : std::vector<Arguments>{
           {}, {"--from", "0"}, {"--from", "2014-04-01T00:11:00Z"}, {"--group", "g"}}) {
    Arguments command{"consume", "rides", "--json"};
    command.insert(command.end(), more.begin(), more.end());
    const auto result = hail(command);
    expect_named(result, {"rides-1"}, more.empty() ? "" : more[1]);
    json others;
    EXPECT_EQ(values(result.out, others), kSound);
    ASSERT_EQ(others.size(), 1U) << result.out;
    EXPECT_EQ(others[0]["topic"], "rides");
    EXPECT_EQ(others[0]["partition"], 1);
    EXPECT_NE(others[0]["error"].get<std::string>().find("damaged"), std::string::npos);
  }
  expect_named(hail({"consume", "rides"}), {"rides-1"}, "columns");
  expect_named(hail({"consume", "rides", "--from", "latest"}), {"rides-1"}, "latest");
  expect_named(hail({"consume", "rides", "--max", "1"}), {"rides-1"}, "max");
}

TEST_F(HailClosedTest, EveryCommandThatDescribesNamesTheClosedPartition) {
  damage({"rides-1"});
  for (const Arguments& command : std::vector<Arguments>{{"topics", "list"},
                                                         {"topics", "describe", "rides"},
                                                         {"groups", "list"},
                                                         {"groups", "describe", "read"},
                                                         {"groups", "reset", "read", "--to", "0"},
                                                         {"perf", "consume", "rides"}}) {
    expect_named(hail(command), {"rides-1"}, command[1]);
    Arguments as_json = command;
    as_json.emplace_back("--json");
    const auto result = hail(as_json);
    expect_named(result, {"rides-1"}, command[1]);
    EXPECT_TRUE(json::accept(result.out)) << result.out;
  }
  const auto text = hail({"groups", "describe", "read"}).out;
  EXPECT_NE(text.find("closed"), std::string::npos) << text;
  const auto group = json::parse(hail({"groups", "describe", "read", "--json"}).out);
  EXPECT_EQ(group["closed_partitions"][0]["partition"], 1);
  EXPECT_EQ(group["partitions"][0]["error"], "");
  EXPECT_NE(group["partitions"][1]["error"], "");
  const auto perf = json::parse(hail({"perf", "consume", "rides", "--json"}).out);
  EXPECT_EQ(perf["records"], 6);
  EXPECT_EQ(perf["closed_partitions"][0]["topic"], "rides");
}

TEST_F(HailClosedTest, ATopicOfWhichAllPartitionsAreClosedEndsToo) {
  damage({"rides-0", "rides-1", "rides-2"});
  for (const Arguments& more : std::vector<Arguments>{{}, {"--group", "g"}, {"--from", "latest"}}) {
    Arguments command{"consume", "rides"};
    command.insert(command.end(), more.begin(), more.end());
    const auto result = hail(command);
    expect_named(result, {"rides-0", "rides-1", "rides-2"}, more.empty() ? "" : more[0]);
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(HailClosedTest, AFollowerNamesThePartitionThatIsOpenAgain) {
  damage({"rides-1"});
  RunningHail alone(at_broker({"consume", "rides", "--follow", "--json"}));
  RunningHail member(at_broker({"consume", "rides", "--follow", "--json", "--group", "g"}));
  RunningHail latest(at_broker({"consume", "rides", "--follow", "--json", "--from", "latest"}));
  for (const RunningHail* hail : {&alone, &member}) {
    EXPECT_TRUE(hail->says("2-2") && hail->says("0-2"));
    EXPECT_TRUE(hail->says("partition rides-1 is closed: "));
  }
  EXPECT_TRUE(latest.says("partition rides-1 is closed: "));
  damage({"rides-1"});  // mends it
  for (const RunningHail* hail : {&alone, &member}) {
    EXPECT_TRUE(hail->says("partition rides-1 is open again")) << hail->err();
    EXPECT_TRUE(hail->says("1-2"));
  }
  ok({"produce", "rides", "--key", key_of(1)}, "late\n");
  for (RunningHail* hail : {&alone, &member, &latest}) {
    EXPECT_TRUE(hail->says("late")) << hail->err();
    EXPECT_EQ(hail->interrupt(), 0) << hail->err();
    EXPECT_NE(hail->out().find(R"({"error":"","partition":1,"topic":"rides"})"), std::string::npos)
        << hail->out();
  }
  EXPECT_EQ(values(latest.out()), Arguments{"late"});
}

TEST_F(HailClosedTest, AFollowerOfAClosedPartitionEndsWithOne) {
  damage({"rides-1"});
  RunningHail hail(at_broker({"consume", "rides", "--follow"}));
  ASSERT_TRUE(hail.says("2-2"));
  EXPECT_EQ(hail.interrupt(), 1);
}

// Invariant 7: the file is found to be short, or its bytes other ones, only when they are read.
TEST_F(HailClosedTest, APartitionThatCannotBeReadOnIsNamed) {
  const auto segment = folder("rides-1") / kSegment;
  flip("rides-1");
  for (const char* fault : {"flipped", "cut"}) {
    for (const Arguments& more : std::vector<Arguments>{{}, {"--group", fault}}) {
      Arguments command{"consume", "rides", "--json"};
      command.insert(command.end(), more.begin(), more.end());
      const auto result = hail(command);
      expect_named(result, {"rides-1"}, fault);
      EXPECT_EQ(values(result.out), kSound) << fault;
    }
    fs::resize_file(segment, 65);
  }
}

// Invariant 10: it takes nothing more, and all that was acknowledged is read.
TEST_F(HailClosedTest, APartitionThatStoppedGivesItsRecordsAndIsNamed) {
  fs::create_directory(folder("rides-1") / "00000000000000000003.log");  // in the next one's place
  const auto written = hail({"produce", "rides", "--key", key_of(1)}, std::string(2'000, 'x'));
  EXPECT_EQ(written.exit_code, 1) << written.out;
  EXPECT_NE(written.err.find("partition rides-1 is closed: "), std::string::npos) << written.err;
  for (const Arguments& more : std::vector<Arguments>{{}, {"--group", "g"}}) {
    Arguments command{"consume", "rides", "--json"};
    command.insert(command.end(), more.begin(), more.end());
    const auto result = hail(command);
    expect_named(result, {"rides-1"}, "consume");
    EXPECT_EQ(values(result.out).size(), 9U) << result.out;
  }
}

TEST_F(HailClosedTest, TheClosedPartitionOfTheGroupsOffsetsIsNamed) {
  damage({"__consumer_offsets-0"});
  for (const Arguments& command :
       std::vector<Arguments>{{"groups", "list"},
                              {"groups", "describe", "read"},
                              {"groups", "reset", "read", "--to", "earliest"},
                              {"consume", "rides", "--group", "g"},
                              {"consume", "rides", "--group", "g", "--follow"},
                              {"perf", "consume", "rides", "--group", "g"}}) {
    expect_refused(command, "__consumer_offsets-0 is closed: ");
    Arguments as_json = command;
    as_json.emplace_back("--json");
    const auto result = hail(as_json);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_NE(json::parse(result.out)["error"].get<std::string>().find("'hail verify'"),
              std::string::npos);
  }
  EXPECT_EQ(values(ok({"consume", "rides", "--json"})).size(), 9U);
  expect_named(hail({"topics", "list"}), {"__consumer_offsets-0"}, "list");
}

TEST_F(HailClosedTest, RecordsWithoutAKeyGoToTheOthersAndTheOthersFailAtOnce) {
  damage({"rides-1"});
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 6; ++i) {
    const std::string out = ok({"produce", "rides"}, "a\nb\n");
    EXPECT_TRUE(out.starts_with("2 records written")) << out;
  }
  ok({"perf", "produce", "rides", "--records", "500", "--batch", "1000"});
  ok({"produce", "rides", "--key", key_of(2)}, "a\n");
  const auto refused = hail({"produce", "rides", "--key", key_of(1)}, "a\n");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_TRUE(refused.out.starts_with("0 records written")) << refused.out;
  EXPECT_NE(refused.err.find("written: partition rides-1 is closed: "), std::string::npos)
      << refused.err;
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

}  // namespace
}  // namespace hailstorm::cli
