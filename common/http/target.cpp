#include "common/http/target.h"

#include <algorithm>

#include "common/http/characters.h"

namespace hailstorm::http {
namespace {

constexpr std::string_view kScheme = "http://";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_target_character(char c) { return c > ' ' && c < '\x7f' && c != '#'; }

bool starts_with_scheme(std::string_view target) {
  return target.size() > kScheme.size() && lower(target.substr(0, kScheme.size())) == kScheme;
}

/// "a=1&b=2"; of a name that is given twice the last value counts.
bool read_query(std::string_view text, Request& request) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    std::string pair(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    std::replace(pair.begin(), pair.end(), '+', ' ');
    const size_t equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decoded(std::string_view(pair).substr(0, equals));
    const auto value =
        percent_decoded(std::string_view(pair).substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return false;
    request.query[*name] = *value;
  }
  return true;
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

bool read_target(std::string_view target, Request& request, std::string& authority) {
  if (target.empty() || !std::all_of(target.begin(), target.end(), is_target_character)) {
    return false;
  }
  if (target == "*") {
    request.path = "*";
    return request.method == "OPTIONS";
  }
  if (starts_with_scheme(target)) {
    target.remove_prefix(kScheme.size());
    const size_t end = std::min(target.find_first_of("/?"), target.size());
    authority = target.substr(0, end);
    target.remove_prefix(end);
    if (!is_authority(authority)) return false;
  } else if (target[0] != '/') {
    return false;
  }
  const size_t end = std::min(target.find('?'), target.size());
  const auto path = percent_decoded(target.substr(0, end));
  if (!path) return false;
  request.path = path->empty() ? "/" : *path;
  return read_query(target.substr(std::min(end + 1, target.size())), request);
}

bool is_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == text.npos || close < 3) return false;
    const auto address = text.substr(1, close - 1);
    const auto is_address_character = [](char c) {
      return hex_value(c) >= 0 || c == ':' || c == '.';
    };
    if (!std::all_of(address.begin(), address.end(), is_address_character)) return false;
    text.remove_prefix(close + 1);
    return text.empty() || (text[0] == ':' && is_port(text.substr(1)));
  }
  const size_t end = std::min(text.find(':'), text.size());
  if (end == 0 || end > 255) return false;
  const auto name = text.substr(0, end);
  const auto is_name_character = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  };
  return std::all_of(name.begin(), name.end(), is_name_character) &&
         (end == text.size() || is_port(text.substr(end + 1)));
}

std::string host_of(std::string_view authority) {
  const size_t bracket = authority.find(']');
  const size_t end = bracket == authority.npos ? authority.find(':') : bracket + 1;
  return lower(authority.substr(0, end));
}

}  // namespace hailstorm::http
