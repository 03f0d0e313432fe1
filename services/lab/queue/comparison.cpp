#include "services/lab/queue/comparison.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <utility>

#include "common/base/clock.h"
#include "common/base/token_file.h"
#include "common/json/member_reader.h"
#include "services/lab/api/errors.h"
#include "services/lab/dead_letters/log_reading.h"
#include "services/lab/queue/work_queue.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kRidesTopic = "ride_requested";
constexpr int kReadWithinMs = 10'000;
constexpr int kPollMs = 100;

/// One reader of the log: a consumer group with one member, removed when this ends.
class LogReader {
 public:
  LogReader(log::Engine& engine, log::Admin& admin, const std::vector<Stretch>& stretches)
      : admin_(admin),
        stretches_(stretches),
        group_("queue-or-log-" + random_token().substr(0, 8)) {
    log::ConsumerOptions options;
    options.group = group_;
    consumer_ = engine.make_consumer(std::move(options));
  }
  ~LogReader() {
    consumer_.reset();  // leaves the group
    (void)admin_.delete_group(group_);
  }
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  /// From the first of the rides on; gives how many there were.
  Result<int64_t> read() {
    HAIL_RETURN_IF_ERROR(admin_.reset_offsets(group_, begins()));
    consumer_->subscribe({kRidesTopic});
    return read_on();
  }
  /// The group goes back while it lives.
  Result<int64_t> read_again() {
    const auto moved = admin_.rewind_group(group_, begins());
    if (!moved.ok()) return moved.error();
    return read_on();
  }

 private:
  [[nodiscard]] std::vector<log::Position> begins() const {
    std::vector<log::Position> all;
    for (const auto& stretch : stretches_) all.push_back(stretch.begin);
    return all;
  }
  [[nodiscard]] std::vector<log::Position> ends() const {
    auto all = begins();
    for (size_t i = 0; i < all.size(); ++i) all[i].offset = stretches_[i].end_offset;
    return all;
  }

  Result<int64_t> read_on() {
    std::map<log::TopicPartition, Stretch> left;
    for (const auto& stretch : stretches_) left[stretch.begin.id] = stretch;
    int64_t count = 0;
    const int64_t deadline_ms = clock_.steady_ms() + kReadWithinMs;
    while (!left.empty()) {
      const auto polled = consumer_->poll(kPollMs);
      // A group that was moved fences what it had handed out, and goes on.
      if (!polled.ok() && !polled.error().is(log::LogErrc::fenced)) return polled.error();
      if (polled.ok()) count += count_rides(*polled, left);
      if (clock_.steady_ms() > deadline_ms) {
        return Error(log::LogErrc::unavailable,
                     fmt::format("the log gave {} rides within {} ms", count, kReadWithinMs));
      }
    }
    HAIL_RETURN_IF_ERROR(consumer_->commit(ends()));
    return count;
  }

  /// Those of the stretches; a stretch of which all are there is `left` no more. Rides that came
  /// since are none of them, also where they come before the group is moved back.
  static int64_t count_rides(const std::vector<log::ConsumedRecord>& records,
                             std::map<log::TopicPartition, Stretch>& left) {
    int64_t count = 0;
    for (const auto& record : records) {
      const auto found = left.find({record.topic, record.partition});
      if (found == left.end()) continue;
      const Stretch& stretch = found->second;
      if (record.offset < stretch.begin.offset || record.offset >= stretch.end_offset) continue;
      ++count;
      if (record.next_offset() >= stretch.end_offset) left.erase(found);
    }
    return count;
  }

  log::Admin& admin_;
  const std::vector<Stretch>& stretches_;
  const std::string group_;
  const SystemClock clock_;
  std::unique_ptr<log::Consumer> consumer_;
};

Result<Reading> through_log(log::Engine& engine, log::Admin& admin,
                            const std::vector<Stretch>& stretches) {
  Reading reading;
  LogReader first(engine, admin, stretches);
  LogReader second(engine, admin, stretches);
  HAIL_ASSIGN_OR_RETURN(reading.first, first.read());
  HAIL_ASSIGN_OR_RETURN(reading.second, second.read());
  LogReader late(engine, admin, stretches);
  HAIL_ASSIGN_OR_RETURN(reading.late, late.read());
  HAIL_ASSIGN_OR_RETURN(reading.again, first.read_again());
  HAIL_RETURN_IF_ERROR(read_stretches(engine, stretches, kReadWithinMs,
                                      [&](const log::ConsumedRecord&) { ++reading.kept; }));
  return reading;
}

void fill(WorkQueue& queue, const std::vector<std::string>& rides) {
  for (const auto& ride : rides) (void)queue.put(ride);  // there is room for each
}

