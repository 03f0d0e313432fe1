#include "common/http/answer_text.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/http/characters.h"

namespace hailstorm::http {
namespace {

void append_header(std::string& bytes, std::string_view name, std::string_view value) {
  bytes.append(name).append(": ");
  // A value that held a line end would begin a header of its own.
  for (const char c : value) bytes += is_value_character(c) ? c : ' ';
  bytes.append("\r\n");
}

/// Written by us, whatever a handler passes on of another server's answer.
bool is_ours(const std::string& name) {
  const std::string lowered = lower(name);
  return lowered == "connection" || lowered == "content-length" || lowered == "content-type" ||
         lowered == "keep-alive" || lowered == "transfer-encoding";
}

}  // namespace

std::string to_bytes(const Response& response, const AnswerOptions& options) {
  const bool may_have_body =
      response.status >= 200 && response.status != 204 && response.status != 304;
  std::string bytes;
  bytes.reserve(256 + (options.has_body ? response.body.size() : 0));
  bytes += fmt::format("HTTP/1.1 {} {}\r\n", response.status, phrase(response.status));
  for (const auto& [name, value] : response.headers) {
    if (!is_ours(name)) append_header(bytes, name, value);
  }
  if (may_have_body) {
    append_header(bytes, "Content-Type", response.content_type);
    if (options.has_length) {
      append_header(bytes, "Content-Length", std::to_string(response.body.size()));
    }
  }
  append_header(bytes, "Connection", options.closes ? "close" : "keep-alive");
  bytes.append("\r\n");
  if (may_have_body && options.has_body) bytes.append(response.body);
  return bytes;
}

}  // namespace hailstorm::http
