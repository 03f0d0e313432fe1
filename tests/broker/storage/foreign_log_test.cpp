#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"
#include "tests/broker/storage/log_fixture.h"

/// Logs that another broker wrote, Kafka say, and that somebody put into the data folder.
namespace hailstorm::storage {
namespace {

namespace format = wire::batch_format;

class ForeignLogTest : public LogFixture {
 protected:
  template <class Value>
  std::vector<uint8_t> batch_with(size_t at, Value value) {
    auto bytes = batch_of({"one", "two"}, clock_.wall_ms());
    put_be(bytes.data() + at, value);
    put_be(bytes.data() + format::kCrc, wire::crc32c(Bytes(bytes).subspan(format::kAttributes)));
    return bytes;
  }
  /// Appends to the file of the first segment without the broker.
  void put(std::vector<uint8_t> batch, int64_t offset) {
    put_be(batch.data() + format::kBaseOffset, offset);
    auto& log = bytes_of(0);
    log.insert(log.end(), batch.begin(), batch.end());
  }
  void forget_what_is_durable() {
    for (const auto name : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
      const std::string file = std::string(kFolder) + "/" + std::string(name);
      if (files_.exists(file)) ASSERT_OK(files_.remove(file));
    }
  }
  void expect_refused(const std::string& words, size_t byte) {
    const auto before = files_.all_files();
    const Status opened = try_open();
    EXPECT_FAILS_WITH(opened, StorageErrc::corrupt);
    const std::string& said = opened.error().message();
    EXPECT_NE(said.find(words), std::string::npos) << said;
    EXPECT_NE(said.find("at byte " + std::to_string(byte) + ":"), std::string::npos) << said;
    EXPECT_EQ(files_.all_files(), before);
  }
};

// Invariants 6 and 7. A torn tail was never acknowledged; but these are whole records, perhaps the
// only copy.
TEST_F(ForeignLogTest, AWholeBatchOfAKindThatIsNotServedIsNoTornTail) {
  const struct {
    std::vector<uint8_t> batch;
    std::string words;
  } kinds[] = {
      {batch_with(format::kAttributes, int16_t{7}), "codec 7"},
      {batch_with(format::kAttributes, format::kTransactionalMask), "transactional"},
      {batch_with(format::kAttributes, format::kControlMask), "control"},
      {batch_with(format::kLastOffsetDelta, int32_t{0}), "last offset delta 0"},
      {batch_with(format::kPartitionLeaderEpoch, int32_t{3}), "leader epoch 3"},
  };
  for (const auto& [batch, words] : kinds) {
    open();
    ASSERT_OK(append({"ours"}));
    ASSERT_OK(log_->close());
    log_.reset();
    const size_t ours = bytes_of(0).size();
    put(batch, 1);
    forget_what_is_durable();
    expect_refused(words, ours);
    bytes_of(0).clear();  // nothing but the others'
    put(batch, 0);
    expect_refused(words, 0);
    for (const auto& [name, bytes] : files_.all_files()) ASSERT_OK(files_.remove(name));
  }
}

TEST_F(ForeignLogTest, ABatchWithLogAppendTimeGivesItToAllItsRecords) {
  open();
  log_.reset();
  auto batch = batch_of({"one", "two"}, 1'000);
  put_be(batch.data() + format::kAttributes, format::kTimestampTypeMask);
  put_be(batch.data() + format::kMaxTimestamp, int64_t{5'000});
  put_be(batch.data() + format::kCrc, wire::crc32c(Bytes(batch).subspan(format::kAttributes)));
  put(batch, 0);
  open();
  EXPECT_EQ(read_all(), (Texts{"one", "two"}));
  const auto found = offset_at(2'000);
  ASSERT_OK(found);
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->offset, 0);
  EXPECT_EQ((*found)->timestamp_ms, 5'000);
}

TEST_F(ForeignLogTest, AProducerMayNotSetAttributes) {
  open();
  for (const auto attributes : {int16_t{0x08}, int16_t{0x40}, int16_t{0x100}}) {
    auto batch = batch_with(format::kAttributes, attributes);
    EXPECT_FAILS_WITH(append_bytes(batch), StorageErrc::invalid);
  }
  EXPECT_EQ(log_->end().offset, 0);
}

}  // namespace
}  // namespace hailstorm::storage
