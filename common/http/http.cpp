#include "common/http/http.h"

#include <algorithm>
#include <cctype>

#include "common/base/enum_name.h"
#include "common/json/json.h"

namespace hailstorm::http {
std::string_view phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return status < 300 ? "OK" : status < 500 ? "Bad Request" : "Server Error";
  }
}

std::string_view name_of(HttpErrc code) { return enum_name(code); }

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

Response try_again(const std::string& what) {
  Response response = problem(503, what + "; try again");
  response.headers.emplace("Retry-After", "1");
  return response;
}

Result<Address> parse_address(const std::string& url) {
  return hailstorm::parse_address(url, "http");
}

}  // namespace hailstorm::http
