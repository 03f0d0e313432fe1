#include "tests/tidy/tidy_fixture.h"

namespace hailstorm::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Tree tree_with(const std::string& path, const std::string& included, const std::string& arrow) {
  return {{"docs/architecture.md", page_with_map("    broker/storage      segments\n"
                                                 "    common/wire         the protocol\n"
                                                 "    services/lab        breaks things  → " +
                                                 arrow + "\n")},
          {path, "#pragma once\n#include \"" + included + "\"\n"}};
}

TEST(LayersTest, TheTreeKeepsBrokerAndServicesApart) {
  const auto complaints = check_layers(real_tree());
  EXPECT_TRUE(complaints.empty()) << text_of(complaints);
}

TEST(LayersTest, ServicesMayUseTheCommonFoldersAndTestsBoth) {
  EXPECT_THAT(check_layers(tree_with("services/lab/x.h", "common/wire/codec.h", "wire")),
              IsEmpty());
  EXPECT_THAT(check_layers(tree_with("tests/services/x.h", "broker/storage/log.h", "wire")),
              IsEmpty());
}

TEST(LayersTest, AServiceThatIncludesTheBrokerIsRefused) {
  EXPECT_THAT(check_layers(tree_with("services/lab/x.h", "broker/storage/log.h", "wire")),
              ElementsAre(StartsWith("services/lab/x.h:2: services/lab/x.h may never use broker")));
}

TEST(LayersTest, AnArrowOfTheMapFromAServiceToTheBrokerIsRefused) {
  EXPECT_THAT(
      check_layers(tree_with("services/lab/x.h", "common/wire/codec.h", "broker/storage")),
      ElementsAre(StartsWith("docs/architecture.md:7: services/lab may never use broker/storage")));
}

TEST(LayersTest, TheBrokerKnowsNoServiceAndTheCommonFoldersNeither) {
  for (const auto* path : {"broker/storage/x.h", "common/wire/x.h"}) {
    EXPECT_THAT(check_layers(tree_with(path, "services/lab/y.h", "wire")),
                ElementsAre(StartsWith(std::string(path) + ":2: ")));
  }
  EXPECT_THAT(check_layers(tree_with("common/wire/x.h", "broker/storage/log.h", "wire")),
              ElementsAre(StartsWith("common/wire/x.h:2: ")));
}

}  // namespace
}  // namespace hailstorm::tidy
