#include "common/base/error_file.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "common/base/logging.h"
#include "tests/support/temp_folder.h"

namespace hailstorm {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostBytes = 20'000;

class ErrorFileTest : public ::testing::Test {
 protected:
  /// Logs in a process of its own, whose standard error is the file.
  void log_lines(int threads, int lines) const {
    const pid_t child = ::fork();
    if (child == 0) {
      init_logging("payment");
      if (!log_to_file(file(), kMostBytes).ok()) std::_Exit(1);
      std::vector<std::thread> all;
      for (int t = 0; t < threads; ++t) {
        all.emplace_back([=] {
          for (int i = 0; i < lines; ++i) log_info("a line", {{"thread", t}, {"number", i}});
        });
      }
      for (auto& thread : all) thread.join();
      std::_Exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }
  /// Lines of both files, the older ones first.
  [[nodiscard]] std::vector<std::string> kept() const {
    std::vector<std::string> lines;
    for (const auto& path : {full(), file()}) {
      std::ifstream in(path);
      for (std::string line; std::getline(in, line);) lines.push_back(line);
    }
    return lines;
  }
  static int number_in(const std::string& line, const std::string& key) {
    const size_t at = line.find("\"" + key + "\":");
    return at == std::string::npos ? -1 : std::stoi(line.substr(at + key.size() + 3));
  }
  [[nodiscard]] std::string file() const { return folder_.path() / "payment.log"; }
  [[nodiscard]] std::string full() const { return file() + ".1"; }

  testing::TempFolder folder_;
};

TEST_F(ErrorFileTest, TheNewestLinesAreInTwoFilesOfBoundedSize) {
  log_lines(1, 2'000);
  EXPECT_LE(fs::file_size(file()), kMostBytes);
  EXPECT_LE(fs::file_size(full()), kMostBytes);
  EXPECT_GT(fs::file_size(full()), kMostBytes - 200);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 2);
  const auto lines = kept();
  int expected = 2'000 - static_cast<int>(lines.size());
  for (const auto& line : lines) EXPECT_EQ(number_in(line, "number"), expected++) << line;
}

TEST_F(ErrorFileTest, ManyThreadsLoseNoLineOfTheNewest) {
  log_lines(8, 500);
  std::map<int, int> next;
  for (const auto& line : kept()) {
    const int thread = number_in(line, "thread");
    const int number = number_in(line, "number");
    ASSERT_GE(thread, 0) << line;
    EXPECT_EQ(number, next.contains(thread) ? next[thread] : number) << line;
    next[thread] = number + 1;
  }
  // The last line of all was the last one of its thread.
  EXPECT_NE(kept().back().find("\"number\":499"), std::string::npos);
}

TEST_F(ErrorFileTest, AFullFileOfAnEarlierProcessIsPutAsideAtTheStart) {
  std::ofstream(file()) << std::string(kMostBytes, 'x') << '\n';
  log_lines(1, 1);
  EXPECT_EQ(fs::file_size(full()), kMostBytes + 1U);
  EXPECT_LT(fs::file_size(file()), 200U);
}

TEST_F(ErrorFileTest, AProcessThatDiedBetweenTheTwoFilesLeavesASoundLog) {
  std::ofstream(full()) << "older\n";
  log_lines(1, 1);
  EXPECT_EQ(kept().size(), 2U);
  log_lines(1, 1);
  EXPECT_EQ(kept().size(), 3U) << "a file that is not full is appended to";
}

TEST_F(ErrorFileTest, WhatIsNoRegularFileIsRefused) {
  const std::string fifo = folder_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, folder_.path().string(), std::string("/dev/null"),
                                  (folder_.path() / "none" / "file").string()}) {
    const auto refused = ErrorFile::begin(path, kMostBytes);
    ASSERT_FALSE(refused.ok()) << path;
    EXPECT_NE(refused.error().message().find(path), std::string::npos);
  }
}

}  // namespace
}  // namespace hailstorm
