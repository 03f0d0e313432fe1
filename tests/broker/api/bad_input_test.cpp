#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"
#include "tests/broker/api/broker_fixture.h"
#include "tests/support/lying_batches.h"

namespace hailstorm::broker {
namespace {

namespace format = wire::batch_format;
using wire::Api;
using wire::ErrorCode;
using Contents = std::vector<uint8_t>;

/// What our own clients never send is refused by name, and nothing of it is kept.
class BadInputTest : public BrokerFixture {
 protected:
  void SetUp() override { create("rides"); }

  static Contents with_true_crc(Contents bytes) {
    put_be(bytes.data() + format::kCrc, wire::crc32c(Bytes(bytes).subspan(format::kAttributes)));
    return bytes;
  }
  template <class Number>
  static Contents changed(Contents bytes, size_t at, Number value) {
    put_be(bytes.data() + at, value);
    return with_true_crc(std::move(bytes));
  }
  void expect_refused(Contents bytes, ErrorCode code, const char* said) {
    const auto id = produce("rides", std::move(bytes));
    sync();
    const auto answer = reply<wire::ProduceReply>(id);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(wire::name_of(answer->outcome.code), wire::name_of(code)) << answer->outcome.message;
    EXPECT_NE(answer->outcome.message.find(said), std::string::npos) << answer->outcome.message;
    EXPECT_EQ(topics_->partition({"rides", 0})->log_end_offset(), 0);
    EXPECT_EQ(topics_->partition({"rides", 0})->size_bytes(), 0);
  }
  void expect_no_topic(const std::string& name, int32_t partitions, ErrorCode code) {
    const auto id =
        send(Api::create_topic, wire::CreateTopicRequest{name, {.partitions = partitions}});
    const auto answer = reply<wire::CreateTopicReply>(id);
    EXPECT_EQ(wire::name_of(answer->outcome.code), wire::name_of(code)) << name;
    EXPECT_FALSE(answer->outcome.message.empty());
    EXPECT_EQ(topics_->find(name), nullptr) << name;
    EXPECT_FALSE(std::filesystem::exists(folder_.path().parent_path() / "x-0"));
  }
};

TEST_F(BadInputTest, ATopicsNameIsNoPathAndNotEndless) {
  for (const std::string name : {"../x", "..", ".", "a/b", "/etc/passwd", "a\nb", "å", "a b"})
    expect_no_topic(name, 1, ErrorCode::invalid_topic);
  expect_no_topic(std::string("a\0b", 3), 1, ErrorCode::invalid_topic);
  expect_no_topic(std::string(300, 'a'), 1, ErrorCode::invalid_topic);
  expect_no_topic(std::string(250, 'a'), 1, ErrorCode::invalid_topic);
  create(std::string(240, 'a'));
}

TEST_F(BadInputTest, ThereAreNotEndlesslyManyPartitions) {
  for (const int32_t count : {10'000, 1'025, 0, -1, INT32_MAX, INT32_MIN})
    expect_no_topic("many", count, ErrorCode::invalid_partitions);
  const auto id = send(Api::create_partitions, wire::CreatePartitionsRequest{"rides", 10'000});
  EXPECT_EQ(code<wire::CreatePartitionsReply>(id), ErrorCode::invalid_partitions);
}

TEST_F(BadInputTest, ABatchThatClaimsTwoGigabytesIsCorrupt) {
  expect_refused(changed(batch({"x"}), format::kBatchLength, int32_t{INT32_MAX}),
                 ErrorCode::corrupt_message, "");
  expect_refused(changed(batch({"x"}), format::kBatchLength, int32_t{-1}),
                 ErrorCode::corrupt_message, "");
}

TEST_F(BadInputTest, ABatchAboveTheTopicsLimitIsTooLarge) {
  const auto limit = static_cast<size_t>(wire::TopicConfig{}.max_batch_bytes);
  expect_refused(batch({std::string(limit + 1, 'x')}), ErrorCode::message_too_large, "takes up to");
}

TEST_F(BadInputTest, TheYearFortyThousandIsRefused) {
  const int64_t year_40000_ms = 1'200'000'000'000'000;
  wire::RecordBatchBuilder builder;
  builder.append(year_40000_ms, std::nullopt, "x");
  expect_refused(builder.finish(), ErrorCode::invalid_timestamp, "more than an hour ahead");
  for (const int64_t time : {INT64_MAX, INT64_MIN, int64_t{-2}}) {
    expect_refused(changed(batch({"x"}), format::kMaxTimestamp, time), ErrorCode::invalid_timestamp,
                   "timestamp");
  }
}

TEST_F(BadInputTest, TheFirstTimestampIsNotAfterTheYoungest) {
  const int64_t max = 1'000;  // as batch() gives it
  for (const int64_t first : {max + 1, INT64_MAX, int64_t{-2}, INT64_MIN}) {
    expect_refused(changed(batch({"x"}), format::kBaseTimestamp, first), ErrorCode::invalid_record,
                   "first timestamp");
  }
}

TEST_F(BadInputTest, CountsThatDoNotAgreeAreRefusedWhateverTheCrcSays) {
  const auto three = batch({"a", "b", "c"});
  for (const int32_t wrong : {0, 1, 2, 4, 7, -1, INT32_MAX, INT32_MIN}) {
    const char* const said = "record batch claims";
    expect_refused(changed(three, format::kRecordCount, wrong), ErrorCode::invalid_record, said);
    if (wrong == 2) continue;  // the true last delta
    expect_refused(changed(three, format::kLastOffsetDelta, wrong), ErrorCode::invalid_record,
                   said);
  }
}

// Both counts agree with each other, but not with the records.
TEST_F(BadInputTest, CountsThatTheRecordsBelieAreRefused) {
  const auto claiming = [](Contents bytes, int32_t count) {
    return changed(changed(std::move(bytes), format::kRecordCount, count), format::kLastOffsetDelta,
                   count - 1);
  };
  for (const int32_t wrong : {1, 2, 4, 1'000, 1'000'000, INT32_MAX}) {
    expect_refused(claiming(batch({"a", "b", "c"}), wrong), ErrorCode::invalid_record,
                   "record batch claims");
  }
  expect_refused(claiming(batch({"a"}), 1'000'000), ErrorCode::invalid_record,
                 "record batch claims 1000000 records in 8 bytes");
}

// Invariant 59. The CRC is right, and no reader could pass it.
TEST_F(BadInputTest, ARecordThatLiesIsRefusedByNameWhateverTheCrcSays) {
  for (const auto& [what, record, said] : testing::lies()) {
    SCOPED_TRACE(what);
    expect_refused(testing::batch_around(record), ErrorCode::invalid_record, said);
    expect_refused(testing::batch_around(record), ErrorCode::invalid_record, "record 2 of 3");
  }
  expect_refused(testing::batch_of_bytes("", 1), ErrorCode::invalid_record, "1 records in 0 bytes");
  expect_refused(testing::batch_of_bytes(std::string(200, '\xff'), 3), ErrorCode::invalid_record,
                 "record 1 of 3");
}

// Retention and the time index go by the header alone.
TEST_F(BadInputTest, RecordsThatBelieTheBatchsTimesAreRefused) {
  using testing::varint;
  for (const int64_t delta : {int64_t{1}, int64_t{1} << 60, INT64_MAX - 1'000})
    expect_refused(testing::batch_around({.timestamp_delta = varint(delta)}),
                   ErrorCode::invalid_record, "the batch says that its youngest record is of 1000");
  for (const int64_t delta : {int64_t{-1'002}, INT64_MIN})
    expect_refused(testing::batch_around({.timestamp_delta = varint(delta)}),
                   ErrorCode::invalid_record, "before 1970");
  expect_refused(changed(batch({"x"}), format::kMaxTimestamp, int64_t{2'000}),
                 ErrorCode::invalid_record, "is of 2000, but that is of 1000");
}

TEST_F(BadInputTest, ABatchOfEveryFieldThatMayBeThereIsTaken) {
  const auto id = produce("rides", testing::batch_around({.timestamp_delta = testing::varint(-7),
                                                          .key_length = testing::varint(-1),
                                                          .key = "",
                                                          .value_length = testing::varint(-1),
                                                          .value = ""}));
  sync();
  EXPECT_EQ(code<wire::ProduceReply>(id), ErrorCode::none);
}

TEST_F(BadInputTest, UnknownCodecsAndControlBatchesAreRefusedByThoseNames) {
  for (const int codec : {5, 6, 7}) {
    expect_refused(changed(batch({"x"}), format::kAttributes, static_cast<int16_t>(codec)),
                   ErrorCode::unsupported_compression_type, "codec");
  }
  for (const int attributes : {0x10, 0x20, 0x30}) {
    expect_refused(changed(batch({"x"}), format::kAttributes, static_cast<int16_t>(attributes)),
                   ErrorCode::invalid_record, "control");
  }
}

TEST_F(BadInputTest, AcksOfAnotherKindAreRefused) {
  for (const int acks : {0, 2, -2}) {
    const auto id = produce("rides", batch({"x"}), static_cast<wire::Acks>(acks));
    sync();
    EXPECT_EQ(code<wire::ProduceReply>(id), ErrorCode::invalid_request) << acks;
    EXPECT_EQ(topics_->partition({"rides", 0})->log_end_offset(), 0);
  }
}

TEST_F(BadInputTest, AnOldFormatIsRefused) {
  for (const int magic : {0, 1, 3, -1})
    expect_refused(changed(batch({"x"}), format::kMagic, static_cast<int8_t>(magic)),
                   ErrorCode::invalid_record, "");
}

}  // namespace
}  // namespace hailstorm::broker
