#include "broker/transport/kafka/kafka_session.h"

#include <array>
#include <gmock/gmock.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "common/base/check.h"

namespace hailstorm::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A session whose peer is the other end of a pair of sockets.
class KafkaSessionTest : public ::testing::Test {
 protected:
  KafkaSessionTest() {
    std::array<int, 2> ends{};
    HAIL_CHECK(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    session_ = std::make_unique<KafkaSession>(ends[0], 1, 1'000, 1'000, 0);
    peer_ = ends[1];
  }
  ~KafkaSessionTest() override { ::close(peer_); }

  static std::string framed(const std::string& body) {
    std::string frame(4, '\0');
    put_be(reinterpret_cast<uint8_t*>(frame.data()), static_cast<int32_t>(body.size()));
    return frame + body;
  }
  /// The bodies of the requests in these bytes, which come in pieces of that size.
  std::vector<std::string> requests_in(const std::string& bytes, size_t piece) {
    std::vector<std::string> requests;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      Bytes rest = as_bytes(bytes).subspan(at, std::min(piece, bytes.size() - at));
      while (session_->take(rest, 0) == PeerSession::Step::message) {
        requests.emplace_back(as_text(session_->request()));
        session_->clear_message();
      }
    }
    return requests;
  }
  void respond(uint64_t number, const std::string& text) {
    session_->respond(number, {{text, {}}, {}});
  }
  /// What the peer has received by now.
  std::string sent() {
    HAIL_CHECK(session_->flush(0));
    std::string text(1'000, '\0');
    const ssize_t got = ::recv(peer_, text.data(), text.size(), MSG_DONTWAIT);
    text.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return text;
  }

  std::unique_ptr<KafkaSession> session_;
  int peer_ = -1;
};

TEST_F(KafkaSessionTest, RequestsAreWholeHoweverTheirBytesCome) {
  const std::string bytes = framed("one") + framed("two and more") + framed("3");
  for (size_t piece = 1; piece <= bytes.size(); ++piece)
    EXPECT_THAT(requests_in(bytes, piece), ElementsAre("one", "two and more", "3")) << piece;
}

TEST_F(KafkaSessionTest, ASizeThatCannotBeIsAFault) {
  const std::vector<std::string> sizes = {"GET ", "\xff\xff\xff\xff", std::string(4, '\0'),
                                          std::string("\0\0\3\xe9", 4)};
  for (const auto& size : sizes) {
    KafkaSession session(::dup(peer_), 2, 1'000, 1'000, 0);
    Bytes bytes = as_bytes(size);
    EXPECT_EQ(session.take(bytes, 0), PeerSession::Step::fault);
    EXPECT_FALSE(session.fault().empty());
    EXPECT_EQ(session.held_bytes(), 0);
  }
}

// Invariant 80.
TEST_F(KafkaSessionTest, ResponsesGoOutInTheOrderOfTheirRequests) {
  const uint64_t first = session_->expect_response();
  const uint64_t second = session_->expect_response();
  const uint64_t third = session_->expect_response();
  respond(third, "3");
  respond(second, "2");
  EXPECT_EQ(sent(), "");
  EXPECT_EQ(session_->unread_bytes(), 2) << "what waits for another counts, too";
  respond(first, "1");
  EXPECT_EQ(sent(), "123");
  EXPECT_EQ(session_->unread_bytes(), 0);
}

TEST_F(KafkaSessionTest, ARequestWithoutAResponseHoldsNothingBack) {
  const uint64_t first = session_->expect_response();
  const uint64_t second = session_->expect_response();
  respond(second, "2");
  session_->skip(first);
  EXPECT_EQ(sent(), "2");
}

TEST_F(KafkaSessionTest, RecordsAreSentFromWhereTheyAre) {
  const auto stored = std::make_shared<std::string>("RECORDS");
  KafkaMessage message;
  message.frame.text = "before,after";
  message.frame.records = {{7, as_bytes(*stored)}};
  message.records = {{stored, as_bytes(*stored)}};
  session_->respond(session_->expect_response(), std::move(message));
  EXPECT_EQ(stored.use_count(), 2);
  EXPECT_EQ(sent(), "before,RECORDSafter");
  EXPECT_EQ(stored.use_count(), 1);
}

TEST_F(KafkaSessionTest, APeerThatDoesNotReadIsNotReadFromEither) {
  EXPECT_TRUE(session_->wants_input());
  const uint64_t first = session_->expect_response();
  respond(session_->expect_response(), std::string(1'000, 'x'));
  EXPECT_FALSE(session_->wants_input());
  session_->skip(first);
  static_cast<void>(sent());
  EXPECT_TRUE(session_->wants_input());
}

TEST_F(KafkaSessionTest, APeerWithTooManyOpenRequestsIsNotReadFrom) {
  std::vector<uint64_t> numbers;
  for (size_t i = 0; i < KafkaSession::kMaxPending; ++i) {
    EXPECT_TRUE(session_->wants_input());
    numbers.push_back(session_->expect_response());
  }
  EXPECT_FALSE(session_->wants_input());
  session_->skip(numbers.front());
  EXPECT_TRUE(session_->wants_input());
}

TEST_F(KafkaSessionTest, APeerThatSendsNoMoreStillGetsItsResponses) {
  const uint64_t first = session_->expect_response();
  session_->note_end();
  EXPECT_FALSE(session_->is_finished());
  respond(first, "1");
  EXPECT_FALSE(session_->is_finished());
  EXPECT_EQ(sent(), "1");
  EXPECT_TRUE(session_->is_finished());
}

}  // namespace
}  // namespace hailstorm::broker
