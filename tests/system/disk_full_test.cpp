#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/http/client.h"
#include "common/log/log.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/small_disk.h"

namespace hailstorm::testing {
namespace {

constexpr const char* kTopic = "rides";
constexpr const char* kGroup = "payment";

/// Invariant 12 with the real broker.
class DiskFullTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.is_mounted()) {
      GTEST_SKIP() << "needs a small disk of its own, and mounting a tmpfs is not permitted here: "
                      "run it as root";
    }
    broker_ = std::make_unique<BrokerProcess>(std::vector<std::string>{}, disk_.path() / "data");
    engine_ = log::open(broker_->url()).value();
    log::TopicSettings settings;
    settings.partitions = 1;
    settings.segment_bytes = 1 << 20;
    ASSERT_OK(engine_->make_admin(10'000)->create_topic(kTopic, settings));
  }

  /// Sends so many records of 50 kB and gives how many were acknowledged of all that were ever
  /// sent.
  int64_t produce(int count, int timeout_ms) {
    log::ProducerOptions options;
    options.delivery_timeout_ms = timeout_ms;
    options.batch_bytes = 64 << 10;
    options.linger_ms = 0;
    const auto producer = engine_->make_producer(options);
    for (int i = 0; i < count; ++i) {
      const std::string value = std::to_string(sent_++) + ":" + std::string(50'000, 'x');
      log::Record record;
      record.value = value;
      const auto sent = producer->send(kTopic, std::move(record), [this, value](const auto& done) {
        const std::lock_guard lock(mutex_);
        if (done.ok()) {
          acknowledged_[done->offset] = value;
        } else {
          refusals_ += done.error().message() + '\n';
        }
      });
      if (!sent.ok()) break;
    }
    static_cast<void>(producer->flush(timeout_ms + 5'000).ok());
    const std::lock_guard lock(mutex_);
    return std::ssize(acknowledged_);
  }
  /// Everything that was acknowledged is there, at its offset.
  void expect_all_there() {
    ASSERT_FALSE(acknowledged_.empty());
    const auto consumer = engine_->make_consumer({});
    consumer->assign({{{kTopic, 0}, 0}});
    std::map<int64_t, std::string> found;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (found.empty() || found.rbegin()->first < acknowledged_.rbegin()->first) {
      const auto records = consumer->poll(300);
      ASSERT_OK(records);
      for (const auto& record : *records) found[record.offset] = *record.value;
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << found.size() << " were read";
    }
    for (const auto& [offset, value] : acknowledged_) {
      ASSERT_TRUE(found.contains(offset)) << offset;
      ASSERT_TRUE(found[offset] == value) << "other bytes at " << offset;
    }
  }
  void commit(int64_t offset) {
    log::ConsumerOptions options;
    options.group = kGroup;
    const auto consumer = engine_->make_consumer(options);
    consumer->subscribe({kTopic});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (consumer->assignment().empty()) {
      ASSERT_OK(consumer->poll(200));
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
    ASSERT_OK(consumer->commit({{{kTopic, 0}, offset}}));
  }
  int64_t committed() {
    const auto group = engine_->make_admin(10'000)->describe_group(kGroup);
    EXPECT_OK(group);
    if (!group.ok() || group->partitions.empty()) return -1;
    return group->partitions.front().committed_offset;
  }
  /// The probe says that the disk is full, or not.
  void await_full(bool is_full) {
    ASSERT_TRUE(await([&] {
      return (readiness().find("disk is full") != std::string::npos) == is_full;
    })) << readiness();
  }
  std::string readiness() {
    http::Client probe(http::Address{"127.0.0.1", http_port()}, 2'000);
    const auto answer = probe.get("/readyz");
    return answer.ok() ? answer->body : answer.error().message();
  }
  int http_port() const {
    const std::string url = broker_->http_url();
    return std::stoi(url.substr(url.rfind(':') + 1));
  }

  SmallDisk disk_;
  std::unique_ptr<BrokerProcess> broker_;
  std::unique_ptr<log::Engine> engine_;
  int64_t sent_ = 0;
  std::mutex mutex_;
  std::map<int64_t, std::string> acknowledged_;
  std::string refusals_;  // one line each
};

TEST_F(DiskFullTest, ProduceIsRefusedFetchAndCommitsGoOnAndServiceResumesByItself) {
  disk_.leave(6 << 20);
  const int64_t before = produce(150, 3'000);
  EXPECT_GT(before, 50);
  EXPECT_LT(before, 150);
  EXPECT_NE(refusals_.find("disk is full"), std::string::npos) << refusals_;
  await_full(true);
  EXPECT_NE(broker_->log().find("the disk is full"), std::string::npos);
  expect_all_there();

  commit(17);  // the reserve is for this

  disk_.remove_filler();
  EXPECT_EQ(produce(20, 10'000), before + 20);
  await_full(false);
  expect_all_there();

  broker_->kill();
  broker_->start();
  expect_all_there();
  EXPECT_EQ(committed(), 17);
}

// Not even the reserve is left: the kernel itself says no, in the middle of a write.
TEST_F(DiskFullTest, ADiskWithoutAByteLosesNothing) {
  produce(20, 10'000);
  for (const uint64_t left : {0u, 4096u, 40'000u}) {
    disk_.remove_filler();
    disk_.leave(left);
    const int64_t before = std::ssize(acknowledged_);
    refusals_.clear();
    EXPECT_EQ(produce(3, 2'000), before);
    EXPECT_NE(refusals_.find("disk is full"), std::string::npos) << refusals_;
    expect_all_there();
  }
  disk_.remove_filler();
  disk_.leave(0);
  broker_->kill();  // and it comes back while the disk is full
  broker_->start_unready();
  expect_all_there();
  disk_.remove_filler();
  const int64_t before = std::ssize(acknowledged_);
  EXPECT_EQ(produce(5, 10'000), before + 5);
  expect_all_there();
}

}  // namespace
}  // namespace hailstorm::testing
