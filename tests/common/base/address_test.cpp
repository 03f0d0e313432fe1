#include "common/base/address.h"

#include <gtest/gtest.h>
#include <string>

namespace hailstorm {
namespace {

TEST(AddressTest, NamesAndIpAddressesAreHosts) {
  for (const std::string host :
       {"localhost", "broker", "a", "my-host", "my_host", "payment.bus.internal", "example.org.",
        "xn--mnchen-3ya.de", "127.0.0.1", "0.0.0.0", "::1", "::", "fe80::1%eth0", "2001:db8::7",
        "::ffff:127.0.0.1"}) {
    EXPECT_EQ(parse_host(host), host);
  }
  EXPECT_EQ(parse_host("[::1]"), "::1");
}

TEST(AddressTest, OtherTextsAreNoHosts) {
  for (const std::string text : {"",
                                 " ",
                                 "a b",
                                 " a",
                                 "a ",
                                 "a,b",
                                 "a;b",
                                 "a/b",
                                 "user@a",
                                 "a:1",
                                 "*",
                                 "-a",
                                 "a-",
                                 "_a",
                                 ".",
                                 ".a",
                                 "a..b",
                                 "256.1.1.1",
                                 "1.2.3",
                                 "127.1",
                                 "1",
                                 "0x7f.1",
                                 "0x7f000001",
                                 "01.2.3.4",
                                 "a.1",
                                 "[",
                                 "]",
                                 "[]",
                                 "[a]",
                                 "[127.0.0.1]",
                                 "[::1",
                                 "::1]",
                                 "[[::1]]",
                                 ":::",
                                 "::g",
                                 "fe80::1%",
                                 "m\xc3\xbcnchen"}) {
    EXPECT_EQ(parse_host(text), std::nullopt) << "'" << text << "'";
  }
  EXPECT_EQ(parse_host(std::string_view("a\0b", 3)), std::nullopt);
  EXPECT_EQ(parse_host(std::string_view("::1\0b", 5)), std::nullopt);
  EXPECT_EQ(parse_host(std::string(64, 'a')), std::nullopt);
  EXPECT_EQ(parse_host("a" + std::string(300, '.')), std::nullopt);
}

TEST(AddressTest, AnAddressIsSchemeHostAndPort) {
  struct Case {
    std::string text, host;
    int port;
  };
  for (const auto& [text, host, port] : {Case{"hailstorm://broker:7400", "broker", 7400},
                                         Case{"hailstorm://127.0.0.1:1", "127.0.0.1", 1},
                                         Case{"hailstorm://[::1]:65535", "::1", 65535},
                                         Case{"hailstorm://localhost:7400/", "localhost", 7400}}) {
    const auto address = parse_address(text, "hailstorm");
    ASSERT_TRUE(address.ok()) << address.error().message();
    EXPECT_EQ(address->host, host);
    EXPECT_EQ(address->port, port);
  }
}

TEST(AddressTest, AnIpv6AddressIsWrittenInBrackets) {
  EXPECT_EQ(to_text({"::1", 7400}), "[::1]:7400");
  EXPECT_EQ(to_text({"localhost", 7400}), "localhost:7400");
  EXPECT_EQ(to_text({"127.0.0.1", 7400}), "127.0.0.1:7400");
}

TEST(AddressTest, WhatIsNoAddressIsRefusedWithItsReason) {
  struct Case {
    std::string text, reason;
  };
  for (const auto& [text, reason] : {Case{"", "does not begin"},
                                     Case{"broker:7400", "does not begin"},
                                     Case{"kafka://broker:7400", "does not begin"},
                                     Case{"hailstorm:/broker:7400", "begin"},
                                     Case{" hailstorm://broker:7400", "does not begin"},
                                     Case{"hailstorm://", "host is missing"},
                                     Case{"hailstorm://:7400", "host is missing"},
                                     Case{"hailstorm:///", "host is missing"},
                                     Case{"hailstorm://broker", "port is missing"},
                                     Case{"hailstorm://broker:", "port is missing"},
                                     Case{"hailstorm://[::1]", "port is missing"},
                                     Case{"hailstorm://broker:0", "ports are"},
                                     Case{"hailstorm://broker:65536", "ports are"},
                                     Case{"hailstorm://broker:-1", "ports are"},
                                     Case{"hailstorm://broker:07400", "ports are"},
                                     Case{"hailstorm://broker:+1", "ports are"},
                                     Case{"hailstorm://broker: 1", "ports are"},
                                     Case{"hailstorm://broker:1x", "ports are"},
                                     Case{"hailstorm://broker:99999999999999999999", "ports are"},
                                     Case{"hailstorm://a:7400,b:7400", "only one"},
                                     Case{"hailstorm://a,b:7400", "only one"},
                                     Case{"hailstorm://user@broker:7400", "user name"},
                                     Case{"hailstorm://a b:7400", "'a b'"},
                                     Case{"hailstorm://*:7400", "'*'"},
                                     Case{"hailstorm://::1:7400", "brackets"},
                                     Case{"hailstorm://[::1:7400", "[::1:7400"},
                                     Case{"hailstorm://::1]:7400", "brackets"},
                                     Case{"hailstorm://[::1]7400", "[::1]7400"},
                                     Case{"hailstorm://[]:7400", "'[]'"},
                                     Case{"hailstorm://999.0.0.1:7400", "999"},
                                     Case{"hailstorm://a:7400/topic", "follow"},
                                     Case{"hailstorm://a:7400?x=1", "ports are"},
                                     Case{"hailstorm://a:7400#x", "ports are"}}) {
    const auto address = parse_address(text, "hailstorm");
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_TRUE(address.error().is(AddressErrc::not_an_address));
    EXPECT_NE(address.error().message().find(reason), std::string::npos)
        << address.error().message();
  }
}

TEST(AddressTest, AUrlHasAPath) {
  const auto url = parse_url("http://[::1]:7402/a/b?c=1", "http");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->address.host, "::1");
  EXPECT_EQ(url->path, "/a/b?c=1");
  EXPECT_EQ(parse_url("http://a:1", "http")->path, "/");
  EXPECT_FALSE(parse_url("http://a:1/a b", "http").ok());
  EXPECT_FALSE(parse_url("http://a:1/a\r\nHost: b", "http").ok());
  EXPECT_FALSE(parse_url("http://a:1/a#b", "http").ok());
}

TEST(AddressTest, LocalhostIsListenedOnAtItsIpv4Address) {
  const auto address = address_to_listen_on("localhost");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(*address, "127.0.0.1");
  EXPECT_EQ(*address_to_listen_on("::1"), "::1");
  const auto unknown = address_to_listen_on("no-such-host.invalid");
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message().find("no-such-host.invalid"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm
