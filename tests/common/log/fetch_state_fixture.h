#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "common/log/hailstorm/fetch_state.h"
#include "tests/common/log/batches.h"
#include "tests/support/matchers.h"

namespace hailstorm::log::hail {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::ErrorCode;
using Need = FetchState::Need;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
const TopicPartition kFirst{"rides", 0};
const TopicPartition kSecond{"rides", 1};

/// What one consumer reads, and a broker that is the test. Thread safety: not safe.
class FetchStateTest : public ::testing::Test {
 protected:
  FetchState::Requested request(Need need = Need::records) {
    return state_.start_request(need, now_ms_);
  }
  /// Where the next fetch of the only partition that is due begins.
  int64_t fetch_offset() {
    requested_ = request();
    const auto request = state_.fetch_request(requested_);
    return request.partitions.size() == 1 ? request.partitions[0].offset : -1;
  }
  /// The answer to what was asked last: `values` from `offset` on.
  void fetched(int64_t offset, const std::vector<std::string>& values, int64_t high_watermark) {
    EXPECT_OK(answer({part(kFirst, high_watermark, 1)}, {frame_at(offset, values)}));
  }
  static wire::FetchedPartition part(const TopicPartition& id, int64_t high_watermark,
                                     int32_t data_bytes, ErrorCode code = ErrorCode::none) {
    wire::FetchedPartition made;
    made.id = {id.topic, id.partition};
    made.outcome.code = code;
    made.high_watermark = high_watermark;
    made.data_bytes = data_bytes;
    return made;
  }
  Status answer(std::vector<wire::FetchedPartition> parts, std::vector<Frame> frames = {}) {
    return state_.on_fetched(requested_, {{}, std::move(parts)}, std::move(frames), now_ms_);
  }
  void committed(int64_t offset) {
    requested_ = request(Need::committed);
    ASSERT_THAT(requested_, SizeIs(1));
    const auto& id = requested_.begin()->first;
    wire::OffsetFetchReply reply;
    reply.offsets.push_back({{id.topic, id.partition}, offset, -1, {}});
    state_.on_committed(requested_, reply);
  }
  void found(int64_t offset, ErrorCode code = ErrorCode::none) {
    requested_ = request(Need::reset);
    ASSERT_THAT(requested_, SizeIs(1));
    const auto& id = requested_.begin()->first;
    wire::ListOffsetsReply reply;
    reply.offsets.push_back({{id.topic, id.partition}, {code, "no"}, offset, -1});
    state_.on_begin(requested_, reply, now_ms_);
  }
  std::vector<std::string> take(size_t max = 100) {
    std::vector<std::string> texts;
    EXPECT_OK(state_.take(max, [&](const TopicPartition& id, const ConsumedView& one) {
      texts.push_back(std::to_string(id.partition) + "/" +
                      std::to_string(one.offset).append(one.value.value_or("")));
    }));
    return texts;
  }

  FetchState state_{OffsetReset::earliest, 500};
  FetchState::Requested requested_;
  int64_t now_ms_ = 1'000;
};

}  // namespace hailstorm::log::hail
