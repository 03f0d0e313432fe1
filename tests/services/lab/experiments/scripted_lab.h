#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/json/json.h"
#include "services/lab/experiments/experiment_lab.h"

namespace hailstorm::lab {

/// A lab that answers as a test says. Unless the test says otherwise, every value is 1, and a fault
/// is proven as soon as it is asked for, and proven off when it is next asked about.
///
/// Thread safety: safe.
class ScriptedLab final : public ExperimentLab {
 public:
  /// From now on that request is answered so; it counts before what is answered by itself.
  void answer(const std::string& request, int status, const std::string& body) {
    const std::lock_guard lock(mutex_);
    answers_[request] = {status, body, "application/json", {}};
  }
  /// Nothing is answered any more.
  void go_away() {
    const std::lock_guard lock(mutex_);
    is_away_ = true;
  }
  /// Called with each request, "POST /api/faults", before it is answered.
  std::function<void(const std::string&)> on_request = [](const std::string&) {};

  [[nodiscard]] std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  [[nodiscard]] bool was_asked(const std::string& request) {
    const auto all = requests();
    return std::find(all.begin(), all.end(), request) != all.end();
  }

  Result<http::Response> send(const http::Request& request, int /*timeout_ms*/) override {
    const std::string name = request.method + " " + request.path;
    on_request(name);
    const std::lock_guard lock(mutex_);
    if (is_away_) return Error(http::HttpErrc::connect_failed, "nobody answers");
    if (request.path != "/api/state") requests_.push_back(name);
    if (const auto found = answers_.find(name); found != answers_.end()) return found->second;
    return usual(request);
  }

  static std::string fault(const std::string& phase, int64_t proven_at_ms, int64_t off_at_ms) {
    return json::to_text({{"id", "f1"},
                          {"target", "payment"},
                          {"action", "freeze"},
                          {"duration", "1s"},
                          {"phase", phase},
                          {"asked_at_ms", 1'000},
                          {"injected_at_ms", 1'001},
                          {"proven_at_ms", proven_at_ms},
                          {"reverted_at_ms", off_at_ms},
                          {"proven_off_at_ms", off_at_ms},
                          {"reverts_at_ms", 2'000},
                          {"evidence", "/proc/71/stat says T"}});
  }

 private:
  static http::Response usual(const http::Request& request) {
    if (request.path == "/api/faults") {
      return {201, fault("proven", 1'002, 0), "application/json", {}};
    }
    if (request.path == "/api/faults/f1") {
      return {200, fault("proven_off", 1'002, 2'001), "application/json", {}};
    }
    if (request.path == "/api/state") {
      return {200,
              R"({"t_ms":1500,"lanes":{"log":{"accepted_ratio":1,"settled_rate":40,"p99_ms":5}},)"
              R"("processes":{"payment":{"lag":3,"outbox":1}},"faults":{"list":[]}})",
              "application/json",
              {}};
    }
    return {200, request.path.starts_with("/api/value/") ? "1" : "{}", "application/json", {}};
  }

  std::mutex mutex_;
  std::map<std::string, http::Response> answers_;
  std::vector<std::string> requests_;
  bool is_away_ = false;
};

}  // namespace hailstorm::lab
