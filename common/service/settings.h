#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/log_settings.h"
#include "common/base/options.h"

namespace hailstorm::service {

/// Open files that a service needs: its own files and sockets, and some connections to it.
inline constexpr int kOpenFiles = 128;

/// Settings that every service has, as flags and HAIL_ variables.
struct ServiceSettings {
  std::string name;  // "matching": consumer group, metrics, logs, data file
  std::string broker = "hailstorm://127.0.0.1:7400";
  std::string data;  // folder; the database is DATA/NAME.db
  std::string http_host = "127.0.0.1";
  int64_t http_port = 0;
  int64_t http_threads = 256;
  std::vector<std::string> http_hosts;
  std::string instance_id;  // static group membership
  int64_t session_timeout_ms = 6000;
  LogSettings log;
  /// False: /readyz does not depend on the log, because requests are served without it.
  bool needs_the_log = true;
  /// The log has no longer all that the store needs, and the store goes on without it.
  bool accept_missing_records = false;
  std::string topic_flush = "always";  // of the topics that this service makes
  std::vector<std::string> unsafe;     // promises that are given up, for experiments: unsafe.h

  /// Adds them to `options`; `default_http_port` is the one of this service.
  void add_to(Options& options, int64_t default_http_port);
};

}  // namespace hailstorm::service
