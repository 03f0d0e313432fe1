#include "services/lab/agent/process_table.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "services/lab/faults/proc.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using hailstorm::testing::await;

bool is_gone(pid_t pid) {
  const char state = proc_status(pid).state;
  return state == 0 || state == 'Z' || state == 'X';
}

struct ProcessTableTest : ::testing::Test {
  const SystemClock clock;
  ProcessTable table{clock};

  Result<ProcessInfo> start_sleep(const std::string& name) {
    return table.start(name, {{"/bin/sleep", "1000"}, ""}, RestartPolicy::never);
  }
  Result<ProcessInfo> start_shell(const std::string& script, const std::string& log,
                                  RestartPolicy restart = RestartPolicy::never) {
    return table.start("shell", {{"/bin/sh", "-c", script}, log}, restart);
  }
};

TEST_F(ProcessTableTest, StartedProcessRunsAndIsListed) {
  const auto started = start_sleep("sleeper");
  ASSERT_OK(started);
  EXPECT_EQ(started->state, ProcessState::running);
  EXPECT_GT(started->pid, 0);
  ASSERT_EQ(table.list().size(), 1U);
  EXPECT_EQ(table.list().front().name, "sleeper");
}

TEST_F(ProcessTableTest, KilledProcessIsGoneWhenTheCallReturns) {
  const auto started = start_sleep("sleeper");
  ASSERT_OK(started);
  const auto killed = table.kill("sleeper");
  ASSERT_OK(killed);
  EXPECT_EQ(killed->state, ProcessState::exited);
  EXPECT_EQ(killed->signal, SIGKILL);
  EXPECT_TRUE(is_gone(started->pid));
  EXPECT_OK(table.kill("sleeper"));  // nothing left to do
}

TEST_F(ProcessTableTest, FrozenProcessIsStoppedUntilItIsThawed) {
  const auto started = start_sleep("sleeper");
  ASSERT_OK(started);
  const auto frozen = table.freeze("sleeper");
  ASSERT_OK(frozen);
  EXPECT_EQ(frozen->state, ProcessState::frozen);
  EXPECT_EQ(proc_status(started->pid).state, 'T');
  const auto thawed = table.thaw("sleeper");
  ASSERT_OK(thawed);
  EXPECT_EQ(thawed->state, ProcessState::running);
  EXPECT_NE(proc_status(started->pid).state, 'T');
}

TEST_F(ProcessTableTest, StartsAgainWhatWasKilled) {
  const auto first = start_sleep("sleeper");
  ASSERT_OK(first);
  ASSERT_OK(table.kill("sleeper"));
  const auto second = table.start("sleeper");
  ASSERT_OK(second);
  EXPECT_NE(second->pid, first->pid);
  EXPECT_EQ(second->state, ProcessState::running);
  EXPECT_EQ(second->restarts, 1);
}

TEST_F(ProcessTableTest, RefusesToStartWhatIsAlive) {
  ASSERT_OK(start_sleep("sleeper"));
  EXPECT_FAILS_WITH(start_sleep("sleeper"), AgentErrc::wrong_state);
  EXPECT_FAILS_WITH(table.start("sleeper"), AgentErrc::wrong_state);
}

TEST_F(ProcessTableTest, RefusesToFreezeWhatHasEnded) {
  ASSERT_OK(start_sleep("sleeper"));
  ASSERT_OK(table.kill("sleeper"));
  EXPECT_FAILS_WITH(table.freeze("sleeper"), AgentErrc::wrong_state);
}

TEST_F(ProcessTableTest, KnowsNoProcessThatWasNeverStarted) {
  EXPECT_FAILS_WITH(table.kill("nobody"), AgentErrc::unknown_process);
  EXPECT_FAILS_WITH(table.describe("nobody"), AgentErrc::unknown_process);
}

TEST_F(ProcessTableTest, ProgramThatIsNotThereIsAnErrorAtOnce) {
  const auto started = table.start("ghost", {{"/no/such/program"}, ""}, RestartPolicy::never);
  EXPECT_FAILS_WITH(started, AgentErrc::cannot_start);
  EXPECT_TRUE(table.list().empty());
}

