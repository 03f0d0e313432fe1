#include "common/log/record_check.h"

#include <gtest/gtest.h>

#include "common/wire/record_batch.h"
#include "tests/support/matchers.h"

namespace hailstorm::log {
namespace {

/// The batch that holds nothing but this record.
size_t batch_bytes(const Record& record) {
  wire::RecordBatchBuilder builder;
  std::vector<wire::RecordHeaderView> headers;
  for (const auto& [name, value] : record.headers) headers.push_back({name, value});
  builder.append(INT64_MAX, record.key, record.value, headers);
  return builder.size_bytes();
}

// Invariant 57: the producer's limit and the broker's are one.
TEST(RecordCheckTest, EachRecordThatIsNotRefusedFitsIntoABatchOfItsOwn) {
  const std::string most(kMaxRecordBytes, 'x');
  constexpr size_t kHeaders = 1'000;
  std::vector<Record> largest(4);
  largest[0].value = most;
  largest[1].key = most.substr(0, most.size() / 2);
  largest[1].value = most.substr(most.size() / 2);
  largest[2].headers.assign(kMaxRecordBytes / wire::kHeaderOverheadBytes, {"", std::nullopt});
  largest[3].headers.assign(
      kHeaders, {"", most.substr(0, kMaxRecordBytes / kHeaders - wire::kHeaderOverheadBytes)});
  for (Record& record : largest) {
    EXPECT_OK(check_record("rides", record));
    EXPECT_LE(batch_bytes(record), size_t{wire::kMaxBatchBytes});
    if (record.headers.empty()) {
      record.key = record.key.value_or("") + "x";
    } else {
      record.headers.emplace_back("0123456789", "0123456789012345678901234567890123456789");
      record.value = std::string(1'000, 'x');
    }
    EXPECT_FAILS_WITH(check_record("rides", record), LogErrc::refused);
  }
}

}  // namespace
}  // namespace hailstorm::log
