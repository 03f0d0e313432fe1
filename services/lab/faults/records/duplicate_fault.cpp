#include "services/lab/faults/records/duplicate_fault.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "common/base/clock.h"
#include "services/lab/faults/process_fault.h"
#include "services/lab/faults/records/record_fault.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kMostDuplicates = 10'000;

class DuplicateFault final : public RecordFault {
 public:
  DuplicateFault(const std::string& broker_url, const FaultRequest& request, int64_t last_ms)
      : RecordFault(broker_url, request), last_ms_(last_ms) {}

  Status inject() override {
    HAIL_RETURN_IF_ERROR(open());
    HAIL_ASSIGN_OR_RETURN(const auto records, recent());
    if (records.empty())
      return Error(FaultErrc::not_possible,
                   fmt::format("{} has no event of the last {} s", target(), last_ms_ / 1'000));
    std::vector<log::Record> copies;
    for (const auto& record : records)
      copies.push_back({.key = record.key, .value = record.value, .headers = record.headers});
    HAIL_ASSIGN_OR_RETURN(const auto delivered, publish(std::move(copies)));
    for (const auto& one : delivered) {
      auto& [first, end] = ranges_.try_emplace(one.id, one.offset, one.offset + 1).first->second;
      first = std::min(first, one.offset);
      end = std::max(end, one.offset + 1);
    }
    count_ = delivered.size();
    return {};
  }

  Probe is_in_effect() override {
    std::map<log::TopicPartition, int64_t> ends;
    for (const auto& [id, range] : ranges_) ends[id] = range.second;
    if (is_reverted()) return passed(ends);
    const auto info = topic();
    if (!info.ok()) return {Effect::unclear, info.error().message()};
    Probe probe{Effect::on, fmt::format("{} events once more:", count_)};
    for (const auto& partition : info->partitions) {
      const auto at = ranges_.find({info->name, partition.partition});
      if (at == ranges_.end()) continue;
      if (partition.high_watermark < at->second.second) probe.effect = Effect::unclear;
      probe.evidence +=
          fmt::format(" {}-{} from {} on, its end is {};", info->name, partition.partition,
                      at->second.first, partition.high_watermark);
    }
    probe.evidence.pop_back();
    return probe;
  }

  [[nodiscard]] json::Value details() const override { return {{"events", count_}}; }

 private:
  Result<std::vector<log::ConsumedRecord>> recent() {
    HAIL_ASSIGN_OR_RETURN(const auto info, topic());
    std::vector<log::TopicPartition> ids;
    std::vector<log::Position> ends;
    for (const auto& partition : info.partitions) {
      ids.push_back({info.name, partition.partition});
      ends.push_back({ids.back(), partition.high_watermark, info.topic_id});
    }
    const auto begins = admin().offsets_at(ids, SystemClock().wall_ms() - last_ms_);
    if (!begins.ok()) return fault_error(begins.error());
    return read(begins->positions, ends, kMostDuplicates);
  }

  const int64_t last_ms_;
  size_t count_ = 0;
  std::map<log::TopicPartition, std::pair<int64_t, int64_t>> ranges_;  // first, end
};

}  // namespace

Result<std::unique_ptr<Fault>> make_duplicate_fault(const std::string& broker_url,
                                                    const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {"last_s"}));
  HAIL_ASSIGN_OR_RETURN(const int64_t last_ms, last_ms_of(request));
  return std::unique_ptr<Fault>(std::make_unique<DuplicateFault>(broker_url, request, last_ms));
}

}  // namespace hailstorm::lab
