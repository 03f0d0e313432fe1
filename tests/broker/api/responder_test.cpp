#include "broker/api/responder.h"

#include <gtest/gtest.h>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "common/base/logging.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {
namespace {

using wire::ErrorCode;
using wire::FetchReply;

/// Keeps what it was to send. Thread safety: not safe.
class RecordedAnswers final : public RequestSource {
 public:
  [[nodiscard]] int64_t credit_bytes(SessionId session) const override {
    return session == kRichSession ? 100 : 0;
  }
  [[nodiscard]] bool is_closed() const override { return closed; }

  Responder<FetchReply> responder(uint64_t number = 1) {
    return {*this, {kRichSession, number}, wire::Api::fetch, &RecordedAnswers::record};
  }

  static constexpr SessionId kRichSession = 3;
  struct Answer {
    uint64_t number;
    ErrorCode code;
  };
  std::vector<Answer> answers;
  bool closed = false;

 private:
  static void record(RequestSource& source, const RequestId& id, const FetchReply& reply,
                     std::vector<storage::StoredBytes>) {
    static_cast<RecordedAnswers&>(source).answers.push_back({id.number, reply.outcome.code});
  }
};

/// What `work` wrote to standard error.
template <class Work>
std::string log_of(const Work& work) {
  init_logging("responder");
  ::testing::internal::CaptureStderr();
  work();
  return ::testing::internal::GetCapturedStderr();
}

TEST(ResponderTest, AnAnswerGoesToItsOwnRequest) {
  RecordedAnswers source;
  auto first = source.responder(1);
  auto second = source.responder(2);
  EXPECT_EQ(first.credit_bytes(), 100);
  auto moved = std::move(first);
  second.refuse({ErrorCode::invalid_request, "no"});
  moved.answer({});
  ASSERT_EQ(source.answers.size(), 2U);
  EXPECT_EQ(source.answers[0].number, 2U);
  EXPECT_EQ(source.answers[0].code, ErrorCode::invalid_request);
  EXPECT_EQ(source.answers[1].number, 1U);
  EXPECT_EQ(source.answers[1].code, ErrorCode::none);
}

TEST(ResponderTest, ARequestThatIsForgottenIsNamedAndItsClientGetsAnError) {
  RecordedAnswers source;
  const auto forget = [&] { auto responder = source.responder(); };
#ifdef NDEBUG
  const std::string log = log_of(forget);
  EXPECT_NE(log.find(R"("msg":"a request was not answered","request":"fetch")"), log.npos) << log;
  ASSERT_EQ(source.answers.size(), 1U);
  EXPECT_EQ(source.answers[0].code, ErrorCode::unknown_server_error);
#else
  EXPECT_DEATH(forget(), "a request was not answered: fetch");
#endif
}

TEST(ResponderTest, ASecondAnswerIsNamedAndNotSent) {
  RecordedAnswers source;
  const auto answer_twice = [&] {
    auto responder = source.responder();
    responder.answer({});
    responder.answer({});
  };
#ifdef NDEBUG
  const std::string log = log_of(answer_twice);
  EXPECT_NE(log.find(R"("msg":"a request was answered twice","request":"fetch")"), log.npos) << log;
  EXPECT_EQ(source.answers.size(), 1U);
#else
  EXPECT_DEATH(answer_twice(), "a request was answered twice: fetch");
#endif
}

TEST(ResponderTest, AHandlerThatRunsOutOfMemoryIsAnsweredFor) {
  RecordedAnswers source;
  const auto run_out = [&] {
    const auto responder = source.responder();
    throw std::bad_alloc();
  };
  EXPECT_THROW(run_out(), std::bad_alloc);
  ASSERT_EQ(source.answers.size(), 1U);
  EXPECT_EQ(source.answers[0].code, ErrorCode::out_of_resources);
}

TEST(ResponderTest, AfterTheEndOfTheBrokerNoAnswerIsMissed) {
  RecordedAnswers source;
  std::optional<Responder<FetchReply>> unanswered(source.responder());
  source.closed = true;
  EXPECT_EQ(log_of([&] { unanswered.reset(); }), "");
  EXPECT_TRUE(source.answers.empty());
}

}  // namespace
}  // namespace hailstorm::broker
