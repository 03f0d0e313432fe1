#include "services/lab/page/page_files.h"

#include <fstream>
#include <gmock/gmock.h>
#include <string>

#include "services/lab/page/embedded_file.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kPage = HAILSTORM_SOURCE_DIR "/services/lab/page/";

TEST(PageFilesTest, TheFilesInTheProgramAreThoseOfTheTree) {
  ASSERT_GT(page_files().size(), 10U);
  for (const auto& file : page_files()) {
    EXPECT_TRUE(file.content == testing::read_text(kPage + std::string(file.path))) << file.path;
  }
}

TEST(PageFilesTest, AFileHasATypeAndAHash) {
  const auto file = PageFiles("").find("app.js");
  ASSERT_TRUE(file);
  EXPECT_THAT(file->content_type, StartsWith("text/javascript"));
  EXPECT_EQ(file->etag.size(), 66U);
}

TEST(PageFilesTest, NoPathLeadsOutOfTheFolder) {
  const testing::TempFolder folder;
  std::filesystem::create_directories(folder.path() / "page" / "panels");
  std::ofstream(folder.path() / "secret.js") << "1";
  std::ofstream(folder.path() / "page" / "a.js") << "2";
  std::ofstream(folder.path() / "page" / "panels" / "b.js") << "3";
  std::ofstream(folder.path() / "page" / "notes.txt") << "4";
  const PageFiles files(folder.path() / "page");
  EXPECT_EQ(files.find("a.js")->content, "2");
  EXPECT_EQ(files.find("panels/b.js")->content, "3");
  for (const char* path : {"", "../secret.js", "panels/../../secret.js", "/etc/passwd", "notes.txt",
                           "panels", "b.js", "a%2ejs"}) {
    EXPECT_FALSE(files.find(path)) << path;
  }
}

TEST(PageFilesTest, AFolderIsReadAtEachRequest) {
  const testing::TempFolder folder;
  std::ofstream(folder.path() / "a.js") << "1";
  const PageFiles files(folder.path());
  const auto before = files.find("a.js");
  std::ofstream(folder.path() / "a.js") << "2";
  const auto after = files.find("a.js");
  EXPECT_EQ(after->content, "2");
  EXPECT_NE(after->etag, before->etag);
}

TEST(PageFilesTest, VendoredFilesAreAsTheirAuthorsGaveThem) {
  const auto checked =
      testing::run_program({"/bin/sh", "-c", "cd \"$0\" && sha256sum --check --strict SHA256SUMS",
                            kPage + "vendor/lit-html"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("LICENSE: OK"));
}

// The policy permits neither; a page that had one would work only from a folder.
TEST(PageFilesTest, NoFileHasAScriptOrStyleWithinItsMarkup) {
  for (const auto& file : page_files()) {
    if (file.path.starts_with("vendor/")) continue;
    for (const char* mark : {"<style", " style=", "<script>", "javascript:", "onclick=", "eval("}) {
      EXPECT_EQ(file.content.find(mark), file.content.npos) << file.path << " has " << mark;
    }
    EXPECT_EQ(file.content.find("https://"), file.content.npos) << file.path << " is not offline";
  }
}

}  // namespace
}  // namespace hailstorm::lab
