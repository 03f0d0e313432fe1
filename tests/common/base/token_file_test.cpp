#include "common/base/token_file.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm {
namespace {

class TokenFileTest : public ::testing::Test {
 protected:
  /// Reads a file of these bytes.
  Result<std::string> read(const std::string& bytes) {
    std::ofstream(file_, std::ios::binary) << bytes;
    return read_token(file_);
  }

  testing::TempFolder folder_;
  const std::string file_ = folder_.path() / "token";
};

TEST_F(TokenFileTest, OfSeveralProcessesThatWriteATokenTheFirstWins) {
  ASSERT_OK(write_token(file_, "0123456789abcdef", true));
  ASSERT_OK(write_token(file_, "fedcba9876543210", true));
  EXPECT_EQ(read_token(file_).value(), "0123456789abcdef");
  ASSERT_OK(write_token(file_, "fedcba9876543210"));
  EXPECT_EQ(read_token(file_).value(), "fedcba9876543210");
  struct stat info {};
  ASSERT_EQ(::stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(TokenFileTest, ATokenIsMadeWhereThereIsNoneAndKept) {
  const auto made = read_or_make_token(file_);
  ASSERT_OK(made);
  EXPECT_EQ(read_or_make_token(file_).value(), *made);
  EXPECT_EQ(made->size(), 64U);
  EXPECT_NE(random_token(), random_token());
  EXPECT_FAILS_WITH(read_or_make_token("/proc/token"), TokenErrc::unusable);
}

TEST_F(TokenFileTest, AnEmptyTokenFileIsNotMadeAgain) {
  std::ofstream(file_) << "";
  EXPECT_FAILS_WITH(read_or_make_token(file_), TokenErrc::unusable);
}

TEST_F(TokenFileTest, TheFirstLineCountsWithoutBlanksAtItsEnd) {
  for (const char* bytes :
       {"0123456789abcdef", "0123456789abcdef\n", "0123456789abcdef \t\r\nother\n"}) {
    EXPECT_EQ(read(bytes).value(), "0123456789abcdef") << bytes;
  }
}

// What an engine mounts for a file that is not there is a folder.
TEST_F(TokenFileTest, ATokenThatNoHeaderCanCarryIsRefused) {
  for (const std::string& bytes :
       {std::string("short"), std::string(), std::string(100'000, 'x'),
        std::string("0123456789 abcdef"), std::string("0123456789\0abcdef", 17),
        std::string("0123456789abcd\xc3\xa9")}) {
    EXPECT_FAILS_WITH(read(bytes), TokenErrc::unusable);
  }
  EXPECT_FAILS_WITH(read_token(folder_.path().string()), TokenErrc::unusable);
  EXPECT_FAILS_WITH(read_token(file_ + ".not"), TokenErrc::unusable);
  EXPECT_FAILS_WITH(read_token("/dev/zero"), TokenErrc::unusable);
}

TEST_F(TokenFileTest, SecretsAreEqualWhenEachByteIs) {
  EXPECT_TRUE(is_same_secret("0123456789abcdef", "0123456789abcdef"));
  EXPECT_TRUE(is_same_secret("", ""));
  for (const char* other : {"", "0123456789abcde", "0123456789abcdeF", "0123456789abcdef0"}) {
    EXPECT_FALSE(is_same_secret("0123456789abcdef", other)) << other;
  }
}

}  // namespace
}  // namespace hailstorm
