#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/log/log.h"
#include "tests/broker/cli/hail_fixture.h"
#include "tests/support/matchers.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

class HailProduceTest : public HailFixture {
 protected:
  HailProduceTest() { ok({"topics", "create", "rides", "--partitions", "2"}); }

  /// What `hail consume --json` prints of a topic, without what two topics may differ in.
  std::vector<json> records(const std::string& topic = "rides") {
    std::istringstream lines(ok({"consume", topic, "--json"}));
    std::vector<json> found;
    for (std::string line; std::getline(lines, line);) {
      found.push_back(json::parse(line));
      found.back().erase("topic");
    }
    std::sort(found.begin(), found.end(), [](const json& a, const json& b) {
      return std::pair(a["partition"], a["offset"]) < std::pair(b["partition"], b["offset"]);
    });
    return found;
  }
  json only_record() {
    const auto found = records();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? json() : found.front();
  }

  /// Exit code 1, and what was produced before the line that is named.
  void expect_stopped(std::vector<std::string> arguments, const std::string& input,
                      const std::string& words, const std::vector<std::string>& values) {
    const auto result = hail(std::move(arguments), input);
    EXPECT_EQ(result.exit_code, 1) << result.out;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("it and those after it were not sent"), std::string::npos);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    std::vector<std::string> found;
    for (const json& record : records()) found.push_back(record["value"]);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, values);
  }
};

TEST_F(HailProduceTest, TheKeyComesBeforeTheSeparator) {
  ok({"produce", "rides", "--key-separator", "::"}, "a::1\nb::2::3\n::4\nc::\n");
  std::vector<std::pair<std::string, std::string>> found;
  for (const json& record : records()) found.emplace_back(record["key"], record["value"]);
  std::sort(found.begin(), found.end());
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"", "4"}, {"a", "1"}, {"b", "2::3"}, {"c", ""}};
  EXPECT_EQ(found, expected);
}

TEST_F(HailProduceTest, ALineWithoutTheSeparatorEndsTheCommand) {
  expect_stopped({"produce", "rides", "--key-separator", ":"}, "a:1\nb 2\nc:3\n",
                 "hail: line 2: there is no ':' in it", {"1"});
}

TEST_F(HailProduceTest, ATombstoneHasAKeyAndNoValue) {
  ok({"produce", "rides", "--key", "rider-1", "--tombstone", "--header", "why=gone"});
  const json record = only_record();
  EXPECT_EQ(record["key"], "rider-1");
  EXPECT_TRUE(record["value"].is_null());
  EXPECT_EQ(record["headers"], json({{{"key", "why"}, {"value", "gone"}}}));
}

