#include "common/service/dead_letter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/events/events.h"
#include "common/log/record_check.h"

namespace hailstorm::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;

log::ConsumedRecord record_of(std::optional<std::string> key, std::optional<std::string> value,
                              log::Headers headers = {}) {
  log::ConsumedRecord record;
  record.topic = "ride_requested";
  record.partition = 2;
  record.offset = 77;
  record.key = std::move(key);
  record.value = std::move(value);
  record.headers = std::move(headers);
  return record;
}

log::Record letter_of(const log::ConsumedRecord& record, const std::string& why = "no event") {
  return dead_letter_of(record, "payment", Error(events::EventErrc::bad_json, why), 3);
}

/// The record as a reader gets it that reads it again from another place.
log::ConsumedRecord again(const log::Record& letter) {
  return record_of(letter.key, letter.value, letter.headers);
}

TEST(DeadLetterTest, ASmallRecordIsKeptWholeWithItsPlaceAndTheReason) {
  const log::Headers headers = {{"ce_id", "r1/ride_requested"}, {"n", std::nullopt}};
  const auto letter = letter_of(record_of("rider", "not json", headers));
  EXPECT_EQ(letter.key, "rider");
  EXPECT_EQ(letter.value, "not json");
  EXPECT_THAT(letter.headers,
              ::testing::ElementsAre(
                  Pair("ce_id", "r1/ride_requested"), Pair("n", std::nullopt),
                  Pair("dead_letter_topic", "ride_requested"), Pair("dead_letter_partition", "2"),
                  Pair("dead_letter_offset", "77"), Pair("dead_letter_group", "payment"),
                  Pair("dead_letter_error", "no event"), Pair("dead_letter_attempts", "3"),
                  Pair("dead_letter_key_bytes", "5"), Pair("dead_letter_value_bytes", "8")));
}

TEST(DeadLetterTest, ANullValueStaysNull) {
  const auto letter = letter_of(record_of(std::nullopt, std::nullopt));
  EXPECT_EQ(letter.key, std::nullopt);
  EXPECT_EQ(letter.value, std::nullopt);
  EXPECT_EQ(letter.headers.size(), 6U);
}

// Invariant 58: whatever is large, key, value, headers or reason, the dead letter can be sent.
TEST(DeadLetterTest, TheLargestRecordsMakeSmallDeadLetters) {
  const std::string large(log::kMaxRecordBytes, 'x');
  const log::Headers many(100'000, {"n", "v"});
  const std::vector<log::ConsumedRecord> all = {
      record_of(std::nullopt, large), record_of(large, std::nullopt),
      record_of("k", "v", {{large, "v"}}), record_of("k", "v", {{"n", large}}),
      record_of("k", "v", many)};
  for (const auto& record : all) {
    const auto letter = letter_of(record, "the field '" + large + "' is too long");
    EXPECT_LT(log::record_bytes(letter), 12 << 10);
  }
  const auto value = letter_of(all[0]);
  EXPECT_EQ(value.value, large.substr(0, kLetterValueBytes));
  EXPECT_THAT(value.headers,
              ::testing::Contains(Pair("dead_letter_value_bytes", std::to_string(large.size()))));
  EXPECT_THAT(letter_of(all[4]).headers,
              ::testing::Contains(Pair("dead_letter_headers_left_out", "99659")));
  EXPECT_THAT(*letter_of(all[0], large).headers[4].second,
              HasSubstr("(" + std::to_string(large.size()) + " bytes in all)"));
}

// Invariant 58.
TEST(DeadLetterTest, ADeadLetterOfADeadLetterDoesNotGrow) {
  auto letter = letter_of(record_of(std::string(5'000, 'k'), std::string(50'000, 'v'),
                                    log::Headers(300, {"name", "value"})));
  letter = letter_of(again(letter));
  const auto bytes = log::record_bytes(letter);
  for (int i = 0; i < 5; ++i) letter = letter_of(again(letter));
  EXPECT_EQ(log::record_bytes(letter), bytes);
}

}  // namespace
}  // namespace hailstorm::service
