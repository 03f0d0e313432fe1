#include "common/http/web_guard.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>

#include "common/http/characters.h"
#include "common/http/target.h"

namespace hailstorm::http {
namespace {

bool is_safe(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool is_ip_address(const std::string& host) {
  char bytes[sizeof(in6_addr)];
  if (host.starts_with('[') && host.ends_with(']')) {
    return ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), bytes) == 1;
  }
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1;
}

std::string without_default_port(const std::string& authority) {
  const std::string lowered = lower(authority);
  constexpr std::string_view kDefault = ":80";
  return lowered.ends_with(kDefault) ? lowered.substr(0, lowered.size() - kDefault.size())
                                     : lowered;
}

bool is_of_this_site(const ReceivedRequest& received) {
  if (const auto site = received.request.header("Sec-Fetch-Site");
      site && lower(*site) != "same-origin") {
    return false;
  }
  const auto origin = received.request.header("Origin");
  constexpr std::string_view kOurs = "http://";
  return !origin ||
         (origin->starts_with(kOurs) && without_default_port(origin->substr(kOurs.size())) ==
                                            without_default_port(received.authority));
}

bool is_json(const std::string& content_type) {
  const auto type = std::string_view(content_type).substr(0, content_type.find(';'));
  return lower(trimmed(type)) == "application/json";
}

}  // namespace

WebGuard::WebGuard(const std::vector<std::string>& hosts) {
  for (const auto& host : hosts) hosts_.push_back(lower(host));
}

bool WebGuard::is_ours(const std::string& host) const {
  return host == "localhost" || host.ends_with(".localhost") || is_ip_address(host) ||
         std::find(hosts_.begin(), hosts_.end(), host) != hosts_.end();
}

Refused WebGuard::check_site(const ReceivedRequest& received) const {
  const std::string host = host_of(received.authority);
  if (!received.authority.empty() && !is_ours(host)) {
    return Refusal{421,
                   fmt::format("this server does not answer for {}; --http-hosts names the hosts "
                               "besides localhost and IP addresses for which it does",
                               host),
                   "Host"};
  }
  if (is_safe(received.request.method)) return std::nullopt;
  if (!is_of_this_site(received)) {
    return Refusal{403, "requests that change something are not taken from other sites", "Origin"};
  }
  return std::nullopt;
}

Refused WebGuard::check_reader(const ReceivedRequest& received) {
  if (is_of_this_site(received)) return std::nullopt;
  return Refusal{403, "streams are not opened for other sites", "Sec-Fetch-Site"};
}

Refused WebGuard::check_type(const Request& request) {
  if (is_safe(request.method) || is_json(request.header("Content-Type").value_or(""))) {
    return std::nullopt;
  }
  return Refusal{415, "Content-Type must be application/json", "Content-Type"};
}

}  // namespace hailstorm::http