TEST_F(HailProduceTest, WithoutAKeyEachLineIsTheKeyOfATombstone) {
  ok({"produce", "rides", "--tombstone"}, "rider-1\nrider-2\n");
  const auto found = records();
  ASSERT_EQ(found.size(), 2U);
  for (const json& record : found) EXPECT_TRUE(record["value"].is_null());
  const auto result = hail({"produce", "rides", "--tombstone"}, "\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("line 1: it is empty"), std::string::npos) << result.err;
}

TEST_F(HailProduceTest, HeadersMayRepeatAndHoldAnyText) {
  ok({"produce", "--header", "a=1,2", "--header", "a=", "--header", "b=c=d", "rides"}, "x\n");
  const json expected = {{{"key", "a"}, {"value", "1,2"}},
                         {{"key", "a"}, {"value", ""}},
                         {{"key", "b"}, {"value", "c=d"}}};
  EXPECT_EQ(only_record()["headers"], expected);
}

TEST_F(HailProduceTest, OptionsThatContradictEachOtherAreRefused) {
  expect_refused({"produce", "rides", "--key", "k", "--key-separator", ":"}, "--key-separator");
  expect_refused({"produce", "rides", "--tombstone", "--key-separator", ":"}, "--tombstone");
  expect_refused({"produce", "rides", "--key-separator", ""}, "--key-separator");
  expect_refused({"produce", "rides", "--header", "name"}, "NAME=VALUE");
  expect_refused({"produce", "rides", "--header", "=value"}, "NAME=VALUE");
  for (const std::vector<std::string>& other :
       {std::vector<std::string>{"--key", "k"}, {"--header", "a=b"}, {"--tombstone"}}) {
    std::vector<std::string> arguments = {"produce", "rides", "--json"};
    arguments.insert(arguments.end(), other.begin(), other.end());
    expect_refused(arguments, "--json");
  }
}

void expect_delivered(const Result<log::Delivery>& delivery) { EXPECT_OK(delivery); }

/// Records of every shape: null and empty, bytes that are no UTF-8, headers that repeat or are
/// null, times in any order, partitions that their keys would not choose.
std::vector<log::Record> strange_records() {
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
  const std::string text = "Z\xc3\xbcrich \"\\\n\t\x1b[31m\xe2\x80\xae";
  return {{"k", "v", {}, 2'000, 0},
          {std::nullopt, std::nullopt, {}, 1'000, 1},
          {"", "", {{"", ""}, {"", std::nullopt}}, 0, 0},
          {all_bytes, all_bytes, {{all_bytes, all_bytes}, {"a", "1"}, {"a", "1"}}, 3'000, 1},
          {"\xff", text, {{"h", text}}, 1'700'000'000'000, 0},
          {text, "\xc3", {{"\xff", std::nullopt}, {"\xfe", "x"}}, 5, 1}};
}

TEST_F(HailProduceTest, RecordsThatConsumePrintsAsJsonAreProducedUnchanged) {
  auto engine = log::open(broker_.url());
  ASSERT_OK(engine);
  const auto producer = (*engine)->make_producer();
  for (const log::Record& record : strange_records())
    ASSERT_OK(producer->send("rides", record, expect_delivered));
  ASSERT_OK(producer->flush(10'000));
  ok({"topics", "create", "copy", "--partitions", "2"});

  const std::string printed = ok({"consume", "rides", "--json"});
  const json report = json::parse(ok({"produce", "copy", "--json"}, printed));
  EXPECT_EQ(report["records"], strange_records().size());
  EXPECT_EQ(records("copy"), records("rides"));

  // And the copy has the bytes that were sent, not only the same JSON.
  const auto consumer = (*engine)->make_consumer({});
  consumer->assign({{{"copy", 0}, 0}, {{"copy", 1}, 0}});
  std::vector<log::ConsumedRecord> read;
  ASSERT_TRUE(testing::await([&] {
    const auto polled = consumer->poll(100);
    if (polled.ok()) read.insert(read.end(), polled->begin(), polled->end());
    return read.size() == strange_records().size();
  }));
  for (const log::Record& sent : strange_records()) {
    EXPECT_TRUE(std::any_of(read.begin(), read.end(), [&](const log::ConsumedRecord& record) {
      return record.key == sent.key && record.value == sent.value &&
             record.headers == sent.headers && record.timestamp_ms == sent.timestamp_ms &&
             record.partition == sent.partition;
    })) << sent.timestamp_ms;
  }
}

TEST_F(HailProduceTest, ALineOfJsonNeedsNoMoreThanAValue) {
  ok({"produce", "rides", "--json"},
     "\n{\"value\": \"a\"}\n  \r\n{\"value\":\"b\",\"timestamp\":\"2014-04-01T00:11:00Z\"}");
  const auto found = records();
  ASSERT_EQ(found.size(), 2U);
  for (const json& record : found) EXPECT_TRUE(record["key"].is_null());
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const json& record) {
    return record["timestamp"] == "2014-04-01T00:11:00.000Z";
  }));
}

TEST_F(HailProduceTest, ALineThatIsNoRecordEndsTheCommandAndIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a", "no JSON"},
      {"[]", "no JSON object"},
      {"{\"value\":\"\xff\"}", "no JSON"},
      {R"({"value":1})", "'value' is neither text nor null"},
      {R"({"key":"a"})", "it has no 'value'"},
      {R"({"value":"a","valeu":"b"})", "unknown member 'valeu'"},
      {R"({"value":"a","value":"b"})", "member 'value' is there twice"},
      {R"({"value":"a","key_hex":"0"})", "'key_hex'"},
      {R"({"value":"a","key_hex":"0g"})", "'key_hex'"},
      {R"({"value":"a","headers":{}})", "'headers' is no array"},
      {R"({"value":"a","headers":[{"value":"x"}]})", "'headers': one has no key"},
      {R"({"value":"a","headers":[{"key":"k","value":7}]})", "'value' is neither"},
      {R"({"value":"a","headers":["k"]})", "'headers'"},
      {R"({"value":"a","timestamp_ms":"now"})", "'timestamp_ms'"},
      {R"({"value":"a","timestamp_ms":1.5})", "'timestamp_ms'"},
      {R"({"value":"a","timestamp_ms":253402300799999})", "ahead"},
      {R"({"value":"a","timestamp":"now"})", "'timestamp'"},
      {R"({"value":"a","partition":-1})", "'partition'"},
      {R"({"value":"a","partition":4294967296})", "'partition'"},
      {R"({"value":"a","partition":2})", "topic 'rides' has no partition 2"}};
  std::vector<std::string> values;
  for (const auto& [line, words] : cases) {
    SCOPED_TRACE(line);
    values.push_back("before");
    expect_stopped({"produce", "rides", "--json"},
                   "{\"value\":\"before\"}\n" + line + "\n{\"value\":\"after\"}\n", words, values);
  }
}

// The largest record there is, of bytes that are worst for JSON.
TEST_F(HailProduceTest, TheLargestBinaryRecordIsProducedUnchangedToo) {
  auto engine = log::open(broker_.url());
  ASSERT_OK(engine);
  const auto producer = (*engine)->make_producer();
  std::string bytes(log::kMaxRecordBytes, '\0');
  bytes.front() = '\xff';
  ASSERT_OK(producer->send("rides", {std::nullopt, bytes, {}}, expect_delivered));
  ASSERT_OK(producer->flush(10'000));
  ok({"topics", "create", "copy", "--partitions", "2"});
  ok({"produce", "copy", "--json"}, ok({"consume", "rides", "--json"}));
  EXPECT_EQ(records("copy"), records("rides"));
}

// A failed read is no end of the input.
TEST_F(HailProduceTest, AnInputThatCannotBeReadIsAnErrorAndNotItsEnd) {
  const auto shell = [this](const std::string& redirection) {
    const std::string hail = testing::program_folder() / "hail";
    return testing::run_program(
        {"/bin/sh", "-c", hail + " produce rides --broker " + broker_.url() + " " + redirection});
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"</", "Is a directory"},
      {"</proc/self/mem", "Input/output error"},
      {"<&-", "standard input cannot be read"},
      {"0>/dev/null", "standard input cannot be read"}};
  for (const auto& [redirection, words] : cases) {
    const auto result = shell(redirection);
    EXPECT_NE(result.exit_code, 0) << redirection;
    EXPECT_NE(result.err.find("standard input cannot be read"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  }
  EXPECT_TRUE(records().empty());
}

TEST_F(HailProduceTest, ALineHasALimitAndIsNotReadBeyondIt) {
  const std::string most(log::kMaxRecordBytes, 'x');
  expect_stopped({"produce", "rides"}, "a\n" + most + "x\nb\n", "line 2: ", {"a"});
  expect_stopped({"produce", "rides"}, "b\n" + std::string(5'000'000, 'x') + "\nc\n",
                 "line 2: it is longer than 4193216 bytes, the limit of a line", {"a", "b"});
  ok({"produce", "rides"}, most + "\n");
}

TEST_F(HailProduceTest, ALastLineWithoutItsEndCountsAndAnEmptyOneIsARecord) {
  ok({"produce", "rides"}, "a\n\nb");
  std::vector<std::string> found;
  for (const json& record : records()) found.push_back(record["value"]);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"", "a", "b"}));
}

}  // namespace
}  // namespace hailstorm::cli
