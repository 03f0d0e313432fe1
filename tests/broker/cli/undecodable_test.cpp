#include <algorithm>

#include "tests/broker/cli/hail_fixture.h"
#include "tests/support/lying_batches.h"

namespace hailstorm::cli {
namespace {

/// A topic with the records "before" at offset 0, three of an older broker of which the second
/// lies, so that nobody can decode offsets 2 and 3, and "after" at offset 4.
class UndecodableTest : public HailFixture {
 protected:
  void SetUp() override {
    ok({"topics", "create", "rides", "--partitions", "1"});
    ok({"produce", "rides"}, "before\n");
    EXPECT_EQ(broker_.stop(), 0);
    const auto lying = testing::batch_around({.key_length = testing::varint(100)});
    EXPECT_EQ(testing::append_unchecked(broker_.data() / "rides-0", lying), 1);
    broker_.start();
    ok({"produce", "rides"}, "after\n");
  }

  /// All that can be decoded is there, and the rest is one line.
  static void expect_named(const testing::ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_NE(result.err.find(std::string("hail: rides-0: ") + kWhat), std::string::npos)
        << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
  static void expect_rest(const std::string& out) {
    const size_t before = out.find("before");
    const size_t after = out.find("after");
    EXPECT_NE(before, std::string::npos) << out;
    EXPECT_NE(after, std::string::npos) << out;
    EXPECT_LT(before, after);
  }

  static constexpr const char* kWhat =
      "offsets 2 to 3 hold no records that can be decoded: record 2 of 3 in the batch cannot be "
      "decoded: the key's length is not true; reading goes on after it";
};

// Invariant 59.
TEST_F(UndecodableTest, AReaderNamesThePlaceAndGoesOnAfterIt) {
  const auto alone = hail({"consume", "rides"});
  expect_named(alone);
  expect_rest(alone.out);

  const auto json = hail({"--json", "consume", "rides"});
  expect_named(json);
  expect_rest(json.out);
  EXPECT_NE(json.out.find(R"("first_offset":2,"last_offset":3)"), std::string::npos) << json.out;
  ok({"topics", "create", "copy"});
  const auto copied = hail({"--json", "produce", "copy"}, json.out);
  EXPECT_EQ(copied.exit_code, 1) << "the place is no record";
  EXPECT_NE(copied.err.find("line 3"), std::string::npos) << copied.err;

  const auto last = hail({"consume", "rides", "--from", "3"});
  expect_named(last);
  EXPECT_EQ(hail({"consume", "rides", "--from", "4"}).exit_code, 0);
}

// Invariant 59.
TEST_F(UndecodableTest, AGroupPassesThePlaceOnce) {
  const auto first = hail({"consume", "rides", "--group", "g"});
  expect_named(first);
  expect_rest(first.out);
  const auto again = hail({"consume", "rides", "--group", "g"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out + again.err, "");
  const std::string described = ok({"--json", "groups", "describe", "g"});
  EXPECT_NE(described.find(R"("committed_offset": 5)"), std::string::npos) << described;
}

TEST_F(UndecodableTest, PerfConsumeReadsTheRestAndEndsWithOne) {
  const auto result = hail({"perf", "consume", "rides"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_NE(result.err.find(kWhat), std::string::npos) << result.err;
  EXPECT_NE(result.out.find("consumed 3 records"), std::string::npos) << result.out;
}

TEST_F(UndecodableTest, DumpAndVerifyNameThePlaceAndReadTheRest) {
  ASSERT_EQ(broker_.stop(), 0);
  const auto dumped =
      run_hail({"dump", broker_.data() / "rides-0/00000000000000000000.log", "--records"});
  EXPECT_EQ(dumped.exit_code, 1) << dumped.out;
  expect_rest(dumped.out);
  EXPECT_NE(dumped.err.find("the key's length is not true"), std::string::npos) << dumped.err;

  const auto verified = run_hail({"verify", broker_.data()});
  EXPECT_EQ(verified.exit_code, 1) << verified.out;
  EXPECT_NE(verified.out.find("the key's length is not true"), std::string::npos) << verified.out;
  EXPECT_NE(verified.out.find("readers name these offsets and go on after them"), std::string::npos)
      << verified.out;
  EXPECT_NE(verified.out.find("rides-0: offsets 0 to 5, 3 batches"), std::string::npos)
      << verified.out;
}

}  // namespace
}  // namespace hailstorm::cli
