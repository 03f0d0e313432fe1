#include "services/lab/views/answer_files.h"

#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

class AnswerFilesTest : public ::testing::Test {
 protected:
  void add(const std::string& file, const std::string& ride) {
    Answer answer;
    answer.ride_id = ride;
    answer.status = 202;
    std::ofstream(folder_.path() / file, std::ios::app) << traffic::to_line(answer) << "\n";
  }
  static std::string rides(AnswerFiles& files) {
    std::string all;
    for (const Answer& answer : files.read_new()) all += answer.ride_id + " ";
    return all;
  }

  testing::TempFolder folder_;
};

TEST_F(AnswerFilesTest, FollowsEachFileAlsoLaterOnes) {
  AnswerFiles files(folder_.path());
  EXPECT_EQ(rides(files), "");
  add("a.jsonl", "r1");
  EXPECT_EQ(rides(files), "r1 ");
  add("a.jsonl", "r2");
  add("notes.txt", "r3");
  EXPECT_EQ(rides(files), "r2 ");
  add("b.jsonl", "r4");
  EXPECT_EQ(rides(files), "r4 ");
  EXPECT_EQ(rides(files), "");
}

TEST_F(AnswerFilesTest, WhatWasThereBeforeIsOfAnotherRun) {
  add("a.jsonl", "old");
  AnswerFiles files(folder_.path());
  EXPECT_EQ(rides(files), "");
  add("a.jsonl", "new");
  EXPECT_EQ(rides(files), "new ");
}

TEST_F(AnswerFilesTest, WithoutTheFolderThereIsNoAnswer) {
  AnswerFiles files(folder_.path() / "later");
  EXPECT_EQ(rides(files), "");
}

}  // namespace
}  // namespace hailstorm::lab
