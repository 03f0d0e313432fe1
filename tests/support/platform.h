#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/base/clock.h"
#include "common/log/log.h"
#include "services/lab/links/link_relay.h"
#include "services/lab/platform/layout.h"
#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// What the audit counted on the log lane.
struct AuditCounts {
  int64_t requested = 0;
  int64_t accepted = 0;
  int64_t settled = 0;
  int64_t lost = 0;
  int64_t duplicated = 0;
  int64_t orphaned = 0;
  std::string text;  // all that the audit said, for a failing test
};

/// The whole platform as real processes on ports and in a folder of its own, to be broken by a
/// test:
///
///     Platform platform;
///     platform.ride(600, 300);             // 600 rides, 300 a second, in the background
///     platform.wait_for_events("payment", 100);
///     platform.kill("payment");
///     platform.start("payment");
///     platform.wait_for_riders();
///     platform.wait_until_settled();
///     const auto audit = platform.audit();
///
/// Whatever it waits for has a deadline; a test that runs into one is aborted with the reason.
///
/// Thread safety: not safe; the processes die with the thread that made it.
class Platform {
 public:
  struct Options {
    std::vector<std::string> service_arguments{};  // for each of the four services
    std::map<std::string, std::vector<std::string>> arguments_of{};  // for one service
    int64_t session_timeout_ms = 1'500;
    std::filesystem::path data{};      // of a platform that ran before; empty: a new folder
    std::filesystem::path programs{};  // folder of the programs; empty: those built beside this one
    bool with_links = false;           // the services reach others through relays of this process
    std::string lanes{"log"};          // on which riders ask
  };
  Platform() : Platform(Options{}) {}
  /// Starts everything; all of it is ready when this returns.
  explicit Platform(Options options);
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  /// "broker", "gateway", "matching", "payment", "notification", "analytics", or what
  /// start_instance() named.
  void kill(const std::string& name);  // SIGKILL
  /// SIGSTOP, at a moment when the process holds no lock of its store: frozen with it, it would
  /// hold up every instance that shares the store.
  void freeze(const std::string& name);
  void thaw(const std::string& name);  // SIGCONT
  /// SIGTERM; gives the exit code.
  int stop(const std::string& name);
  /// Starts a killed or stopped process again. Returns at once.
  void start(const std::string& name);
  /// One more instance of a service, "payment-2", on the same store.
  void start_instance(const std::string& service, const std::string& name);
  /// A second process, "payment-copy", under the instance id of the first one.
  void start_copy(const std::string& service, const std::string& name);
  [[nodiscard]] std::vector<std::string> names() const;

  /// Riders in the background: `count` more rides on the log lane, `rate` a second. A rider who
  /// gets no answer asks again with the same key.
  void ride(int64_t count, double rate);
  void wait_for_riders();
  [[nodiscard]] bool are_riding() const { return riders_.is_held() && !riders_.has_ended(); }

  /// Until the process says on /readyz that it does its work.
  void wait_until_ready(const std::string& name);
  /// Until the process has handled so many events since it was started.
  void wait_for_events(const std::string& name, int64_t count);
  /// Until every group has read all that there is and every outbox is empty.
  void wait_until_settled();
  void wait_until(const std::string& what, const std::function<bool()>& condition);

  /// The lag of a group by the broker's account.
  [[nodiscard]] int64_t lag(const std::string& group);
  /// GET /status of a process, one of its numbers; -1 where it does not answer.
  [[nodiscard]] int64_t status(const std::string& name, const std::string& field) const;

  [[nodiscard]] AuditCounts audit() const;
  /// The one number that `sql` asks a service's store for.
  [[nodiscard]] int64_t number(const std::string& service, const std::string& sql) const;

  /// For a program that speaks to the broker.
  [[nodiscard]] std::string broker_url() const { return lab::broker_url(layout_); }

  [[nodiscard]] int http_port(const std::string& name) const {
    return processes_.at(name).http_port;
  }

  /// Of the running processes, riders apart.
  [[nodiscard]] std::map<std::string, pid_t> pids() const;

  [[nodiscard]] log::Engine& log() { return *engine_; }
  [[nodiscard]] const std::filesystem::path& data() const {
    return options_.data.empty() ? folder_.path() : options_.data;
  }
  /// What a process wrote to standard error.
  [[nodiscard]] std::string log_of(const std::string& name) const;

 private:
  struct Process {
    std::vector<std::string> arguments;
    int http_port = 0;
    Child child;
  };
  [[nodiscard]] std::string program(const std::string& name) const;
  void add_process(const std::string& name, const lab::ProcessPlan& plan);
  void add_instance(const std::string& service, const std::string& name,
                    const std::string& instance_id);
  [[noreturn]] void fail(const std::string& what) const;

  TempFolder folder_;
  Options options_;
  lab::PlatformSettings layout_;
  const SystemClock clock_{};
  std::unique_ptr<lab::LinkRelay> relay_;
  std::map<std::string, Process> processes_;
  Child riders_;
  int64_t next_ride_ = 0;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<log::Admin> admin_;
};

}  // namespace hailstorm::testing
