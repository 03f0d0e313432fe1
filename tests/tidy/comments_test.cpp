#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(CommentsTest, NoCommentOfTheTreeIsBroken) {
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

}  // namespace
}  // namespace hailstorm::tidy
