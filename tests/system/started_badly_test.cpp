#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

#include "common/http/client.h"
#include "common/log/log.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/matchers.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

/// The real programs, started by a shell that closes streams or sets limits first.
std::vector<std::string> by_shell(const std::string& first, std::vector<std::string> arguments) {
  arguments.front() = program_folder() / arguments.front();
  arguments.insert(arguments.begin(), {"/bin/sh", "-c", first + " exec \"$@\"", "sh"});
  return arguments;
}

std::string closing(int streams) {
  std::string redirections = "exec";
  for (int fd = 0; fd < 3; ++fd) {
    if ((streams >> fd & 1) != 0) redirections += fmt::format(" {}{}&-", fd, fd == 0 ? '<' : '>');
  }
  return streams == 0 ? "" : redirections + ";";
}

std::string descriptor(pid_t pid, int fd) {
  std::error_code failed;
  return fs::read_symlink(fmt::format("/proc/{}/fd/{}", pid, fd), failed).string();
}

/// The shell has become the program, which has opened something by now.
bool has_begun(const Child& child, const std::string& program) {
  std::error_code failed;
  const auto exe = fs::read_symlink(fmt::format("/proc/{}/exe", child.pid()), failed);
  return exe.filename() == program && !descriptor(child.pid(), 3).empty();
}

class Probe {
 public:
  explicit Probe(int port) : client_(http::Address{"127.0.0.1", port}, 1'000) {}
  bool is_ready() {
    const auto answer = client_.get("/readyz");
    return answer.ok() && answer->status == 200;
  }

 private:
  http::Client client_;
};

TEST(StartedBadlyTest, ClosedStreamsAreTheNullDeviceInEachProgram) {
  const TempFolder folder;
  const std::string nowhere = fmt::format("127.0.0.1:{}", free_port());
  const auto data = [&](const char* name) { return (folder.path() / name).string(); };
  const auto service = [&](const std::string& name) {
    return std::vector<std::string>{"hail-" + name,
                                    "--data",
                                    data(name.c_str()),
                                    "--http-port",
                                    std::to_string(free_port()),
                                    "--broker",
                                    "hailstorm://" + nowhere};
  };
  const std::vector<std::vector<std::string>> programs = {
      {"hail-broker", "--data", data("broker"), "--port", std::to_string(free_port()),
       "--http-port", std::to_string(free_port()), "--kafka-port", "0"},
      service("gateway"),
      service("matching"),
      service("payment"),
      service("notification"),
      service("analytics"),
      {"hail-lab", "agent", "--port", std::to_string(free_port()), "--token-file", data("token")},
      {"hail", "topics", "list", "--broker", "hailstorm://" + nowhere}};
  std::ofstream(data("token")) << "0123456789abcdef0123456789abcdef\n";
  for (const auto& arguments : programs) {
    Child child(by_shell(closing(7), arguments));
    ASSERT_TRUE(await([&] { return has_begun(child, arguments.front()); })) << arguments.front();
    for (int fd = 0; fd < 3; ++fd)
      EXPECT_EQ(descriptor(child.pid(), fd), "/dev/null") << arguments.front();
    child.kill();
  }
}

TEST(StartedBadlyTest, NoStreamThatIsClosedPutsALogLineIntoADataFile) {
  for (int streams = 0; streams < 8; ++streams) {
    const TempFolder folder;
    const int port = free_port();
    const int http_port = free_port();
    const std::string url = fmt::format("hailstorm://127.0.0.1:{}", port);
    const auto hail = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), "hail");
      arguments.insert(arguments.end(), {"--broker", url});
      return Child(by_shell(closing(streams), arguments)).wait();
    };
    Child broker(by_shell(
        closing(streams),
        {"hail-broker", "--data", folder.path() / "data", "--port", std::to_string(port),
         "--http-port", std::to_string(http_port), "--kafka-port", "0", "--log-level", "debug"}));
    Probe probe(http_port);
    ASSERT_TRUE(await([&] { return probe.is_ready(); })) << streams;
    EXPECT_EQ(hail({"topics", "create", "rides"}), 0) << streams;
    EXPECT_EQ(hail({"topics", "list"}), 0) << streams;
    broker.terminate();
    EXPECT_EQ(broker.wait(), 0) << streams;
    EXPECT_EQ(read_text(folder.path() / "data" / "VERSION"), "hail-broker 1\n") << streams;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      EXPECT_EQ(read_text(entry).find("\"level\""), std::string::npos) << streams << entry;
    }
    const auto verified =
        run_program({program_folder() / "hail", "verify", folder.path() / "data"});
    EXPECT_EQ(verified.exit_code, 0) << streams << verified.out;
  }
}

TEST(StartedBadlyTest, ALimitOfAFilesSizeIsAFullDiskToTheBroker) {
  const TempFolder folder;
  const int port = free_port();
  const int http_port = free_port();
  Child broker(
      by_shell("ulimit -f 200;",  // of 512 bytes
               {"hail-broker", "--data", folder.path() / "data", "--port", std::to_string(port),
                "--http-port", std::to_string(http_port), "--kafka-port", "0"}));
  Probe probe(http_port);
  ASSERT_TRUE(await([&] { return probe.is_ready(); }));
  const auto engine = log::open(fmt::format("hailstorm://127.0.0.1:{}", port)).value();
  log::TopicSettings one;
  one.partitions = 1;
  ASSERT_OK(engine->make_admin(20'000)->create_topic("rides", one));
  const auto is_taken = [&](size_t bytes) {
    const auto producer = engine->make_producer({.delivery_timeout_ms = 2'000});
    bool taken = false;
    EXPECT_OK(producer->send("rides", {{}, std::string(bytes, 'x'), {}},
                             [&](const auto& delivery) { taken = delivery.ok(); }));
    static_cast<void>(producer->flush(10'000).ok());
    return taken;
  };
  EXPECT_TRUE(is_taken(10));
  EXPECT_FALSE(is_taken(150'000));
  EXPECT_FALSE(broker.has_ended());
  EXPECT_TRUE(is_taken(20)) << "there is room for this one";
  const auto consumer = engine->make_consumer({});
  consumer->assign({{{"rides", 0}, 0}});
  EXPECT_EQ(consumer->poll(20'000).value().at(0).value->size(), 10U);
  broker.terminate();
  EXPECT_EQ(broker.wait(), 0);
}

}  // namespace
}  // namespace hailstorm::testing
