#include "services/lab/faults/records/record_fault.h"

#include <algorithm>
#include <fmt/format.h>
#include <mutex>
#include <utility>

#include "common/base/clock.h"

namespace hailstorm::lab {
namespace {

constexpr int kRecordFaultTimeoutMs = 800;  // of an answer: a probe may take a second
constexpr int64_t kReadPatienceMs = 1'000;
constexpr int kReadPollMs = 100;
constexpr int kPublishMs = 1'500;
constexpr int64_t kDefaultLastS = 10;
constexpr int64_t kMostLastS = 3'600;

/// Keeps reports, which come on another thread.
class Deliveries {
 public:
  log::DeliveryCallback callback() {
    return [this](const Result<log::Delivery>& delivery) {
      const std::lock_guard lock(mutex_);
      if (delivery.ok()) {
        all_.push_back(*delivery);
      } else {
        failure_ = delivery.error();
      }
    };
  }
  Result<std::vector<log::Delivery>> take() {
    const std::lock_guard lock(mutex_);
    if (failure_) return fault_error(*failure_);
    return std::move(all_);
  }

 private:
  std::mutex mutex_;
  std::vector<log::Delivery> all_;
  std::optional<Error> failure_;
};

}  // namespace

Error fault_error(const Error& error) {
  const bool is_unknown =
      error.is(log::LogErrc::unknown_topic) || error.message().starts_with("there is no group");
  return {is_unknown ? FaultErrc::unknown_target : FaultErrc::failed, error.message()};
}

Result<int64_t> last_ms_of(const FaultRequest& request) {
  int64_t last_s = kDefaultLastS;
  if (const auto* given = request.attributes.find("last_s")) {
    last_s = given->integer().value_or(0);
    if (last_s < 1 || last_s > kMostLastS)
      return Error(FaultErrc::bad_request,
                   fmt::format("last_s is a number of seconds, 1 to {}", kMostLastS));
  }
  return last_s * 1'000;
}

Status RecordFault::open() {
  auto opened = log::open(broker_url_);
  if (!opened.ok()) return Error(FaultErrc::failed, opened.error().message());
  engine_ = std::move(opened).value();
  admin_ = engine_->make_admin(kRecordFaultTimeoutMs);
  return {};
}

Result<log::TopicInfo> RecordFault::topic() {
  const auto found = admin_->describe_topics({target_});
  if (!found.ok()) return fault_error(found.error());
  if (found->size() == 1) return found->front();
  return Error(FaultErrc::unknown_target, fmt::format("there is no topic {}", target_));
}

Result<std::vector<log::ConsumedRecord>> RecordFault::read(const std::vector<log::Position>& begins,
                                                           const std::vector<log::Position>& ends,
                                                           size_t most) {
  std::map<log::TopicPartition, int64_t> left;
  for (const auto& end : ends) left[end.id] = end.offset;
  std::vector<log::Position> from;
  for (const auto& begin : begins) {
    if (begin.offset < left[begin.id]) from.push_back(begin);
    if (begin.offset >= left[begin.id]) left.erase(begin.id);
  }
  std::vector<log::ConsumedRecord> all;
  if (from.empty()) return all;
  const auto consumer = engine_->make_consumer({});
  consumer->assign(from);
  const SystemClock clock;
  const int64_t deadline_ms = clock.steady_ms() + kReadPatienceMs;
  while (!left.empty()) {
    auto polled = consumer->poll(kReadPollMs);
    if (!polled.ok()) return fault_error(polled.error());
    for (auto& record : *polled) {
      const auto at = left.find({record.topic, record.partition});
      if (at == left.end()) continue;
      if (record.next_offset() >= at->second) left.erase(at);
      if (!record.undecodable) all.push_back(std::move(record));
    }
    if (all.size() > most)
      return Error(FaultErrc::not_possible, fmt::format("more than {} records", most));
    if (clock.steady_ms() >= deadline_ms)
      return Error(FaultErrc::failed, "the records cannot be read in time");
  }
  return all;
}

Result<std::vector<log::Delivery>> RecordFault::publish(std::vector<log::Record> records) {
  Deliveries deliveries;
  const auto producer = engine_->make_producer();
  for (auto& record : records) {
    const Status sent = producer->send(target_, std::move(record), deliveries.callback());
    if (!sent.ok()) return fault_error(sent.error());
  }
  if (const Status sent = producer->flush(kPublishMs); !sent.ok()) return fault_error(sent.error());
  return deliveries.take();
}

Probe RecordFault::passed(const std::map<log::TopicPartition, int64_t>& offsets) {
  const auto groups = admin_->list_groups();
  if (!groups.ok()) return {Effect::unclear, groups.error().message()};
  Probe probe{Effect::off, ""};
  for (const auto& info : *groups) {
    if (info.member_count == 0) continue;
    const auto group = admin_->describe_group(info.group);
    if (!group.ok()) continue;  // it was deleted meanwhile
    for (const auto& one : group->partitions) {
      const auto at = offsets.find(one.id);
      if (at == offsets.end()) continue;
      if (one.committed_offset < at->second) probe.effect = Effect::unclear;
      probe.evidence +=
          fmt::format("{}{} is at {} of {}-{}", probe.evidence.empty() ? "" : "; ", info.group,
                      one.committed_offset, one.id.topic, one.id.partition);
    }
  }
  if (probe.evidence.empty()) probe.evidence = "no live group reads there";
  return probe;
}

}  // namespace hailstorm::lab
