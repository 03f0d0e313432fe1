#include "services/lab/agent/link_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

class LinkTableTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string refusal_of(const std::string& server) {
    std::vector<std::string> argv;
    const Status connected = table_.connect("payment", {{"broker", server}}, argv);
    return connected.ok() ? "taken" : connected.error().message();
  }

  SystemClock clock_;
  LinkRelay relay_{clock_};
  LinkTable table_{relay_};
};

TEST_F(LinkTableTest, PlaceholdersBecomeTheRelaysAddressesAndStayThatAtTheNextStart) {
  const LinkServers servers = {{"broker", "127.0.0.1:7400"}, {"next", "notification:7405"}};
  std::vector<std::string> argv = {"hail-payment", "--broker", "hailstorm://{broker}", "--next",
                                   "http://{next}"};
  const auto template_argv = argv;
  ASSERT_OK(table_.connect("payment", servers, argv));
  EXPECT_EQ(argv[2], fmt::format("hailstorm://127.0.0.1:{}",
                                 relay_.describe("payment:broker").value().port));
  EXPECT_EQ(argv[4],
            fmt::format("http://127.0.0.1:{}", relay_.describe("payment:next").value().port));
  auto again = template_argv;
  ASSERT_OK(table_.connect("payment", servers, again));
  EXPECT_EQ(again, argv);
}

TEST_F(LinkTableTest, LinksAreListedUnderTheNamesOfBothEnds) {
  std::vector<std::string> argv;
  ASSERT_OK(table_.connect("payment", {{"broker", "broker:7400"}}, argv));
  EXPECT_EQ(json::to_text(table_.to_json()),
            fmt::format(R"([{{"name":"payment:broker","server":"broker:7400","port":{},)"
                        R"("connections":0,"faults":[]}}])",
                        relay_.describe("payment:broker").value().port));
}

TEST_F(LinkTableTest, AServerThatIsNoAddressIsRefused) {
  EXPECT_EQ(refusal_of("broker"), "the link broker=broker is not NAME=HOST:PORT");
  EXPECT_EQ(refusal_of("broker:70000"), "the link broker=broker:70000 is not NAME=HOST:PORT");
}

TEST(ParseLinksTest, EachIsANameAndAServer) {
  const auto links = parse_links({"broker=broker:7400", "next=[::1]:7405"});
  ASSERT_OK(links);
  EXPECT_EQ(*links, (LinkServers{{"broker", "broker:7400"}, {"next", "[::1]:7405"}}));
  EXPECT_FAILS_WITH(parse_links({"broker"}), AgentErrc::cannot_start);
  EXPECT_FAILS_WITH(parse_links({"=broker:7400"}), AgentErrc::cannot_start);
}

}  // namespace
}  // namespace hailstorm::lab
