#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "common/wire/record_batch.h"

namespace hailstorm::wire {
namespace {

/// The bytes that docs/log-format.md works out: the indented lines after its mark.
std::vector<uint8_t> documented_batch() {
  std::ifstream document(HAILSTORM_SOURCE_DIR "/docs/log-format.md");
  EXPECT_TRUE(document.is_open());
  std::string line;
  while (std::getline(document, line) && line != "<!-- batch -->") {
  }
  std::getline(document, line);
  std::vector<uint8_t> bytes;
  while (std::getline(document, line) && line.starts_with("    ")) {
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      bytes.push_back(static_cast<uint8_t>(std::stoul(word, nullptr, 16)));
    }
  }
  return bytes;
}

TEST(DocumentedBatchTest, TheBuilderGivesTheBytesOfTheDocument) {
  RecordBatchBuilder builder;
  builder.set_producer(1000, 0, 0);
  const RecordHeaderView header{"ce_type", "ride_requested"};
  builder.append(1'396'311'060'000, "rider-7", "{}", {&header, 1});
  builder.append(1'396'311'060'250, std::nullopt, "x");
  EXPECT_EQ(builder.finish(42), documented_batch());
}

}  // namespace
}  // namespace hailstorm::wire