Reading through_one_queue(const std::vector<std::string>& rides) {
  WorkQueue queue(rides.size());
  fill(queue, rides);
  const auto both = empty_together(queue, 2);
  Reading reading;
  reading.first = both[0];
  reading.second = both[1];
  reading.late = empty_together(queue, 1)[0];
  reading.again = empty_together(queue, 1)[0];
  reading.kept = static_cast<int64_t>(queue.size());
  return reading;
}

Reading through_a_queue_each(const std::vector<std::string>& rides) {
  WorkQueue first(rides.size());
  WorkQueue second(rides.size());
  // Nobody knew of it when the rides came.
  WorkQueue late(rides.size());
  fill(first, rides);
  fill(second, rides);
  Reading reading;
  reading.first = empty_together(first, 1)[0];
  reading.second = empty_together(second, 1)[0];
  reading.late = empty_together(late, 1)[0];
  reading.again = empty_together(first, 1)[0];
  reading.kept = static_cast<int64_t>(first.size() + second.size() + late.size());
  return reading;
}

int64_t count_of(const Stretch& stretch) { return stretch.end_offset - stretch.begin.offset; }

/// Exactly so many, the newest ones of each partition.
Result<std::vector<Stretch>> newest_rides(log::Admin& admin, int64_t rides) {
  HAIL_ASSIGN_OR_RETURN(auto stretches, newest(admin, {kRidesTopic}, rides));
  int64_t found = 0;
  for (const auto& stretch : stretches) found += count_of(stretch);
  if (found < rides) {
    return Error(ApiErrc::not_now, fmt::format("the log has {} rides yet, too few for {}: let "
                                               "riders ride first",
                                               found, rides));
  }
  for (; found > rides; --found) {
    ++std::max_element(stretches.begin(), stretches.end(), [](const auto& one, const auto& other) {
        return count_of(one) < count_of(other);
      })->begin.offset;
  }
  return stretches;
}

json::Value to_json(const Reading& reading) {
  return {{"first", reading.first},
          {"second", reading.second},
          {"late", reading.late},
          {"again", reading.again},
          {"kept", reading.kept}};
}

}  // namespace

Result<QueueOrLog> compare_queue_and_log(log::Engine& engine, int64_t rides) {
  const auto admin = engine.make_admin();
  HAIL_ASSIGN_OR_RETURN(const auto stretches, newest_rides(*admin, rides));
  std::vector<std::string> messages;
  HAIL_RETURN_IF_ERROR(read_stretches(
      engine, stretches, kReadWithinMs,
      [&](const log::ConsumedRecord& record) { messages.push_back(record.key.value_or("")); }));
  QueueOrLog result;
  result.rides = static_cast<int64_t>(messages.size());
  result.queue = through_one_queue(messages);
  result.queue_each = through_a_queue_each(messages);
  HAIL_ASSIGN_OR_RETURN(result.log, through_log(engine, *admin, stretches));
  return result;
}

json::Value to_json(const QueueOrLog& result) {
  return {{"rides", result.rides},
          {"log", to_json(result.log)},
          {"queue", to_json(result.queue)},
          {"queue_each", to_json(result.queue_each)}};
}

Result<std::vector<std::string>> to_lines(const json::Value& result) {
  static constexpr std::pair<const char*, const char*> kRows[] = {
      {"first", "the first reader gets"},
      {"second", "the second reader, which wants all, too, gets"},
      {"late", "a reader that comes when both are done gets"},
      {"again", "the first one, which wants them once more, gets"},
      {"kept", "afterwards there are still"}};
  static constexpr std::pair<const char*, int> kColumns[] = {
      {"log", 8}, {"queue", 12}, {"queue_each", 15}};
  int64_t rides = 0;
  json::MemberReader head(result);
  head.required("rides", rides);
  HAIL_RETURN_IF_ERROR(head.status());
  std::vector<std::string> lines = {
      fmt::format("{:<52}", fmt::format("Of {} rides", rides)) +
      fmt::format("{:>8}{:>12}{:>15}", "log", "one queue", "a queue each")};
  for (const auto& [member, words] : kRows) {
    std::string line = fmt::format("  {:<50}", words);
    for (const auto& [part, width] : kColumns) {
      int64_t count = 0;
      const json::Value* reading = result.find(part);
      if (reading == nullptr) return Error(ApiErrc::failed, fmt::format("no member {}", part));
      json::MemberReader reader(*reading);
      reader.required(member, count);
      HAIL_RETURN_IF_ERROR(reader.status());
      line += fmt::format("{:>{}}", count, width);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace hailstorm::lab
