#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

/// `consume --group` beside another member that owns the only partition.
class HailGroupEndTest : public HailFixture {
 protected:
  HailGroupEndTest() {
    ok({"topics", "create", "rides", "--partitions", "1"});
    ok({"produce", "rides"}, "a\nb\n");
  }
  std::vector<std::string> follow() const {
    return at_broker({"consume", "rides", "--group", "g", "--follow"});
  }
  testing::ProgramResult join() { return hail({"consume", "rides", "--group", "g"}); }
};

TEST_F(HailGroupEndTest, AMemberWithoutPartitionsEndsWhereTheOthersHaveReadAll) {
  RunningHail other(follow());
  ASSERT_TRUE(other.says("b\n"));
  const auto result = join();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "hail: the other members of group 'g' own all partitions, and have read them\n");
  const auto measured = hail({"perf", "consume", "rides", "--group", "g"});
  EXPECT_EQ(measured.exit_code, 0);
  EXPECT_NE(measured.err.find("own all partitions"), std::string::npos) << measured.err;
}

TEST_F(HailGroupEndTest, AMemberWithoutPartitionsDoesNotWaitForOthersForEver) {
  testing::TempFolder folder;
  const std::string pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int unread = ::open(pipe.c_str(), O_RDWR);
  ASSERT_GE(unread, 0);
  std::string values;
  for (int i = 0; i < 100; ++i) values += std::string(5'000, 'x') + "\n";
  ok({"produce", "rides"}, values);
  RunningHail other(follow(), pipe);  // cannot print on, and stays a member
  ASSERT_TRUE(testing::await([&] {
    return hail({"groups", "describe", "g"}).out.find("1 members") != std::string::npos;
  }));
  const auto result = join();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("the other members of group 'g' own all partitions; "),
            std::string::npos)
      << result.err;
  ::close(unread);
}

TEST_F(HailGroupEndTest, ThePartitionOfAFrozenMemberIsRead) {
  RunningHail other(follow());
  ASSERT_TRUE(other.says("b\n"));
  other.freeze();
  ok({"produce", "rides"}, "late\n");
  const auto result = join();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("late"), std::string::npos) << result.out;
  EXPECT_EQ(result.err, "");
}

TEST_F(HailGroupEndTest, APartitionThatAnotherMemberLeavesIsRead) {
  RunningHail other(follow());
  ASSERT_TRUE(other.says("b\n"));
  other.freeze();
  ok({"produce", "rides"}, "late\n");
  RunningHail second(at_broker({"consume", "rides", "--group", "g"}));
  ASSERT_TRUE(testing::await([&] {
    return hail({"groups", "describe", "g"}).out.find("2 members") != std::string::npos;
  }));
  other.kill();
  EXPECT_EQ(second.wait(), 0) << second.err();
  EXPECT_NE(second.out().find("late"), std::string::npos) << second.out();
}

}  // namespace
}  // namespace hailstorm::cli
