#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

/// Addresses of programs on the network, as users write and read them. Pure functions but for
/// address_to_listen_on(): safe from any thread.
namespace hailstorm {

enum class AddressErrc { not_an_address, unknown_host };
[[nodiscard]] std::string_view name_of(AddressErrc code);

struct Address {
  std::string host;  // a name, an IPv4 or an IPv6 address; the last without brackets
  int port = 0;
};

/// "HOST:PORT", with brackets around an IPv6 address.
[[nodiscard]] std::string to_text(const Address& address);

/// The host that `text` names, without the brackets that an IPv6 address may have. Nothing: it is
/// neither a host name nor an IP address.
[[nodiscard]] std::optional<std::string> parse_host(std::string_view text);

[[nodiscard]] bool is_ipv6(std::string_view host);
/// An IPv4 or an IPv6 address, which needs no name server.
[[nodiscard]] bool is_ip_address(std::string_view host);

struct Url {
  Address address;
  std::string path;  // "/" where the text has none
};

/// SCHEME://HOST:PORT with an optional /PATH; ports are 1 to 65535. Error not_an_address: says what
/// is wrong, and shows how an address is written.
[[nodiscard]] Result<Url> parse_url(std::string_view text, std::string_view scheme);
/// The same without a path; one slash at the end is taken.
[[nodiscard]] Result<Address> parse_address(std::string_view text, std::string_view scheme);

/// The IP address that a server listens on for `host`: of a name its first IPv4 address that is
/// this machine's, or its first IPv6 address where it has no IPv4 address. Asks the name server.
/// Error unknown_host.
[[nodiscard]] Result<std::string> address_to_listen_on(const std::string& host);

}  // namespace hailstorm
