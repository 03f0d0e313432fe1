#include "tests/docs/code_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/docs/documented_command.h"
#include "tests/docs/program_help.h"

namespace hailstorm::docs {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(CodeBlocksTest, BlocksAreIndentedOrFenced) {
  EXPECT_THAT(code_lines("a.md", "text\n\n    ./demo\n\n```\n./test\n```\ntext\n"),
              ElementsAre(Field(&CodeLine::text, "./demo"), Field(&CodeLine::text, "./test")));
}

TEST(CodeBlocksTest, CodeInASentenceStandsBetweenBackticks) {
  EXPECT_THAT(inline_code("a.md", "Run `./demo`, then `./test`.\n    `no sentence`\n"),
              ElementsAre(Field(&CodeLine::text, "./demo"), Field(&CodeLine::text, "./test")));
}

TEST(CodeBlocksTest, AnExampleIsACommandAndWhatItPrints) {
  const auto examples = examples_below(
      "## First\n\n    $ a\n\n## Second\n\n    $ b |\n        c\n    printed\n    $ d\n", "Second");
  ASSERT_EQ(examples.size(), 2U);
  EXPECT_EQ(examples[0].command, "b |\n    c");
  EXPECT_EQ(examples[0].output, "printed\n");
  EXPECT_EQ(examples[1].command, "d");
  EXPECT_EQ(examples[1].output, "");
}

TEST(DocumentedCommandTest, ACommandBeginsALineOrFollowsAnother) {
  const auto commands = commands_in("$ A=b hail consume x | hail produce y; ./demo  # hail z");
  ASSERT_EQ(commands.size(), 3U);
  EXPECT_EQ(commands[0].program, "hail");
  EXPECT_THAT(commands[0].words, ElementsAre("consume", "x"));
  EXPECT_THAT(commands[1].words, ElementsAre("produce", "y"));
  EXPECT_EQ(commands[2].program, "./demo");
}

TEST(DocumentedCommandTest, AContainersCommandIsThatOfItsProgram) {
  EXPECT_THAT(commands_in("docker compose run --rm lab story --rides 24 >report"),
              ElementsAre(Field(&Command::words, ElementsAre("story", "--rides", "24"))));
  EXPECT_THAT(commands_in("docker compose exec -T broker hail groups list"),
              ElementsAre(Field(&Command::words, ElementsAre("groups", "list"))));
  EXPECT_THAT(commands_in("docker compose up -d"), IsEmpty());
}

TEST(DocumentedCommandTest, WhatAProgramSaysIsNoCommand) {
  EXPECT_THAT(commands_in("hail: there is no group 'nobody'"), IsEmpty());
}

TEST(ProgramHelpTest, AnUnknownOptionSubcommandOrTestIsNamed) {
  EXPECT_THAT(check_command({"hail", {"consume", "rides", "--json", "--follow"}}), IsEmpty());
  EXPECT_THAT(check_command({"hail", {"consume", "--folow"}}),
              HasSubstr("hail consume has no option --folow"));
  EXPECT_THAT(check_command({"hail", {"eat", "rides"}}), HasSubstr("hail has no subcommand eat"));
  EXPECT_THAT(check_command({"./test", {"docs_test"}}), IsEmpty());
  EXPECT_THAT(check_command({"./test", {"dogs_test"}}),
              HasSubstr("there is no test program dogs_test"));
  EXPECT_THAT(check_command({"hail-nothing", {}}), HasSubstr("hail-nothing is no program"));
}

}  // namespace
}  // namespace hailstorm::docs
