#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <sys/resource.h>
#include <unistd.h>

#include "common/http/server.h"
#include "common/store/database.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/starting_program.h"

namespace hailstorm::testing {
namespace {

using store::Database;

constexpr const char* kWaits = ": waits ";
constexpr const char* kGoesOn = ": goes on after ";

/// As long as a program may take to serve once it can: its pauses are of a second at most.
bool soon(const std::function<bool()>& condition) {
  return await(condition, std::chrono::seconds(5));
}

std::vector<std::string> all_servers() {
  auto all = kServers;
  all.emplace_back("hail-lab");
  return all;
}

/// Somebody else's process on a port.
std::unique_ptr<http::Server> hold(int port) {
  auto server = std::make_unique<http::Server>(http::ServerOptions{.port = port});
  EXPECT_OK(server->start());
  return server;
}

/// What the program may have becomes more, up to the hard limit.
void raise_limit(const Child& child, __rlimit_resource resource) {
  rlimit limit{};
  ASSERT_EQ(::prlimit(child.pid(), resource, nullptr, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  ASSERT_EQ(::prlimit(child.pid(), resource, &limit, nullptr), 0);
}

/// It says once that it waits for `what`, does not end, and serves soon after `make_possible`.
void expect_wait(StartingProgram& program, const std::string& what,
                 const std::function<void()>& make_possible) {
  ASSERT_TRUE(await([&] { return program.times_said(kWaits) > 0; })) << program.said();
  EXPECT_NE(program.said().find(what), std::string::npos) << program.said();
  EXPECT_FALSE(program.serves());
  ASSERT_FALSE(program.child().has_ended()) << program.said();
  make_possible();
  EXPECT_TRUE(soon([&] { return program.serves(); })) << program.said();
  EXPECT_TRUE(soon([&] { return program.times_said(kGoesOn) == 1; })) << program.said();
  EXPECT_EQ(program.times_said(kWaits), 1) << program.said();
  program.child().terminate();
  EXPECT_EQ(program.child().wait(), 0) << program.said();
}

TEST(StartWithoutTest, APortThatBecomesFreeIsTaken) {
  for (const auto& name : all_servers()) {
    SCOPED_TRACE(name);
    const TempFolder folder;
    const int port = free_port();
    auto holder = hold(port);
    StartingProgram program(name, folder.path(), port);
    ASSERT_TRUE(await([&] { return program.times_said(kWaits) > 0; })) << program.said();
    EXPECT_NE(program.said().find(fmt::format("port {}", port)), std::string::npos);
    ASSERT_FALSE(program.child().has_ended()) << program.said();
    holder->stop();
    EXPECT_TRUE(soon([&] { return program.times_said(kGoesOn) == 1; })) << program.said();
    EXPECT_TRUE(program.serves());
    EXPECT_EQ(program.times_said(kWaits), 1) << program.said();
  }
}

TEST(StartWithoutTest, SigtermEndsAWait) {
  for (const auto& name : all_servers()) {
    SCOPED_TRACE(name);
    const TempFolder folder;
    const int port = free_port();
    const auto holder = hold(port);
    StartingProgram program(name, folder.path(), port);
    ASSERT_TRUE(await([&] { return program.times_said(kWaits) > 0; })) << program.said();
    program.child().terminate();
    EXPECT_EQ(program.child().wait(5'000), 0) << program.said();
  }
}

TEST(StartWithoutTest, AFolderIsTakenWhenItsHolderHasEnded) {
  const TempFolder folder;
  StartingProgram first("hail-broker", folder.path(), free_port());
  ASSERT_TRUE(await([&] { return first.serves(); })) << first.said();
  StartingProgram second("hail-broker", folder.path(), free_port());
  expect_wait(second, "in use by another process", [&] { first.child().kill(); });
}

// With exit code 2 nobody would start it again.
TEST(StartWithoutTest, APortThatStaysInUseIsAnExitCodeToTryAgain) {
  const TempFolder folder;
  const int port = free_port();
  const auto holder = hold(port);
  StartingProgram program("hail-payment", folder.path(), port);
  EXPECT_EQ(program.child().wait(30'000), 75) << program.said();
  EXPECT_EQ(program.times_said(kWaits), 1) << program.said();
  EXPECT_EQ(program.times_said("\n"), 2) << program.said();
}

TEST(StartWithoutTest, ALockedDatabaseIsWaitedFor) {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  {
    StartingProgram first("hail-payment", folder.path(), free_port());
    ASSERT_TRUE(await([&] { return first.serves(); })) << first.said();
    first.child().terminate();
    ASSERT_EQ(first.child().wait(), 0);
  }
  auto holder = Database::open(data / "payment.db").value();
  ASSERT_OK(holder->begin_immediate());
  StartingProgram program("hail-payment", folder.path(), free_port());
  expect_wait(program, "payment.db", [&] { holder->rollback(); });
}

// They are not its own: others had them when it started.
TEST(StartWithoutTest, DescriptorsAreWaitedFor) {
  for (const auto& name : all_servers()) {
    SCOPED_TRACE(name);
    const TempFolder folder;
    StartingProgram program(name, folder.path(), free_port(),
                            "for i in {1..110}; do exec {fd}</dev/null; done; ulimit -n 130; exec");
    ASSERT_TRUE(await([&] { return program.times_said("waits for descriptors") > 0; }))
        << program.said();
    EXPECT_NE(program.said().find("ulimit -n"), std::string::npos) << program.said();
    EXPECT_FALSE(program.child().has_ended());
    program.child().terminate();
    EXPECT_EQ(program.child().wait(5'000), 0) << program.said();
  }
}

// As a full disk is.
TEST(StartWithoutTest, ALimitOfAFilesSizeIsWaitedFor) {
  for (const auto& name : kServers) {
    SCOPED_TRACE(name);
    const TempFolder folder;
    StartingProgram program(name, folder.path(), free_port(), "ulimit -Sf 0; exec");
    EXPECT_FALSE(await([&] { return program.child().has_ended() || program.serves(); },
                       std::chrono::seconds(1)));
    raise_limit(program.child(), RLIMIT_FSIZE);
    EXPECT_TRUE(soon([&] { return program.serves(); })) << program.said();
  }
}

/// The limit of processes does not hold for root: these run as a user without a name.
TEST(StartWithoutTest, ThreadsAreWaitedFor) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root, to become a user that has no other processes";
  constexpr uid_t kNobodyElse = 64'242;
  for (const auto& name : all_servers()) {
    SCOPED_TRACE(name);
    const TempFolder folder;
    ASSERT_EQ(::chown(folder.path().c_str(), kNobodyElse, kNobodyElse), 0);
    StartingProgram program(
        name, folder.path(), free_port(),
        fmt::format("ulimit -Su 4; exec setpriv --reuid={0} --regid={0} --clear-groups",
                    kNobodyElse));
    expect_wait(program, "waits for threads", [&] {
      EXPECT_EQ(
          run_program({"/usr/bin/setpriv", fmt::format("--reuid={}", kNobodyElse),
                       fmt::format("--regid={}", kNobodyElse), "--clear-groups", "/usr/bin/prlimit",
                       fmt::format("--pid={}", program.child().pid()), "--nproc=1000:"})
              .exit_code,
          0);
    });
  }
}

}  // namespace
}  // namespace hailstorm::testing
