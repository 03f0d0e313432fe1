#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/http/http.h"

/// The target of a request line, and the authority ("localhost:7402") in it or in a Host header.
/// Pure functions: safe from any thread.
namespace hailstorm::http {

/// Fills path and query, both percent-decoded, from "/rides?by=zone", "http://HOST:PORT/rides" or
/// "*". `authority` is set for the second form only. False: the target is none of them.
[[nodiscard]] bool read_target(std::string_view target, Request& request, std::string& authority);

/// "%41b" as "Ab"; nothing for "%4", "%zz" and "%00".
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// HOST or HOST:PORT, where HOST is a name, an IPv4 address or an IPv6 address in brackets.
[[nodiscard]] bool is_authority(std::string_view text);

/// The host of an authority, in lower case, without the port; an IPv6 address keeps its brackets.
[[nodiscard]] std::string host_of(std::string_view authority);

}  // namespace hailstorm::http
