#include <fmt/format.h>

#include "common/http/client.h"
#include "common/wire/codec.h"
#include "common/wire/record_batch.h"
#include "tests/broker/cli/hail_fixture.h"
#include "tests/support/lying_batches.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"

namespace hailstorm::cli {
namespace {

/// The frames of one message, as any version of ZMTP carries them.
using Message = std::vector<std::string>;

template <class Request>
std::string head(wire::Api api, const Request& request) {
  return std::string(as_text(wire::encode(wire::FrameHeader{api, 1}, request)));
}

Message forged_record() {
  wire::RecordBatchBuilder builder;
  builder.append(1'000, "key", "forged");
  return {head(wire::Api::produce, wire::ProduceRequest{"rides", 0, wire::Acks::all}),
          std::string(as_text(builder.finish()))};
}

Message deletion() { return {head(wire::Api::delete_topic, wire::DeleteTopicRequest{"rides"})}; }

/// ZMTP 1.0: a length that counts the flags, the flags, the bytes. REQUIRES: short frames.
std::string as_zmtp_1(const Message& message) {
  std::string bytes;
  for (size_t i = 0; i < message.size(); ++i) {
    bytes += static_cast<char>(message[i].size() + 1);
    bytes += i + 1 < message.size() ? '\1' : '\0';
    bytes += message[i];
  }
  return bytes;
}

/// ZMTP 2.0 and 3: the flags, the length, the bytes. REQUIRES: short frames.
std::string as_zmtp_2(const Message& message) {
  std::string bytes;
  for (size_t i = 0; i < message.size(); ++i) {
    bytes += i + 1 < message.size() ? '\1' : '\0';
    bytes += static_cast<char>(message[i].size());
    bytes += message[i];
  }
  return bytes;
}

/// A form that a page sends: to ZMTP 1.0 its first 81 bytes are a peer's name, since 'P' is 80, the
/// rest of its head is one frame that makes no sense, and its body is what the page wants.
std::string form_that_is_zmtp_1(int port, const std::string& body) {
  const std::string rest = fmt::format(
      " HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
      port, body.size());
  std::string target = "/";
  target.resize(81 - std::string_view("POST ").size(), 'a');
  target += static_cast<char>(rest.size() + 1);
  target += 'b';  // an even character: no more frames
  return "POST " + target + rest + body;
}

/// A real broker, and peers that speak something else than ZMTP 3.
class OtherProtocolsTest : public HailFixture {
 protected:
  void SetUp() override { ok({"topics", "create", "rides", "--partitions", "1"}); }

  /// The broker ends the connection by itself, and none of the bytes was a request.
  void expect_refused(const std::string& what, const std::string& bytes) {
    SCOPED_TRACE(what);
    testing::RawClient peer(broker_.port());
    ASSERT_TRUE(peer.is_connected());
    const std::string answer = peer.send(bytes).read_to_end();
    EXPECT_FALSE(peer.drain()) << "the connection is still there";
    EXPECT_EQ(answer.find("HAIL"), std::string::npos) << "an answer of the log's protocol";
    expect_untouched();
    ++refused_;
  }
  void expect_untouched() {
    EXPECT_EQ(ok({"consume", "rides"}), "");
    const std::string topic = ok({"--json", "topics", "describe", "rides"});
    if (topic_.empty()) topic_ = topic;
    EXPECT_EQ(topic, topic_) << "another topic, or other records";
  }
  std::string metrics() {
    http::Client client(*http::parse_address(broker_.http_url()), 20'000);
    const auto answer = client.get("/metrics");
    return answer.ok() ? answer->body : "";
  }
  bool await_refused(const std::string& reason, int count) {
    const auto series = fmt::format("refused_peers_total{{reason=\"{}\"}} {}\n", reason, count);
    return testing::await([&] { return metrics().find(series) != std::string::npos; });
  }

  /// ZMTP 3.0's greeting and handshake, of a client.
  static void greet(testing::RawClient& peer) {
    std::string bytes("\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL", 16);
    bytes.resize(64, '\0');
    bytes += std::string(
        "\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06"
        "DEALER",
        30);
    EXPECT_NE(peer.send(bytes).read_until("ROUTER").find("ROUTER"), std::string::npos);
    peer.forget();
  }

  int refused_ = 0;
  std::string topic_;
};

// Invariant 60.
TEST_F(OtherProtocolsTest, AnHttpRequestIsRefusedWhateverItsBodyHolds) {
  expect_untouched();
  const std::string evil = as_zmtp_1(deletion()) + as_zmtp_1(forged_record());
  expect_refused("a form", form_that_is_zmtp_1(broker_.port(), evil));
  expect_refused("a form in pieces",
                 form_that_is_zmtp_1(broker_.port(), as_zmtp_1(forged_record())));
  for (const char* const start : {"GET / HTTP/1.1", "PUT /x HTTP/1.1", "OPTIONS * HTTP/1.1",
                                  "CONNECT a:1 HTTP/1.1", "PRI * HTTP/2.0", "\x16\x03\x01"}) {
    const std::string line = std::string(start) + "\r\nHost: 127.0.0.1\r\n\r\n";
    expect_refused(start, line + std::string(300, 'x') + evil);
  }
  EXPECT_TRUE(await_refused("other_protocol", refused_)) << metrics();
}

// Invariant 60.
TEST_F(OtherProtocolsTest, OlderVersionsOfZmtpAreRefused) {
  expect_untouched();
  const std::string nameless("\1\0", 2);
  const std::string signature("\xff\0\0\0\0\0\0\0\1\x7f", 10);
  const std::string dealer(1, '\5');
  for (const Message& message : {deletion(), forged_record()}) {
    expect_refused("1.0 without a version", nameless + as_zmtp_1(message));
    expect_refused("1.0 with a long name's length",
                   std::string("\xff\0\0\0\0\0\0\0\4\0abc", 13) + as_zmtp_1(message));
    expect_refused("1.0 with a version",
                   signature + std::string(1, '\0') + dealer + nameless + as_zmtp_1(message));
    expect_refused("2.0", signature + '\1' + dealer + std::string("\0\0", 2) + as_zmtp_2(message));
  }
  EXPECT_TRUE(await_refused("other_protocol", refused_)) << metrics();
}

TEST_F(OtherProtocolsTest, AHandshakeThatGoesWrongIsCountedByItsOwnName) {
  expect_untouched();
  std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f\3\0CURVE", 17);
  greeting.resize(64, '\0');
  expect_refused("another mechanism", greeting);
  greeting.replace(12, 5, std::string("NULL\0", 5));
  expect_refused("no READY", greeting + std::string("\4\6\5HELLO", 8));
  EXPECT_TRUE(await_refused("bad_handshake", refused_)) << metrics();
}

TEST_F(OtherProtocolsTest, AClientOfZmtp30IsServed) {
  testing::RawClient peer(broker_.port());
  greet(peer);
  const Message question{head(wire::Api::metadata, wire::MetadataRequest{{"rides"}})};
  const std::string answer = peer.send(as_zmtp_2(question)).read_until("rides");
  EXPECT_NE(answer.find("HAIL"), std::string::npos);
  EXPECT_TRUE(peer.drain()) << "the connection stays";
}

// Invariant 59. What none of our clients sends, to a real broker.
TEST_F(OtherProtocolsTest, ARecordThatLiesIsRefusedByName) {
  expect_untouched();
  testing::RawClient peer(broker_.port());
  greet(peer);
  for (const auto& [what, record, said] : testing::lies()) {
    SCOPED_TRACE(what);
    const auto batch = testing::batch_around(record);
    const wire::ProduceRequest to_rides{"rides", 0, wire::Acks::all};
    peer.send(as_zmtp_2({head(wire::Api::produce, to_rides), std::string(as_text(batch))}));
    EXPECT_NE(peer.read_until(said).find(said), std::string::npos);
    peer.forget();
  }
  expect_untouched();
}

// A line for each would fill the log.
TEST_F(OtherProtocolsTest, ManyRefusalsAreAFewLinesWithTheirCount) {
  constexpr int kPeers = 300;
  for (int i = 0; i < kPeers; ++i) testing::answer_to(broker_.port(), "GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(await_refused("other_protocol", kPeers)) << metrics();
  const std::string log = broker_.log();
  const size_t lines = testing::count_of(log, "\"refused connections\"");
  EXPECT_GE(lines, 1U);
  EXPECT_LT(lines, 20U) << log;
  EXPECT_NE(log.find("an HTTP client"), std::string::npos) << log;
  expect_untouched();
}

}  // namespace
}  // namespace hailstorm::cli
