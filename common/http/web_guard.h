#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/http/request_head.h"

namespace hailstorm::http {

/// Refuses what only a web page that somebody visits would send: a name of another site that now
/// leads here (421), and a form or a script of another site that wants to change something (403,
/// 415).
///
/// Thread safety: safe.
class WebGuard {
 public:
  /// `hosts` are names besides localhost and all IP addresses under which this server is reached.
  explicit WebGuard(const std::vector<std::string>& hosts);

  /// 421 or 403.
  [[nodiscard]] Refused check_site(const ReceivedRequest& received) const;
  /// 403, for what a page of another site must not even open, such as a stream that takes a place.
  [[nodiscard]] static Refused check_reader(const ReceivedRequest& received);
  /// 415. Called only for a request that a handler is to get.
  [[nodiscard]] static Refused check_type(const Request& request);

 private:
  [[nodiscard]] bool is_ours(const std::string& host) const;

  std::vector<std::string> hosts_;
};

}  // namespace hailstorm::http
