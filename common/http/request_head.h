#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/http/http.h"

/// The lines of a request before its body, as RFC 9112 has them and nothing else. Pure functions:
/// safe from any thread.
namespace hailstorm::http {

/// Why a request is refused: the answer's status and what it says.
struct Refusal {
  int status = 400;
  std::string detail;
  std::string field = {};  // of the request, where one is at fault: "body", "Host"
};
[[nodiscard]] Response to_response(const Refusal& refusal);
/// Nothing: all is well.
using Refused = std::optional<Refusal>;

/// A request as it was received.
struct ReceivedRequest {
  Request request;  // what a handler sees
  /// Where the client believes to be, "localhost:7402": of an absolute target, else the Host
  /// header. Empty where HTTP/1.0 names none.
  std::string authority;
  bool is_http_1_0 = false;
  bool keeps_connection = true;
  bool expects_continue = false;
  bool is_chunked = false;
  uint64_t content_length = 0;
};

/// "POST /rides?by=zone HTTP/1.1": method, target and version. 400, or 505 for another HTTP.
[[nodiscard]] Refused read_request_line(std::string_view line, ReceivedRequest& received);

/// "Name: value" into `headers`. A name that is there already joins its values with ", ", unless
/// the header has one value by its nature. 400.
[[nodiscard]] Refused read_header_line(std::string_view line, Headers& headers);

/// After the last header: framing of the body, Host, Connection, Expect. 400, 413, 415, 417 or 501.
[[nodiscard]] Refused check_head(ReceivedRequest& received, size_t max_body_bytes);

}  // namespace hailstorm::http
