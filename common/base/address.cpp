#include "common/base/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/enum_name.h"
#include "common/base/number_text.h"

namespace hailstorm {
namespace {

constexpr size_t kMaxHostLength = 253;
constexpr size_t kMaxLabelLength = 63;
constexpr int64_t kMaxPort = 65'535;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_ipv4(std::string_view host) {
  in_addr parsed{};
  return ::inet_pton(AF_INET, std::string(host).c_str(), &parsed) == 1;
}

/// The name of a network interface after the % of a link-local address.
bool is_zone(std::string_view zone) {
  return !zone.empty() && std::all_of(zone.begin(), zone.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
  });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabelLength && is_alphanumeric(label.front()) &&
         is_alphanumeric(label.back()) && std::all_of(label.begin(), label.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_';
         });
}

/// Such a label makes the whole a number for the name server, in octal or hexadecimal too.
bool is_number(std::string_view label) {
  if (label.starts_with("0x") || label.starts_with("0X")) return true;
  return std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_host_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);  // a name from the root of the name server
  if (host.size() > kMaxHostLength) return false;
  for (;;) {
    const size_t dot = host.find('.');
    const std::string_view label = host.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !is_number(label);
    host.remove_prefix(dot + 1);
  }
}

struct Parts {
  std::string_view host;  // with its brackets
  std::optional<std::string_view> port;
};

Parts split_port(std::string_view text) {
  const size_t after_host = text.starts_with('[') ? text.find(']') : 0;
  const size_t colon = text.find(':', after_host == std::string_view::npos ? 0 : after_host);
  if (colon == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string reason_against_host(std::string_view host) {
  if (host.empty()) return "the host is missing";
  if (host.find('@') != std::string_view::npos) return "a user name is not taken";
  if (host.find(',') != std::string_view::npos) return "only one address is taken";
  return fmt::format("'{}' is neither a host name nor an IP address", host);
}

/// Nothing: the text is fine, and `address` is filled in.
std::optional<std::string> fill_in(std::string_view text, Address& address) {
  if (text.find(',') != std::string_view::npos) return "only one address is taken";
  const Parts parts = split_port(text);
  const bool has_open_brackets = parts.host.starts_with('[') != parts.host.ends_with(']');
  if (!parts.host.starts_with('[') && parts.port && parts.port->find(':') != std::string::npos) {
    return "an IPv6 address needs brackets";
  }
  const auto host = has_open_brackets ? std::nullopt : parse_host(parts.host);
  if (!host) return reason_against_host(parts.host);
  if (!parts.port || parts.port->empty()) return "the port is missing";
  const auto port = whole_number(*parts.port);
  if (!port || *port < 1 || *port > kMaxPort) return fmt::format("ports are 1 to {}", kMaxPort);
  address = {*host, static_cast<int>(*port)};
  return std::nullopt;
}

bool is_path(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f; }) &&
         path.find('#') == std::string_view::npos;
}

/// Other machines may bear the name too, as the containers of one service do.
const addrinfo& first_of_this_machine(const addrinfo& found) {
  for (const addrinfo* one = &found; one != nullptr; one = one->ai_next) {
    const int fd = ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    const bool is_ours = ::bind(fd, one->ai_addr, one->ai_addrlen) == 0;  // to any free port
    ::close(fd);
    if (is_ours) return *one;
  }
  return found;
}

std::string to_number(const addrinfo& address) {
  char text[NI_MAXHOST] = {};
  ::getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

}  // namespace

std::string_view name_of(AddressErrc code) { return enum_name(code); }

bool is_ipv6(std::string_view host) {
  const size_t zone = host.find('%');
  if (zone != std::string_view::npos && !is_zone(host.substr(zone + 1))) return false;
  in6_addr parsed{};
  return ::inet_pton(AF_INET6, std::string(host.substr(0, zone)).c_str(), &parsed) == 1;
}

bool is_ip_address(std::string_view host) { return is_ipv4(host) || is_ipv6(host); }

std::string to_text(const Address& address) {
  if (is_ipv6(address.host)) return fmt::format("[{}]:{}", address.host, address.port);
  return fmt::format("{}:{}", address.host, address.port);
}

std::optional<std::string> parse_host(std::string_view text) {
  // inet_pton() would stop there.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    if (!is_ipv6(text)) return std::nullopt;
  }
  if (!is_ip_address(text) && !is_host_name(text)) return std::nullopt;
  return std::string(text);
}

Result<Url> parse_url(std::string_view text, std::string_view scheme) {
  const auto refuse = [&](std::string_view why) {
    return Error(AddressErrc::not_an_address,
                 fmt::format("'{}' is not an address: {}; write it as {}://HOST:PORT, for example "
                             "{}://127.0.0.1:7400 or {}://[::1]:7400",
                             text, why, scheme, scheme, scheme));
  };
  const std::string start = fmt::format("{}://", scheme);
  if (!text.starts_with(start)) return refuse(fmt::format("it does not begin with {}", start));
  const std::string_view rest = text.substr(start.size());
  const size_t slash = rest.find('/');
  Url url;
  if (const auto why = fill_in(rest.substr(0, slash), url.address)) return refuse(*why);
  url.path = slash == std::string_view::npos ? "/" : rest.substr(slash);
  if (!is_path(url.path)) return refuse("its path has a character that no path has");
  return url;
}

Result<Address> parse_address(std::string_view text, std::string_view scheme) {
  HAIL_ASSIGN_OR_RETURN(Url url, parse_url(text, scheme));
  if (url.path == "/") return std::move(url.address);
  return Error(AddressErrc::not_an_address,
               fmt::format("'{}' is not an address: nothing may follow its port; write it as "
                           "{}://{}",
                           text, scheme, to_text(url.address)));
}

Result<std::string> address_to_listen_on(const std::string& host) {
  if (is_ip_address(host)) return host;
  for (const int family : {AF_INET, AF_INET6}) {
    addrinfo hints{};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) continue;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> holder(found, &::freeaddrinfo);
    return to_number(first_of_this_machine(*found));
  }
  return Error(AddressErrc::unknown_host,
               fmt::format("no address is known for the host '{}'; give an address of this "
                           "machine, for example 127.0.0.1, 0.0.0.0 or ::1",
                           host));
}

}  // namespace hailstorm
