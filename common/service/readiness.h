#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace hailstorm::service {

/// Why a service is not ready. Each of its parts sets and clears reasons under names of its own;
/// the probes give all of them.
///
/// Thread safety: safe. A check must neither set nor add anything here.
class Readiness {
 public:
  /// From now on, until clear(), the service is not ready, for this reason. The first time a line
  /// is logged.
  void set(const std::string& name, const std::string& why);
  void clear(const std::string& name);
  [[nodiscard]] bool has(const std::string& name) const;

  /// `check` is called whenever somebody asks, and gives a reason or an empty text. What it refers
  /// to must remain live while somebody may ask.
  void add_check(std::function<std::string()> check);

  /// In the order of their names, then those of the checks; empty: ready.
  [[nodiscard]] std::vector<std::string> reasons() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> reasons_;
  std::vector<std::function<std::string()>> checks_;
};

}  // namespace hailstorm::service
