#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/child.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

/// What the real hail-traffic says of trip files, of pipes and of standard input.
namespace hailstorm::traffic {
namespace {

using testing::ProgramResult;

std::string program() { return testing::program_folder() / "hail-traffic"; }

std::string rows(int count) {
  std::string text = "Date/Time,Lat,Lon,Base\n";
  for (int i = 0; i < count; ++i) {
    text += fmt::format("4/1/2014 0:{:02}:00,40.7{:02},-73.9,B02512\n", i % 60, i % 100);
  }
  return text;
}

class TripInputTest : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  static ProgramResult check(const std::string& trips, const std::string& input = "") {
    return testing::run_program({program(), "--check", "--trips", trips}, input);
  }
  /// A shell that knows the program as $0 and the folder's file trips.csv as $1.
  [[nodiscard]] ProgramResult in_shell(const std::string& command) const {
    return testing::run_program(
        {"/bin/bash", "-c", command, program(), folder_.path() / "trips.csv"});
  }
  static void expect_read(const ProgramResult& result, int64_t rows_read) {
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(nlohmann::json::parse(result.out).at("read"), rows_read);
  }
  static void expect_refused(const ProgramResult& result, const std::string& words) {
    EXPECT_EQ(result.exit_code, 2) << result.out;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  }

  testing::TempFolder folder_;
};

TEST_F(TripInputTest, StandardInputAndPipesAreRead) {
  write("trips.csv", rows(30));
  expect_read(check("-", rows(30)), 30);
  expect_read(check("/dev/stdin", rows(30)), 30);
  expect_read(in_shell("cat \"$1\" | \"$0\" --check --trips -"), 30);
  expect_read(in_shell("cat \"$1\" | \"$0\" --check --trips /dev/stdin"), 30);
  expect_read(in_shell("\"$0\" --check --trips <(cat \"$1\")"), 30);
  expect_read(in_shell("gzip \"$1\"; zcat \"$1.gz\" | \"$0\" --check --trips -"), 30);
}

TEST_F(TripInputTest, ANamedPipeIsAwaitedAndReadToItsEnd) {
  const std::string fifo = folder_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] {
    std::ofstream out(fifo);  // waits for the reader
    const std::string text = rows(30'000);
    out << text.substr(0, 100) << std::flush << text.substr(100);
  });
  expect_read(check(fifo), 30'000);
  writer.join();
}

TEST_F(TripInputTest, ASignalEndsTheWaitForAPipeWithoutAWriter) {
  const std::string fifo = folder_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const std::string err = folder_.path() / "err";
  testing::Child traffic({program(), "--check", "--trips", fifo}, {.err = err});
  traffic.interrupt();
  EXPECT_EQ(traffic.wait(), 130);
  EXPECT_NE(testing::read_text(err).find("stopped"), std::string::npos);
}

// Memory after which no page is mapped reads like a disk that fails after so many bytes.
TEST_F(TripInputTest, AReadErrorIsNotTheEndOfTheFile) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* const memory =
      ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::munmap(static_cast<char*>(memory) + page, page), 0);
  rows(1'000).copy(static_cast<char*>(memory), page);
  const int fd = ::open("/proc/self/mem", O_RDONLY);  // NOLINT: the shell inherits it
  ASSERT_GE(fd, 0);
  const auto start = static_cast<off_t>(reinterpret_cast<uintptr_t>(memory));
  ASSERT_EQ(::lseek(fd, start, SEEK_SET), start);
  expect_refused(in_shell(fmt::format("exec \"$0\" --check --trips - <&{}", fd)),
                 fmt::format("cannot read '-' at byte {}: Input/output error", page));
  ::close(fd);
  ::munmap(memory, page);
}

TEST_F(TripInputTest, WhatCannotBeReadIsNamedWithItsReason) {
  expect_refused(check(folder_.path() / "missing.csv"), "missing.csv': No such file");
  expect_refused(check(folder_.path()), "Is a directory");
  expect_refused(check("/proc/self/mem"), "Input/output error");
  expect_refused(check("/dev/null"), "is empty");
  expect_refused(check("-"), "is empty");
  expect_refused(check("/dev/zero"), "NUL");
  expect_refused(check(write("no_rows.csv", "Date/Time,Lat,Lon\n")), "it holds no rows");
  write("trips.csv", rows(3));
  expect_refused(in_shell("gzip \"$1\"; \"$0\" --check --trips \"$1.gz\""), "zcat");
}

// 256 MiB without a line end.
TEST_F(TripInputTest, ALineOfAnyLengthTakesLittleMemory) {
  const std::string path = write("long.csv", rows(3));
  ASSERT_EQ(::truncate(path.c_str(), 256 << 20), 0);
  std::ofstream(path, std::ios::app) << "\n4/1/2014 0:11:00,40.7,-73.9,B02512\n";
  expect_read(check(path), 4);
  rusage used{};
  ASSERT_EQ(::getrusage(RUSAGE_CHILDREN, &used), 0);
  EXPECT_LT(used.ru_maxrss, 200'000) << "kilobytes";
}

TEST_F(TripInputTest, WhatIsSkippedIsCountedByReason) {
  const auto result = check(write("trips.csv", rows(10) + "4/1/2084 0:11:00,40.7,-73.9,B\n" +
                                                   "4/1/2014 0:11:00,0,0,B\n" +
                                                   "4/1/2014 0:11:00,52.5,13.4,B\nnonsense\n"));
  expect_read(result, 10);
  const auto summary = nlohmann::json::parse(result.out);
  EXPECT_EQ(summary.at("skipped"), 4);
  for (const char* reason : {"unreadable", "at_zero", "too_far", "other_time"}) {
    EXPECT_EQ(summary.at("skipped_for").at(reason), 1) << reason;
  }
  EXPECT_NE(result.err.find("line 12: is of 2084-04-01"), std::string::npos) << result.err;
}

TEST_F(TripInputTest, MoreRidesThanTheFileGivesUntil2100AreRefused) {
  const std::string path =
      write("trips.csv", "1/1/2014 0:00:00,40.7,-73.9\n12/1/2014 0:00:00,40.7,-73.9\n");
  expect_refused(check(path), "ask for fewer rides");
  expect_read(testing::run_program({program(), "--check", "--trips", path, "--rides", "190"}), 2);
}

}  // namespace
}  // namespace hailstorm::traffic
