#include "common/base/output_file.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace hailstorm {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public ::testing::Test {
 protected:
  OutputFileTest() {
    std::string name = (fs::temp_directory_path() / "output-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~OutputFileTest() override { fs::remove_all(folder_); }

  static std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  static Status write(const fs::path& path, const std::string& text) {
    const auto output = OutputFile::check(path);
    if (!output.ok()) return output.error();
    return output->write(text);
  }
  static std::string refusal(const fs::path& path) {
    const auto output = OutputFile::check(path);
    if (output.ok()) return "";
    EXPECT_NE(output.error().message().find(path.string()), std::string::npos);
    return output.error().message();
  }
  [[nodiscard]] size_t file_count() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(OutputFileTest, AFileIsMade) {
  ASSERT_TRUE(write(folder_ / "report", "all\n").ok());
  EXPECT_EQ(text_of(folder_ / "report"), "all\n");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(OutputFileTest, CheckChangesNothing) {
  put("report", "old");
  EXPECT_TRUE(OutputFile::check(folder_ / "report").ok());
  EXPECT_TRUE(OutputFile::check(folder_ / "other").ok());
  EXPECT_EQ(text_of(folder_ / "report"), "old");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(OutputFileTest, ARegularFileIsReplacedAsAWholeAndKeepsItsPermissions) {
  put("report", "a much longer text than the new one");
  fs::permissions(folder_ / "report", fs::perms::owner_read | fs::perms::owner_write);
  std::ifstream reader(folder_ / "report");
  ASSERT_TRUE(write(folder_ / "report", "new").ok());
  std::string seen;
  std::getline(reader, seen);
  EXPECT_EQ(seen, "a much longer text than the new one");
  EXPECT_EQ(text_of(folder_ / "report"), "new");
  EXPECT_EQ(fs::status(folder_ / "report").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(OutputFileTest, LinksAreFollowed) {
  fs::create_directory(folder_ / "elsewhere");
  put("elsewhere/real", "old");
  fs::create_symlink("elsewhere/real", folder_ / "inner");
  fs::create_symlink(folder_ / "inner", folder_ / "outer");
  ASSERT_TRUE(write(folder_ / "outer", "new").ok());
  EXPECT_TRUE(fs::is_symlink(folder_ / "outer"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "inner"));
  EXPECT_EQ(text_of(folder_ / "elsewhere/real"), "new");
}

TEST_F(OutputFileTest, ALinkToAFileThatIsNotThereMakesThatFile) {
  fs::create_symlink("later", folder_ / "link");
  ASSERT_TRUE(write(folder_ / "link", "new").ok());
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(text_of(folder_ / "later"), "new");
  fs::create_symlink("link-to-itself", folder_ / "link-to-itself");
  EXPECT_NE(refusal(folder_ / "link-to-itself"), "");
}

TEST_F(OutputFileTest, ADeviceIsWrittenToAndStaysADevice) {
  ASSERT_TRUE(write("/dev/null", "gone").ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const Status full = write("/dev/full", "text");
  ASSERT_FALSE(full.ok());
  EXPECT_NE(full.error().message().find("No space left"), std::string::npos);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(OutputFileTest, AFifoIsWrittenToAndStaysAFifo) {
  const fs::path fifo = folder_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const Status unread = write(fifo, "text");
  ASSERT_FALSE(unread.ok());
  EXPECT_NE(unread.error().message().find("nobody reads"), std::string::npos);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  ASSERT_TRUE(write(fifo, "text").ok());
  char got[8] = {};
  EXPECT_EQ(::read(reader, got, sizeof got), 4);
  EXPECT_EQ(std::string(got), "text");
  ::close(reader);
  EXPECT_TRUE(fs::is_fifo(fifo));
}

TEST_F(OutputFileTest, AFifosReaderMayBeSlow) {
  const fs::path fifo = folder_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
  ::fcntl(reader, F_SETFL, 0);
  const std::string large(1 << 20, 'x');
  auto written = std::async(std::launch::async, [&] { return write(fifo, large).ok(); });
  std::string got(large.size(), ' ');
  size_t size = 0;
  while (size < got.size()) {
    const ssize_t some = ::read(reader, got.data() + size, got.size() - size);
    if (some > 0) size += static_cast<size_t>(some);
  }
  ::close(reader);
  EXPECT_TRUE(written.get());
  EXPECT_EQ(got, large);
}

TEST_F(OutputFileTest, TheFileThatStandardOutputGoesToIsAppendedTo) {
  const fs::path file = folder_ / "out";
  const int own = ::dup(STDOUT_FILENO);
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT, 0600);
  ::dup2(fd, STDOUT_FILENO);
  ::close(fd);
  const bool before = ::write(STDOUT_FILENO, "before\n", 7) == 7;
  const Status by_name = write(file, "report\n");
  const Status by_device = write("/dev/stdout", "again\n");
  const bool after = ::write(STDOUT_FILENO, "after\n", 6) == 6;
  ::dup2(own, STDOUT_FILENO);
  ::close(own);
  EXPECT_TRUE(before && by_name.ok() && by_device.ok() && after);
  EXPECT_EQ(text_of(file), "before\nreport\nagain\nafter\n");
}

TEST_F(OutputFileTest, AFileThatCannotBeWrittenIsRefusedBeforehand) {
  put("file", "");
  EXPECT_NE(refusal(folder_).find("folder"), std::string::npos);
  EXPECT_NE(refusal(folder_ / "nowhere" / "report").find("nowhere"), std::string::npos);
  EXPECT_NE(refusal(folder_ / "file" / "report").find("Not a directory"), std::string::npos);
  EXPECT_NE(refusal(folder_ / "new/").find("folder"), std::string::npos);
  EXPECT_NE(refusal(folder_ / std::string(300, 'n')).find("name too long"), std::string::npos);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = (folder_ / "socket").string();
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_NE(refusal(folder_ / "socket").find("socket"), std::string::npos);
  ::close(fd);
}

TEST_F(OutputFileTest, WhereWritingFailsTheOldFileStaysAndNothingIsLeftOver) {
  put("report", "old");
  const auto output = OutputFile::check(folder_ / "report");
  ASSERT_TRUE(output.ok());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 100;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status written = output->write(std::string(1000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, ignored);
  ASSERT_FALSE(written.ok());
  EXPECT_TRUE(written.error().is(OutputErrc::cannot_write));
  EXPECT_EQ(text_of(folder_ / "report"), "old");
  EXPECT_EQ(file_count(), 1U);
}

}  // namespace
}  // namespace hailstorm
