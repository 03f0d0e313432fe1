#include "services/lab/faults/records/redeliver_fault.h"

#include <fmt/format.h>
#include <map>
#include <utility>

#include "common/base/clock.h"
#include "common/log/rewind/rewind.h"
#include "services/lab/faults/process_fault.h"
#include "services/lab/faults/records/record_fault.h"

namespace hailstorm::lab {
namespace {

class RedeliverFault final : public RecordFault {
 public:
  RedeliverFault(const std::string& broker_url, const FaultRequest& request, int64_t last_ms)
      : RecordFault(broker_url, request), last_ms_(last_ms) {}

  Status inject() override {
    HAIL_RETURN_IF_ERROR(open());
    log::Rewind rewind;
    rewind.group = target();
    rewind.to = {log::StartPoint::Kind::time, SystemClock().wall_ms() - last_ms_};
    rewind.is_live = rewind.is_only_back = true;
    auto previewed = log::preview_rewind(engine(), rewind);
    if (!previewed.ok()) return fault_error(previewed.error());
    if (previewed->partitions.empty())
      return Error(FaultErrc::not_possible, fmt::format("{} has committed nothing of the last {} s",
                                                        target(), last_ms_ / 1'000));
    details_ = log::to_json(*previewed);
    std::vector<log::Position> positions;
    for (const auto& one : previewed->partitions) {
      positions.push_back(one.to);
      from_[one.to.id] = one.from;
    }
    const auto rewound = admin().rewind_group(target(), positions);
    if (!rewound.ok()) return fault_error(rewound.error());
    seen_ = look(rewound->epoch);  // now: the members go on at once
    return {};
  }

  Probe is_in_effect() override { return is_reverted() ? passed(from_) : seen_; }

  [[nodiscard]] json::Value details() const override { return details_; }

 private:
  /// on: the group has committed less than before.
  Probe look(int32_t epoch) {
    const auto group = admin().describe_group(target());
    if (!group.ok()) return {Effect::unclear, group.error().message()};
    Probe probe{Effect::unclear, fmt::format("epoch {}:", epoch)};
    for (const auto& one : group->partitions) {
      const auto at = from_.find(one.id);
      if (at == from_.end()) continue;
      if (one.committed_offset < at->second) probe.effect = Effect::on;
      probe.evidence += fmt::format(" {}-{} is committed up to {}, was {};", one.id.topic,
                                    one.id.partition, one.committed_offset, at->second);
    }
    probe.evidence.pop_back();
    return probe;
  }

  const int64_t last_ms_;
  std::map<log::TopicPartition, int64_t> from_;
  Probe seen_;
  json::Value details_ = json::Value::object();
};

}  // namespace

Result<std::unique_ptr<Fault>> make_redeliver_fault(const std::string& broker_url,
                                                    const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {"last_s"}));
  HAIL_ASSIGN_OR_RETURN(const int64_t last_ms, last_ms_of(request));
  return std::unique_ptr<Fault>(std::make_unique<RedeliverFault>(broker_url, request, last_ms));
}

}  // namespace hailstorm::lab
