#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::service {

/// Which part of a service keeps it from its work.
enum class Reason {
  log,         // it does not answer
  outbox,      // it does not move
  partitions,  // to which the service publishes: one takes no records
  recovery,    // the store is not level with the log yet
  store,       // it takes no writes
};
[[nodiscard]] std::string_view name_of(Reason reason);

/// Why a service is not ready. Each of its parts sets and clears its reason; the probes give all of
/// them.
///
/// Thread safety: safe. A check must neither set nor add anything here.
class Readiness {
 public:
  /// From now on, until clear(), the service is not ready, and `why` says it to people. The first
  /// time a line is logged.
  void set(Reason reason, const std::string& why);
  void clear(Reason reason);
  /// What was set; empty: the reason is clear.
  [[nodiscard]] std::string why(Reason reason) const;

  /// `check` is called at each request for the reasons, and gives one or an empty text. What it
  /// refers to must remain live while the probes are served.
  void add_check(std::function<std::string()> check);

  /// In the order of the enum, then those of the checks; empty: ready.
  [[nodiscard]] std::vector<std::string> reasons() const;

 private:
  mutable std::mutex mutex_;
  std::map<Reason, std::string> reasons_;
  std::vector<std::function<std::string()>> checks_;
};

}  // namespace hailstorm::service
