#include "common/http/http.h"

#include <algorithm>
#include <cctype>

#include "common/json/json.h"

namespace hailstorm::http {
namespace {

/// Status phrases of RFC 9110 §15, as far as we answer with them.
std::string_view phrase(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return status < 500 ? "Bad Request" : "Server Error";
  }
}

}  // namespace

std::string_view name_of(HttpErrc code) {
  switch (code) {
    case HttpErrc::address_in_use:
      return "address_in_use";
    case HttpErrc::cannot_listen:
      return "cannot_listen";
    case HttpErrc::connect_failed:
      return "connect_failed";
    case HttpErrc::timeout:
      return "timeout";
    case HttpErrc::broken:
      return "broken";
  }
  return "unknown";
}

bool CaselessLess::operator()(std::string_view a, std::string_view b) const noexcept {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](unsigned char x, unsigned char y) { return std::tolower(x) < std::tolower(y); });
}

std::optional<std::string> Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

Response problem(int status, const std::string& detail,
                 const std::vector<std::pair<std::string, std::string>>& extra) {
  json::Value body = {
      {"type", "about:blank"}, {"title", phrase(status)}, {"status", status}, {"detail", detail}};
  for (const auto& [name, value] : extra) body.set(name, value);
  return {status, json::to_text(body), "application/problem+json", {}};
}

Result<Address> parse_address(const std::string& url) {
  return hailstorm::parse_address(url, "http");
}

}  // namespace hailstorm::http