TEST_F(ProcessTableTest, TerminateKillsAProcessThatIgnoresSigterm) {
  const testing::TempFolder folder;
  const std::string log = folder.path() / "out";
  ASSERT_OK(start_shell("trap '' TERM; echo deaf; while :; do sleep 0.05; done", log));
  ASSERT_TRUE(await([&] {
    std::string line;
    std::ifstream(log) >> line;
    return line == "deaf";
  }));
  const auto ended = table.terminate("shell", 50);
  ASSERT_OK(ended);
  EXPECT_EQ(ended->signal, SIGKILL);

  ASSERT_OK(start_sleep("polite"));
  const auto polite = table.terminate("polite", 5'000);
  ASSERT_OK(polite);
  EXPECT_EQ(polite->signal, SIGTERM);
}

TEST_F(ProcessTableTest, FrozenProcessCanBeTerminatedAndKilled) {
  ASSERT_OK(start_sleep("one"));
  ASSERT_OK(start_sleep("other"));
  ASSERT_OK(table.freeze("one"));
  ASSERT_OK(table.freeze("other"));
  EXPECT_EQ(table.terminate("one", 5'000)->signal, SIGTERM);
  EXPECT_EQ(table.kill("other")->signal, SIGKILL);
}

TEST_F(ProcessTableTest, TheExitCodeOfAProcessThatEndedIsKnown) {
  ASSERT_OK(start_shell("exit 7", ""));
  ASSERT_TRUE(await([&] { return table.describe("shell")->state == ProcessState::exited; }));
  EXPECT_EQ(table.describe("shell")->exit_code, 7);
}

TEST_F(ProcessTableTest, AProcessThatEndedIsRestartedByItsPolicy) {
  ASSERT_OK(start_shell("exit 1", "", RestartPolicy::always));
  EXPECT_TRUE(await([&] { return table.describe("shell")->restarts >= 2; }));
  ASSERT_OK(table.kill("shell"));
  EXPECT_EQ(table.describe("shell")->state, ProcessState::exited);
}

TEST_F(ProcessTableTest, TriesAgainWhenARestartFails) {
  const testing::TempFolder folder;
  const std::string program = folder.path() / "program";
  const auto install = [&program](const std::string& script) {
    std::ofstream(program + ".new") << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(program + ".new", std::filesystem::perms::owner_all);
    std::filesystem::rename(program + ".new", program);
  };
  install("rm \"$0\"; exit 1");
  ASSERT_OK(table.start("fragile", {{program}, ""}, RestartPolicy::always));
  ASSERT_TRUE(await([&] { return table.describe("fragile")->restarts >= 2; }));
  EXPECT_EQ(table.describe("fragile")->state, ProcessState::exited);
  install("exec sleep 1000");
  EXPECT_TRUE(await([&] { return table.describe("fragile")->state == ProcessState::running; }));
}

TEST_F(ProcessTableTest, OutputGoesToTheLogFileAndHailVariablesStayOut) {
  const testing::TempFolder folder;
  const std::string log = folder.path() / "out";
  ::setenv("HAIL_SECRET", "ours", 1);
  ASSERT_OK(start_shell("echo \"value: ${HAIL_SECRET:-none}\"", log));
  ASSERT_TRUE(await([&] { return table.describe("shell")->state == ProcessState::exited; }));
  ::unsetenv("HAIL_SECRET");
  std::string line;
  std::ifstream file(log);
  std::getline(file, line);
  EXPECT_EQ(line, "value: none");
}

TEST(ProcessTableDeathTest, ChildrenDieWithTheProcessThatHoldsThem) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const SystemClock clock;
    ProcessTable table{clock};
    const auto started = table.start("sleeper", {{"/bin/sleep", "1000"}, ""}, RestartPolicy::never);
    const pid_t pid = started.ok() ? started->pid : 0;
    if (::write(ends[1], &pid, sizeof pid) != sizeof pid) ::_exit(1);
    for (;;) ::pause();
  }
  pid_t child = 0;
  ASSERT_EQ(::read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  ASSERT_GT(child, 0);
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_TRUE(await([child] { return is_gone(child); }));
}

TEST_F(ProcessTableTest, AProcessThatRefusesToStartIsNotRestarted) {
  ASSERT_OK(
      table.start("refuses", {{"/bin/sh", "-c", "exit 2"}, ""}, RestartPolicy::unless_refused));
  ASSERT_OK(table.start("fails", {{"/bin/sh", "-c", "exit 1"}, ""}, RestartPolicy::unless_refused));
  EXPECT_TRUE(await([&] { return table.describe("fails")->restarts >= 2; }));
  EXPECT_EQ(table.describe("refuses")->restarts, 0);
  EXPECT_EQ(table.describe("refuses")->exit_code, kRefused);
  EXPECT_FALSE(table.describe("refuses")->comes_back);
}

TEST_F(ProcessTableTest, GivesWhatAProgramWroteAndHowItFailed) {
  EXPECT_EQ(*table.run_to_end({"/bin/sh", "-c", "echo all; echo went well >&2"}, 10'000),
            "all\nwent well\n");
  const auto failed = table.run_to_end({"/bin/sh", "-c", "echo no room; exit 2"}, 10'000);
  EXPECT_FAILS_WITH(failed, AgentErrc::program_failed);
  EXPECT_EQ(failed.error().message(), "/bin/sh ended with exit code 2: no room");
  EXPECT_FAILS_WITH(table.run_to_end({"/bin/sleep", "1000"}, 50), AgentErrc::program_failed);
  EXPECT_FAILS_WITH(table.run_to_end({"/no/such/program"}, 10'000), AgentErrc::cannot_start);
  EXPECT_TRUE(table.list().empty());
}

TEST(OrphanTest, AProgramThatSomebodyWaitsForIsNoOrphan) {
  const SystemClock clock;
  ProcessTable table(clock, /*adopts_orphans=*/true);
  // It ends long before its output does.
  EXPECT_FAILS_WITH(table.run_to_end({"/bin/sh", "-c", "sleep 0.1 & exit 3"}, 10'000),
                    AgentErrc::program_failed);
}

// The broker keeps its own log bounded, by the settings that it was started with.
TEST_F(ProcessTableTest, TheLogOfAProcessThatIsKilledAgainAndAgainIsBounded) {
  constexpr int64_t kMostBytes = 2'000;
  constexpr int kStarts = 12;
  const testing::TempFolder folder;
  const std::string log = folder.path() / "broker.log";
  const std::string broker = testing::program_folder() / "hail-broker";
  SpawnRequest request{{broker, "--data", folder.path() / "data", "--port", "0", "--http-port", "0",
                        "--kafka-port", "0"},
                       "broker.log"};
  request.log_folder = folder.path();
  request.log_bytes = kMostBytes;
  const auto listening = [&] {
    const std::string text = testing::read_text(log);
    return text.find("\"msg\":\"listening\"", text.rfind("{\"ts\"")) != std::string::npos;
  };
  for (int i = 0; i < kStarts; ++i) {
    ASSERT_OK(i == 0 ? table.start("broker", request, RestartPolicy::never)
                     : table.start("broker"));
    ASSERT_TRUE(await(listening)) << testing::read_text(log);
    ASSERT_OK(table.kill("broker"));
    std::ofstream(log, std::ios::app) << "{\"ts\":\"killed\"}\n";
  }
  const auto size_of = [](const std::string& file) {
    return static_cast<int64_t>(std::filesystem::file_size(file));
  };
  EXPECT_LE(size_of(log), kMostBytes);
  EXPECT_LE(size_of(log + ".1"), kMostBytes);
  EXPECT_GT(size_of(log + ".1"), kMostBytes / 2) << "nothing was rotated";
}

}  // namespace
}  // namespace hailstorm::lab
