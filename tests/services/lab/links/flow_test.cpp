#include "services/lab/links/flow.h"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>

#include "services/lab/links/socket.h"

namespace hailstorm::lab {
namespace {

struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    near = Socket(ends[0]);
    far = Socket(ends[1]);
  }
  Socket near;
  Socket far;
};

std::string read_all(const Socket& socket) {
  std::string text;
  std::array<char, 4096> bytes;
  for (;;) {
    const ssize_t got = ::recv(socket.fd(), bytes.data(), bytes.size(), 0);
    if (got <= 0) return text;
    text.append(bytes.data(), static_cast<size_t>(got));
  }
}

TEST(FlowTest, BytesThatComeWhileOthersWaitAreSentAfterThem) {
  const FlowFaults faults;
  Flow flow(faults, 1);
  std::array<char, 16 << 10> space;
  const Pair from;
  const Pair to;
  std::string sent;
  const auto carry = [&] {
    const std::string part(1'000, static_cast<char>('a' + sent.size() / 1'000 % 26));
    ASSERT_EQ(::send(from.near.fd(), part.data(), part.size(), 0), std::ssize(part));
    sent += part;
    ASSERT_EQ(flow.carry(from.far.fd(), to.near.fd(), space, 1), Flow::Outcome::going_on);
  };
  for (int i = 0; i < 10'000 && !flow.wants_room(); ++i) carry();
  ASSERT_TRUE(flow.wants_room()) << "the reader's buffer never was full";
  std::string received = read_all(to.far);  // there is room again before the flow learns of it
  carry();
  received += read_all(to.far);
  EXPECT_TRUE(received == sent) << received.size() << " of " << sent.size() << " bytes";
}

}  // namespace
}  // namespace hailstorm::lab
