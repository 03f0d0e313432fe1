#include <set>

#include "tests/broker/api/broker_fixture.h"
#include "tests/support/faulty_file_system.h"

namespace hailstorm::broker {
namespace {

using hailstorm::testing::FaultyFileSystem;
using wire::Api;
using wire::ErrorCode;

/// Invariant 12: a broker on a disk of 1 MiB, of which a twentieth is not for producers.
class DiskFullTest : public BrokerFixture {
 protected:
  static constexpr uint64_t kCapacity = 1 << 20;

  void SetUp() override {
    auto disk = std::make_unique<FaultyFileSystem>();
    disk_ = disk.get();
    broker_.reset();
    topics_.reset();
    files_ = std::move(disk);
    disk_->set_capacity(kCapacity);
    open();
    create("rides");
  }

  ErrorCode try_produce(size_t bytes = 10'000) {
    const auto id = produce("rides", batch({std::string(bytes, 'x')}));
    sync();
    return code<wire::ProduceReply>(id);
  }
  /// To the last byte that producers may have.
  int64_t fill() {
    int64_t acknowledged = 0;
    for (const size_t bytes : {10'000, 1}) {
      ErrorCode answer = try_produce(bytes);
      for (; answer == ErrorCode::none; answer = try_produce(bytes)) ++acknowledged;
      EXPECT_EQ(answer, ErrorCode::disk_full);
    }
    return acknowledged;
  }
  int64_t fetch_all() {
    int64_t offset = 0;
    while (true) {
      const auto got = values(fetch("rides", offset, 0));
      if (got.empty()) return offset;
      offset += std::ssize(got);
    }
  }
  ErrorCode try_commit(int64_t offset) {
    const auto id = commit(epoch_, offset);
    sync();
    return code<wire::OffsetCommitReply>(id);
  }
  void join() { epoch_ = heartbeat(wire::kJoinEpoch).member_epoch; }
  /// What somebody else puts on the same disk.
  void set_room(uint64_t bytes) { disk_->set_capacity(disk_->used_bytes() + bytes); }

  FaultyFileSystem* disk_ = nullptr;
  int32_t epoch_ = 0;
};

TEST_F(DiskFullTest, ProduceIsRefusedByNameWhileFetchAndCommitsGoOn) {
  join();
  const int64_t acknowledged = fill();
  EXPECT_GT(acknowledged, 50);
  EXPECT_EQ(fetch_all(), acknowledged);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(try_commit(i), ErrorCode::none) << i;
  EXPECT_EQ(try_produce(), ErrorCode::disk_full);
  broker_->tick();
  ASSERT_TRUE(health_.not_ready_reason().has_value());
  EXPECT_NE(health_.not_ready_reason()->find("disk is full"), std::string::npos);
  const auto id = send(Api::create_topic, wire::CreateTopicRequest{"more", {.partitions = 8}});
  EXPECT_EQ(code<wire::CreateTopicReply>(id), ErrorCode::disk_full);
  const auto grown = send(Api::create_partitions, wire::CreatePartitionsRequest{"rides", 8});
  EXPECT_EQ(code<wire::CreatePartitionsReply>(grown), ErrorCode::disk_full);
}

TEST_F(DiskFullTest, ServiceResumesByItselfWhenThereIsRoom) {
  const int64_t acknowledged = fill();
  disk_->set_capacity(2 * kCapacity);
  EXPECT_EQ(try_produce(), ErrorCode::none);
  clock_.advance_ms(2'000);
  broker_->tick();
  EXPECT_FALSE(health_.not_ready_reason().has_value());
  reopen();
  EXPECT_EQ(fetch_all(), acknowledged + 1);
}

// Even the reserve may go to somebody else: then the disk itself refuses, at any byte.
TEST_F(DiskFullTest, ADiskThatFillsInTheMiddleOfAWriteLosesNothing) {
  join();
  const int64_t acknowledged = fill();
  std::set<ErrorCode> answers;
  for (uint64_t room = 0; room < 300; room += 7) {
    set_room(room);
    const ErrorCode answer = try_commit(static_cast<int64_t>(room % 50));
    answers.insert(answer);
    EXPECT_TRUE(answer == ErrorCode::none || answer == ErrorCode::disk_full)
        << wire::name_of(answer) << " with " << room;
    EXPECT_EQ(fetch_all(), acknowledged);
  }
  EXPECT_EQ(answers.size(), 2u);
  disk_->set_capacity(2 * kCapacity);
  EXPECT_EQ(try_commit(7), ErrorCode::none);
  EXPECT_EQ(try_produce(), ErrorCode::none);
  reopen();
  EXPECT_EQ(fetch_all(), acknowledged + 1);
  EXPECT_EQ(committed(), 7);
}

}  // namespace
}  // namespace hailstorm::broker
