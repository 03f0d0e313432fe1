#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/address.h"
#include "common/base/result.h"

namespace hailstorm::http {

enum class HttpErrc {
  address_in_use,
  cannot_listen,
  connect_failed,  // nothing was sent
  timeout,         // sent; what became of it is unknown
  broken,          // the connection ended before the answer; what became of the request is unknown
};
[[nodiscard]] std::string_view name_of(HttpErrc code);

/// Header names compare without regard to case.
struct CaselessLess {
  bool operator()(std::string_view a, std::string_view b) const noexcept;
};
using Headers = std::map<std::string, std::string, CaselessLess>;

struct Request {
  std::string method = "GET";
  std::string path;
  std::map<std::string, std::string> query;
  Headers headers;
  std::string body;
  std::vector<std::string> captures;  // what the route's groups matched

  /// The header's value, or nothing.
  [[nodiscard]] std::optional<std::string> header(const std::string& name) const;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  Headers headers;
};

/// RFC 9110's phrase for a status, as far as we answer with it.
[[nodiscard]] std::string_view phrase(int status);

/// An RFC 9457 problem ("application/problem+json"):
/// {"type":"about:blank","title":…,"status":…,"detail":…, EXTRA…}. The title is the status's own
/// phrase; extra members are strings.
[[nodiscard]] Response problem(int status, const std::string& detail,
                               const std::vector<std::pair<std::string, std::string>>& extra = {});
/// The problem 503 for a server that has no room now, with the header Retry-After.
[[nodiscard]] Response try_again(const std::string& what);

using hailstorm::Address;
/// "http://127.0.0.1:80" as host and port. Errors of hailstorm::parse_address().
[[nodiscard]] Result<Address> parse_address(const std::string& url);

}  // namespace hailstorm::http
