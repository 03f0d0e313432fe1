#include "tests/support/free_ports.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <set>
#include <sys/socket.h>
#include <unistd.h>

namespace hailstorm::testing {
namespace {

constexpr int kMore = 300;  // more than a range has: its ports are given again

std::set<int> ports_of(PortRange& range) {
  std::set<int> ports;
  for (int i = 0; i < kMore; ++i) ports.insert(range.take());
  return ports;
}

TEST(PortRangeTest, TwoRangesHaveNoPortInCommon) {
  PortRange one;
  PortRange other;
  const auto of_one = ports_of(one);
  for (const int port : ports_of(other)) EXPECT_FALSE(of_one.contains(port)) << port;
}

TEST(PortRangeTest, PortsInARowAreNotGivenAgainAtOnce) {
  PortRange range;
  const int first = range.take(8);
  const int next = range.take(8);
  EXPECT_TRUE(next >= first + 8 || next + 8 <= first) << first << " and " << next;
}

TEST(PortRangeTest, APortThatIsListenedOnIsNotGiven) {
  PortRange range;
  const int port = range.take();
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_FALSE(is_free_port(port));
  EXPECT_FALSE(ports_of(range).contains(port));
  ::close(fd);
  EXPECT_TRUE(is_free_port(port));
}

}  // namespace
}  // namespace hailstorm::testing
