#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "services/lab/faults/injection.h"

namespace hailstorm::lab {

/// What the faults of records share: a connection to the log, and who has read past what they did.
///
/// Thread safety: as Fault.
class RecordFault : public Fault {
 public:
  RecordFault(std::string broker_url, const FaultRequest& request)
      : broker_url_(std::move(broker_url)), target_(request.target) {}

  /// There is nothing to take back.
  Status revert() override {
    is_reverted_ = true;
    return {};
  }

 protected:
  /// Opens the connection. Error failed.
  [[nodiscard]] Status open();
  /// The topic that is the target, or error unknown_target.
  [[nodiscard]] Result<log::TopicInfo> topic();
  /// Its records from these positions to the ends that were known before, at most `most` of them.
  /// Errors not_possible: there are more; failed.
  [[nodiscard]] Result<std::vector<log::ConsumedRecord>> read(
      const std::vector<log::Position>& begins, const std::vector<log::Position>& ends,
      size_t most);
  /// Publishes them to the target and waits. Error failed.
  [[nodiscard]] Result<std::vector<log::Delivery>> publish(std::vector<log::Record> records);

  /// off: every live group that reads these partitions has committed the offset or a later one.
  /// Names each group and where it is.
  [[nodiscard]] Probe passed(const std::map<log::TopicPartition, int64_t>& offsets);

  [[nodiscard]] log::Engine& engine() { return *engine_; }
  [[nodiscard]] log::Admin& admin() { return *admin_; }
  [[nodiscard]] const std::string& target() const { return target_; }
  [[nodiscard]] bool is_reverted() const { return is_reverted_; }

 private:
  const std::string broker_url_;
  const std::string target_;
  bool is_reverted_ = false;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<log::Admin> admin_;
};

/// The error of the log as one of FaultErrc: unknown_target or failed.
[[nodiscard]] Error fault_error(const Error& error);

/// Attribute last_s, 1 to 3600 seconds, in ms; error bad_request. Missing: 10 s.
[[nodiscard]] Result<int64_t> last_ms_of(const FaultRequest& request);

}  // namespace hailstorm::lab
