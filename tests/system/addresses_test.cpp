#include <fstream>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

bool has_ipv6() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool bound =
      fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (fd >= 0) ::close(fd);
  return bound;
}

/// Real programs on addresses of every kind. They see a host table in which "localhost" has both
/// kinds of addresses, the IPv6 address first.
class AddressesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
    std::ofstream(folder_.path() / "hosts")
        << "::1 localhost\n127.0.0.1 localhost\n"
           "198.51.100.7 shared.example\n127.0.0.1 shared.example\n";
    if (run({"/bin/true"}).exit_code != 0) {
      GTEST_SKIP() << "a host table of its own is not permitted here";
    }
  }

  /// The command line that runs `arguments` with the host table of this test.
  [[nodiscard]] std::vector<std::string> with_hosts(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {"/usr/bin/unshare", "-m", "/bin/sh", "-c",
                      "mount --bind \"$0\" /etc/hosts && exec \"$@\"", folder_.path() / "hosts"});
    return arguments;
  }
  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const {
    return run_program(with_hosts(std::move(arguments)));
  }

  static std::string log_url(const std::string& host, int port) {
    return "hailstorm://" + host + ":" + std::to_string(port);
  }
  static std::string url(const std::string& host, int port, const std::string& path = "") {
    return "http://" + host + ":" + std::to_string(port) + path;
  }
  [[nodiscard]] bool probe(const std::string& address) const {
    return run({program_folder() / "hail-lab", "probe", address}).exit_code == 0;
  }
  [[nodiscard]] ProgramResult hail(const std::string& broker,
                                   std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program_folder() / "hail");
    arguments.insert(arguments.end(), {"--broker", broker});
    return run(arguments);
  }

  Child start(const std::string& program, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {program_folder() / program, "--data", folder_.path() / program});
    return Child(with_hosts(arguments), {.in = {}, .out = {}, .err = folder_.path() / "err"});
  }
  Child start_broker(const std::string& host) {
    return start("hail-broker", {"--host", host, "--port", std::to_string(port_), "--http-port",
                                 std::to_string(http_port_), "--kafka-port", "0"});
  }

  TempFolder folder_;
  const int port_ = free_port();
  const int http_port_ = free_port();
};

TEST_F(AddressesTest, ABrokerIsReachedAtEachOfItsAddresses) {
  struct Case {
    std::string listens_on;
    std::vector<std::string> reached_at;
  };
  for (const auto& [host, reached_at] :
       {Case{"localhost", {"localhost", "127.0.0.1"}}, Case{"0.0.0.0", {"127.0.0.1", "localhost"}},
        Case{"127.0.0.1", {"localhost", "127.0.0.1"}}, Case{"::1", {"[::1]", "localhost"}},
        Case{"[::1]", {"[::1]"}}, Case{"::", {"[::1]", "127.0.0.1", "localhost"}},
        // Another machine has the name too.
        Case{"shared.example", {"127.0.0.1"}}}) {
    Child broker = start_broker(host);
    for (const auto& at : reached_at) {
      ASSERT_TRUE(await([&, &here = at] { return probe(url(here, http_port_, "/readyz")); }))
          << host << " at " << at << ": " << read_text(folder_.path() / "err");
      const auto listed = hail(log_url(at, port_), {"topics", "list"});
      EXPECT_EQ(listed.exit_code, 0) << host << " at " << at << ": " << listed.err;
    }
    broker.terminate();
    EXPECT_EQ(broker.wait(), 0) << host;
  }
}

TEST_F(AddressesTest, AServiceTakesAndGivesIpv6Addresses) {
  const Child broker = start_broker("::1");
  const int gateway_port = free_port();
  const int matching_port = free_port();
  const Child matching =
      start("hail-matching",
            {"--http-host", "::1", "--http-port", std::to_string(matching_port), "--broker",
             log_url("localhost", port_), "--next", url("[::1]", free_port())});
  const Child gateway = start(
      "hail-gateway", {"--http-host", "[::1]", "--http-port", std::to_string(gateway_port),
                       "--broker", log_url("[::1]", port_), "--next", url("[::1]", matching_port)});
  EXPECT_TRUE(await([&] { return probe(url("[::1]", gateway_port, "/readyz")); }));
  EXPECT_TRUE(await([&] { return probe(url("localhost", matching_port, "/readyz")); }));
  const auto ridden =
      run({program_folder() / "hail-traffic", "--gateway", url("localhost", gateway_port),
           "--rides", "20", "--lanes", "log", "--out", folder_.path() / "answers"});
  EXPECT_NE(ridden.err.find("\"accepted\":20"), std::string::npos) << ridden.err;
}

TEST_F(AddressesTest, AHostThatIsUnknownIsNamed) {
  for (const std::string& host : {std::string("no-such-host.invalid"), std::string("198.51.100.7"),
                                  std::string("2001:db8::7")}) {
    Child broker = start_broker(host);
    EXPECT_EQ(broker.wait(), 2) << host;
    EXPECT_NE(read_text(folder_.path() / "err").find(host), std::string::npos) << host;
  }
}

TEST_F(AddressesTest, AClientFollowsANameToTheKindOfAddressThatAnswers) {
  const int service_port = free_port();
  const Child service = start("hail-analytics", {"--http-port", std::to_string(service_port),
                                                 "--broker", log_url("localhost", port_)});
  const std::string readiness = url("127.0.0.1", service_port, "/readyz");
  for (const std::string host : {"::1", "127.0.0.1", "::1"}) {
    Child broker = start_broker(host);
    EXPECT_TRUE(await([&] { return probe(readiness); })) << host;
    broker.terminate();
    broker.wait();
    EXPECT_TRUE(await([&] { return !probe(readiness); })) << host;
  }
}

}  // namespace
}  // namespace hailstorm::testing
