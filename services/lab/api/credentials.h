#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "common/http/http.h"

namespace hailstorm::lab {

/// Permits changes through the lab's API: to programs, which show the bearer token, and to
/// browsers, which show the cookie of a session. A session is opened with a key that is good for
/// one time; the page's address carries it.
///
/// Thread safety: safe.
class Credentials {
 public:
  /// `port`: the lab's, which names the cookie: cookies are not kept apart by port.
  Credentials(std::string token, int port);

  /// A new key; the oldest that was not used is void where there are many.
  [[nodiscard]] std::string make_key();
  /// Opens a session, for whose cookie it gives the header Set-Cookie; nothing: no such key, or it
  /// was used.
  [[nodiscard]] std::optional<std::string> open_session(const std::string& key);

  /// Whether the request may change something. The cookie counts only where the browser says from
  /// which site the request comes (the server has checked that it is ours).
  [[nodiscard]] bool permit(const http::Request& request);

 private:
  [[nodiscard]] bool has_session(const http::Request& request);

  const std::string token_;
  const std::string cookie_;  // its name
  std::mutex mutex_;
  std::deque<std::string> keys_;
  std::deque<std::string> sessions_;
};

}  // namespace hailstorm::lab
