#include "common/http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "common/http/characters.h"
#include "common/http/target.h"

namespace hailstorm::http {
namespace {

/// Two of one of these say two things.
constexpr std::array<std::string_view, 11> kSingle = {
    "authorization",   "content-encoding", "content-length",
    "content-type",    "expect",           "host",
    "idempotency-key", "origin",           "sec-fetch-site",
    "traceparent",     "transfer-encoding"};

Refusal bad_request(std::string detail, std::string field = {}) {
  return {400, std::move(detail), std::move(field)};
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool takes_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

const std::string* value_of(const Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? nullptr : &found->second;
}

/// Whether a list such as "keep-alive, TE" has this member.
bool has_member(const std::string* list, std::string_view member) {
  std::string_view left = list == nullptr ? std::string_view() : *list;
  while (!left.empty()) {
    const size_t end = std::min(left.find(','), left.size());
    if (lower(trimmed(left.substr(0, end))) == member) return true;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return false;
}

Refused check_length(const std::string& text, size_t max_body_bytes, uint64_t& length) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    return bad_request("Content-Length must be one whole number in digits", "Content-Length");
  }
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failure != std::errc() || length > max_body_bytes) {
    return Refusal{413, fmt::format("the body is larger than {} bytes", max_body_bytes), "body"};
  }
  return std::nullopt;
}

Refused check_framing(ReceivedRequest& received, size_t max_body_bytes) {
  const Headers& headers = received.request.headers;
  const auto* coding = value_of(headers, "Transfer-Encoding");
  const auto* length = value_of(headers, "Content-Length");
  if (coding != nullptr) {
    if (length != nullptr) {
      return bad_request("Transfer-Encoding and Content-Length contradict each other; send one");
    }
    if (received.is_http_1_0) return bad_request("HTTP/1.0 has no Transfer-Encoding");
    if (lower(*coding) != "chunked") {
      return Refusal{501, "the only Transfer-Encoding that is taken is chunked",
                     "Transfer-Encoding"};
    }
    received.is_chunked = true;
  } else if (length != nullptr) {
    if (auto bad = check_length(*length, max_body_bytes, received.content_length)) return bad;
  }
  const bool has_body = received.is_chunked || received.content_length > 0;
  if (has_body && !takes_body(received.request.method)) {
    return bad_request(received.request.method + " takes no body", "body");
  }
  if (const auto* encoding = value_of(headers, "Content-Encoding");
      has_body && encoding != nullptr && lower(*encoding) != "identity") {
    return Refusal{415, "compressed bodies are not taken; send it without Content-Encoding",
                   "Content-Encoding"};
  }
  return std::nullopt;
}

Refused check_host(ReceivedRequest& received) {
  const auto* host = value_of(received.request.headers, "Host");
  if (host == nullptr) {
    if (received.is_http_1_0) return std::nullopt;
    return bad_request("the header Host is missing", "Host");
  }
  if (!is_authority(*host)) return bad_request("the header Host is not HOST or HOST:PORT", "Host");
  if (received.authority.empty()) received.authority = *host;
  return std::nullopt;
}

}  // namespace

Response to_response(const Refusal& refusal) {
  if (refusal.field.empty()) return problem(refusal.status, refusal.detail);
  return problem(refusal.status, refusal.detail, {{"field", refusal.field}});
}

Refused read_request_line(std::string_view line, ReceivedRequest& received) {
  const Refusal bad = bad_request("the first line is not METHOD TARGET HTTP/1.1");
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == line.npos || first == last) return bad;
  const auto method = line.substr(0, first);
  const auto version = line.substr(last + 1);
  if (!is_token(method)) return bad;
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) ||
      version[6] != '.' || !is_digit(version[7])) {
    return bad;
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Refusal{505, "HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  received.is_http_1_0 = version == "HTTP/1.0";
  received.request.method = method;
  const auto target = line.substr(first + 1, last - first - 1);
  if (!read_target(target, received.request, received.authority)) {
    return bad_request("the request's target is not a path or http://HOST:PORT/PATH");
  }
  return std::nullopt;
}

Refused read_header_line(std::string_view line, Headers& headers) {
  const size_t colon = line.find(':');
  const auto name = line.substr(0, colon);
  if (colon == line.npos || !is_token(name)) {
    return bad_request("a header line is not NAME: VALUE (names have no blanks; values no folds)");
  }
  const auto value = trimmed(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), is_value_character)) {
    return bad_request(fmt::format("the value of {} has a control character", name));
  }
  const auto [place, is_new] = headers.emplace(name, value);
  if (is_new) return std::nullopt;
  if (std::find(kSingle.begin(), kSingle.end(), lower(name)) != kSingle.end()) {
    return bad_request(fmt::format("the header {} is there twice", name));
  }
  place->second.append(", ").append(value);
  return std::nullopt;
}

Refused check_head(ReceivedRequest& received, size_t max_body_bytes) {
  if (auto bad = check_host(received)) return bad;
  if (auto bad = check_framing(received, max_body_bytes)) return bad;
  const Headers& headers = received.request.headers;
  const auto* connection = value_of(headers, "Connection");
  received.keeps_connection = received.is_http_1_0 ? has_member(connection, "keep-alive")
                                                   : !has_member(connection, "close");
  if (const auto* expect = value_of(headers, "Expect"); expect != nullptr) {
    if (lower(*expect) != "100-continue") {
      return Refusal{417, "the only expectation that can be met is 100-continue", "Expect"};
    }
    received.expects_continue = !received.is_http_1_0;
  }
  return std::nullopt;
}

}  // namespace hailstorm::http
