#include "services/lab/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(HtmlTest, MarkupAndControlCharactersInTextAreHarmless) {
  EXPECT_EQ(html_text("<script>alert('x') & \"y\"</script>"),
            "&lt;script&gt;alert(&#39;x&#39;) &amp; &quot;y&quot;&lt;/script&gt;");
  EXPECT_THAT(html_text(std::string("a\x1b[31m\0b", 8)), Not(HasSubstr("\x1b")));
  EXPECT_EQ(html_text("zwölf – 12"), "zwölf – 12");
}

TEST(HtmlTest, EveryCellOfATableIsText) {
  const std::string html = to_html(HtmlTable{"a <b>", {"<i>"}, {{"</td><td>"}, {"&"}}});
  EXPECT_THAT(html, HasSubstr("<caption>a &lt;b&gt;</caption>"));
  EXPECT_THAT(html, HasSubstr("<th>&lt;i&gt;</th>"));
  EXPECT_THAT(html, HasSubstr("<td>&lt;/td&gt;&lt;td&gt;</td>"));
  EXPECT_THAT(html, HasSubstr("<td>&amp;</td>"));
}

TEST(HtmlTest, APageLoadsNothingAndRunsNothing) {
  const std::string page = html_page("<title>", "<p>body</p>");
  EXPECT_THAT(page, HasSubstr("<title>&lt;title&gt;</title>"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
  for (const char* never : {"<script", "http://", "https://", "src=", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(never)));
  }
}

}  // namespace
}  // namespace hailstorm::lab
