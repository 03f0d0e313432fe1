#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(CommentsTest, NoCommentOfTheTreeIsBrokenOrHasAPronounAsASubject) {
  const auto complaints = check_comments(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(CommentsTest, ALineThatEndsInTheMiddleOfASentenceIsRefused) {
  EXPECT_THAT(check_comments({{"a.h", "/// Waits for the\n/// answer.\n"}}),
              ElementsAre(StartsWith("a.h:1: the comment's line is broken")));
}

TEST(CommentsTest, ASentenceAListAndCodeMayEndALine) {
  EXPECT_THAT(check_comments({{"a.h",
                               "/// Waits.\n/// answers come later\n"
                               "/// One of:\n///   first\n/// - second\n"
                               "/// NAME\n/// Sentence\n\n"
                               "// a\nint b;\n"}}),
              IsEmpty());
}

TEST(CommentsTest, ALineThatIsFullPasses) {
  const std::string full = "/// " + std::string(70, 'a');
  EXPECT_THAT(check_comments({{"a.h", full + "\n/// second\n"}}), IsEmpty());
}

TEST(CommentsTest, APronounAsASubjectIsRefused) {
  EXPECT_THAT(
      check_comments({{"a.cpp", "f();  // without the lock: who wakes takes it at once\n"}}),
      ElementsAre(StartsWith("a.cpp:1: \"who\" as a subject")));
}

TEST(CommentsTest, APronounAfterANounPasses) {
  EXPECT_THAT(check_comments({{"a.cpp", "// A rider who asks twice gets one answer.\n"}}),
              IsEmpty());
  EXPECT_THAT(check_comments({{"a.cpp", "// One line: who wrote the folder, in which format.\n"}}),
              IsEmpty());
}

}  // namespace
}  // namespace hailstorm::tidy
