#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

/// The project's own ./demo in a small checkout: its one program prints its arguments, and its
/// cmake makes that program and notes that it was called.
class DemoTest : public ::testing::Test {
 protected:
  DemoTest() {
    const fs::path source = HAILSTORM_SOURCE_DIR;
    fs::create_directories(checkout() / ".ci");
    fs::copy_file(source / "demo", checkout() / "demo");
    fs::copy_file(source / ".ci/prepare", checkout() / ".ci/prepare");
    put(".ci/packages", "# none\n");
    put("CMakeLists.txt", "");
    put("CMakePresets.json", "");
    put("common/source.cpp", "int x;\n");
    put("broker/CMakeLists.txt", "");
    put("services/CMakeLists.txt", "hailstorm_program(hail-lab SOURCES main.cpp)\n");
    const fs::path cmake = folder_.path() / "tools" / "cmake";
    fs::create_directories(cmake.parent_path());
    std::ofstream(cmake) << "#!/bin/sh\n"
                            "echo \"$*\" >>" +
                                calls().string() +
                                "\n"
                                "mkdir -p build/release/bin\n"
                                "touch build/release/build.ninja\n"
                                "echo \"CMAKE_HOME_DIRECTORY:INTERNAL=$PWD\" "
                                ">build/release/CMakeCache.txt\n"
                                "printf '#!/bin/sh\\necho \"$@\"\\n' >build/release/bin/hail-lab\n"
                                "chmod +x build/release/bin/hail-lab\n";
    fs::permissions(cmake, fs::perms::owner_all);
  }

  void put(const std::string& name, const std::string& text) const {
    fs::create_directories((checkout() / name).parent_path());
    std::ofstream(checkout() / name) << text;
  }
  [[nodiscard]] fs::path checkout() const { return folder_.path() / "checkout"; }
  [[nodiscard]] fs::path calls() const { return folder_.path() / "calls"; }

  /// Runs ./demo in `where`; the shell text `before` is run first.
  [[nodiscard]] ProgramResult demo(const fs::path& where, const std::string& before = ":") const {
    std::error_code none;
    fs::remove(calls(), none);
    return run_program({"/usr/bin/unshare", "-m", "/bin/sh", "-c",
                        before + " && cd / && exec env PATH=\"$0:$PATH\" TMPDIR=\"$2\" \"$1/demo\" "
                                 "--rides 24",
                        folder_.path() / "tools", where, folder_.path()});
  }
  /// How cmake was called since.
  [[nodiscard]] std::string built() const { return read_text(calls()); }

  TempFolder folder_;
};

TEST_F(DemoTest, BuildsOnceAndThenStartsAtOnce) {
  const auto first = demo(checkout());
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_NE(built().find("--target programs"), std::string::npos) << built();
  const auto second = demo(checkout());
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(built(), "");
  EXPECT_NE(second.out.find("story --programs " + (checkout() / "build/release/bin").string() +
                            " --home " + (checkout() / ".hailstorm").string() + " --rides 24"),
            std::string::npos)
      << second.out;
}

TEST_F(DemoTest, BuildsAgainWhenASourceOrAProgramIsNotTheSame) {
  ASSERT_EQ(demo(checkout()).exit_code, 0);
  put("common/source.cpp", "int y;\n");
  ASSERT_EQ(demo(checkout()).exit_code, 0);
  EXPECT_NE(built(), "");
  put("build/release/bin/hail-lab", "#!/bin/sh\necho another\n");
  EXPECT_EQ(demo(checkout()).out.find("another"), std::string::npos);
  EXPECT_NE(built(), "");
  fs::remove(checkout() / "build/release/bin/hail-lab");
  EXPECT_EQ(demo(checkout()).exit_code, 0);
  EXPECT_NE(built(), "");
}

TEST_F(DemoTest, AFinishedCheckoutMayBeMoved) {
  ASSERT_EQ(demo(checkout()).exit_code, 0);
  const fs::path moved = folder_.path() / "a new place";
  fs::rename(checkout(), moved);
  const auto result = demo(moved);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(built(), "");
  EXPECT_NE(result.out.find(moved.string()), std::string::npos) << result.out;
}

TEST_F(DemoTest, AMovedCheckoutThatIsNotFinishedIsConfiguredAgain) {
  ASSERT_EQ(demo(checkout()).exit_code, 0);
  put("common/source.cpp", "int y;\n");
  const fs::path moved = folder_.path() / "moved";
  fs::rename(checkout(), moved);
  const auto result = demo(moved);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(built().find("--fresh --preset release"), std::string::npos) << built();
}

class ReadOnlyDemoTest : public DemoTest {
 protected:
  void SetUp() override {
    if (run_program({"/usr/bin/unshare", "-m", "/bin/true"}).exit_code != 0) {
      GTEST_SKIP() << "mounting is not permitted here";
    }
  }
  [[nodiscard]] ProgramResult demo_read_only() const {
    return demo(checkout(), "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\"");
  }
};

TEST_F(ReadOnlyDemoTest, AFinishedCheckoutMayBeReadOnly) {
  ASSERT_EQ(demo(checkout()).exit_code, 0);
  const auto result = demo_read_only();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(built(), "");
  const std::string home = (folder_.path() / "hailstorm-").string() + std::to_string(::getuid());
  EXPECT_NE(result.out.find("--home " + home + " "), std::string::npos) << result.out;
}

TEST_F(ReadOnlyDemoTest, ProgramsThatMayBeOldAreUsedWithARemark) {
  ASSERT_EQ(demo(checkout()).exit_code, 0);
  put("common/source.cpp", "int y;\n");
  const auto result = demo_read_only();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("used as they are"), std::string::npos) << result.err;
}

TEST_F(ReadOnlyDemoTest, ACheckoutThatWasNeverBuiltIsRefusedInOneLine) {
  const auto result = demo_read_only();
  EXPECT_EQ(result.exit_code, 2) << result.out;
  EXPECT_NE(result.err.find("nothing can be written"), std::string::npos) << result.err;
  EXPECT_EQ(built(), "");
}

}  // namespace
}  // namespace hailstorm::testing
