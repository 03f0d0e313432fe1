#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/services/lab/links/peer.h"
#include "tests/support/await.h"
#include "tests/support/child.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;
using testing::Listener;
using testing::Peer;

const std::string kLab = hailstorm::testing::program_folder() / "hail-lab";

TEST(DoorTest, BytesGoBothWaysUntilItIsStopped) {
  const hailstorm::testing::TempFolder folder;
  const std::string out = folder.path() / "out";
  Listener server;
  const std::string to = "127.0.0.1:" + std::to_string(server.port());
  hailstorm::testing::Child door({kLab, "door", "--port", "0", "--to", to}, {.out = out});
  const std::string says = "leads to " + to;
  ASSERT_TRUE(hailstorm::testing::await(
      [&] { return hailstorm::testing::read_text(out).find(says) != std::string::npos; }));
  const std::string line = hailstorm::testing::read_text(out);
  Peer client = Peer::connect_to(std::stoi(line.substr(line.find(':') + 1)));
  ASSERT_TRUE(client.send("a request"));
  Peer far = server.accept();
  EXPECT_EQ(far.receive(9), "a request");
  ASSERT_TRUE(far.send("an answer"));
  EXPECT_EQ(client.receive(9), "an answer");
  door.terminate();
  EXPECT_EQ(door.wait(), 0);
  EXPECT_FALSE(Peer::connect_to(std::stoi(line.substr(line.find(':') + 1))).is_connected());
}

TEST(DoorTest, WhatIsNoAddressIsOneClearLine) {
  const auto result = hailstorm::testing::run_program({kLab, "door", "--to", "nowhere"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("nowhere"));
}

TEST(DoorTest, APortThatIsTakenIsOneClearLine) {
  const Listener taken;
  const auto result = hailstorm::testing::run_program(
      {kLab, "door", "--port", std::to_string(taken.port()), "--to", "127.0.0.1:1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace hailstorm::lab
