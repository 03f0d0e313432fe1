#include "services/lab/lessons/shipped_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/lab/api/errors.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/lessons/shipped_texts.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ShippedDocumentsTest, EveryExperimentCanBeReadAndHasAName) {
  ASSERT_GT(shipped_experiments().size(), 10U);
  for (const auto& file : shipped_experiments()) {
    const auto experiment = parse_experiment(file.text, DocumentFormat::yaml);
    ASSERT_TRUE(experiment.ok()) << file.name << ": " << experiment.error().message();
    const auto found = experiment_file_named(std::string(file.name));
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(*found->find("title")->text(), experiment->title);
    EXPECT_NE(found->find("document")->find("method"), nullptr);
  }
  EXPECT_EQ(experiment_file_list().find("experiments")->elements()->size(),
            shipped_experiments().size());
}

TEST(ShippedDocumentsTest, AnExperimentThatTakesAGuardOutSaysSo) {
  EXPECT_TRUE(*experiment_file_named("control-inbox-off")->find("needs_own_platform")->boolean());
  EXPECT_FALSE(*experiment_file_named("redelivery")->find("needs_own_platform")->boolean());
}

TEST(ShippedDocumentsTest, LessonsComeInTheirOrderWithTheirTitles) {
  const auto list = lesson_list();
  const auto& lessons = *list.find("lessons")->elements();
  ASSERT_GE(lessons.size(), 9U);
  int number = 0;
  for (const auto& lesson : lessons) {
    EXPECT_THAT(*lesson.find("title")->text(), StartsWith(std::to_string(++number) + ". "));
    const auto whole = lesson_named(*lesson.find("name")->text());
    ASSERT_TRUE(whole.ok());
    EXPECT_THAT(*whole->find("text")->text(), HasSubstr("# " + *lesson.find("title")->text()));
  }
}

TEST(ShippedDocumentsTest, ANameThatThereIsNotIsAnsweredWithThoseThatThereAre) {
  const auto missing = lesson_named("../../etc/passwd");
  ASSERT_FALSE(missing.ok());
  EXPECT_TRUE(missing.error().is(ApiErrc::not_found));
  EXPECT_THAT(missing.error().message(), HasSubstr("1-a-service-dies"));
}

}  // namespace
}  // namespace hailstorm::lab
