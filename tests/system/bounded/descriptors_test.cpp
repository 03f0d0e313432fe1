#include <chrono>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "tests/system/bounded/bounded_fixture.h"

namespace hailstorm::testing {
namespace {

/// Invariant 67: a broker that may have 256 files open, and one that may have 1,024.
class FewDescriptorsTest : public BoundedFixture {
 protected:
  explicit FewDescriptorsTest(const std::string& limit = "256")
      : BoundedFixture("ulimit -n " + limit + ";") {}

  /// Silent connections, while the neighbour begins new segments all the time, and others want to
  /// connect.
  void expect_service_beside(int count) {
    {
      const auto peers = connect(count);
      EXPECT_TRUE(
          await([&] { return metric("hailstorm_broker_dropped_total{reason=\"conn") > 0; }));
      const auto other = log::open(broker_.url());
      ASSERT_OK(other);
      EXPECT_OK((*other)->make_admin(20'000)->create_topic("others", {.partitions = 1}));
      EXPECT_OK((*other)->make_admin(20'000)->delete_topic("others"));
    }
    const auto began = std::chrono::steady_clock::now();
    const auto later = log::open(broker_.url());
    EXPECT_OK((*later)->make_admin(20'000)->describe_topics({}));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
    EXPECT_EQ(broker_.log().find("a partition stopped"), std::string::npos);
    expect_bounded(1'024);
  }
};

class ThousandDescriptorsTest : public FewDescriptorsTest {
 protected:
  ThousandDescriptorsTest() : FewDescriptorsTest("1024") {}
};

TEST_F(FewDescriptorsTest, AreNotUsedUpBySilentConnections) { expect_service_beside(300); }
TEST_F(ThousandDescriptorsTest, AreNotUsedUpBySilentConnections) { expect_service_beside(1'200); }

TEST_F(FewDescriptorsTest, TopicsThatWouldTakeThemAllAreRefusedByName) {
  const auto made = engine_->make_admin(20'000)->create_topic("rides", {.partitions = 200});
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().message().find("256 files"), std::string::npos) << made.error().message();
  EXPECT_OK(engine_->make_admin(20'000)->create_topic("rides", {.partitions = 4}));
  expect_bounded(4, 16);
}

// What is refused for want of descriptors goes on by itself when there are some.
TEST_F(FewDescriptorsTest, WhereNoneIsLeftServiceResumesByItself) {
  const rlimit none{static_cast<rlim_t>(descriptors()), 256};
  const rlimit some{256, 256};
  ASSERT_EQ(::prlimit(broker_.pid(), RLIMIT_NOFILE, &none, nullptr), 0);
  RawPeer peer(context_, broker_.port(), 0);
  EXPECT_TRUE(await([&] {
    return broker_.log().find("Too many open files") != std::string::npos ||
           metric("hailstorm_broker_dropped_total{reason=\"desc") > 0;
  }));
  ASSERT_EQ(::prlimit(broker_.pid(), RLIMIT_NOFILE, &some, nullptr), 0);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_OK(engine_->make_admin(20'000)->create_topic("rides", {.partitions = 4}));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
  EXPECT_EQ(broker_.log().find("a partition stopped"), std::string::npos) << broker_.log();
  expect_bounded(4, 16);
}

}  // namespace
}  // namespace hailstorm::testing
