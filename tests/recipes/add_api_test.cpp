#include <gtest/gtest.h>
#include <zmq.hpp>

#include "common/wire/codec.h"
#include "common/wire/record_batch.h"
#include "tests/recipes/recipe.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"

/// "Add an API" of docs/hacking.md is followed to the letter: the broker is built, and it answers
/// the new request.
namespace hailstorm::testing {
namespace {

using Frame = std::vector<uint8_t>;

/// A client of the broker's protocol that knows requests which this build does not.
class RawProtocolClient {
 public:
  explicit RawProtocolClient(int port) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, 20'000);
    socket_.connect("tcp://127.0.0.1:" + std::to_string(port));
  }

  template <class Reply, class Request>
  Reply ask(wire::Api api, const Request& request, const Frame& batch = {}) {
    const auto head = wire::encode(wire::FrameHeader{api, ++last_id_}, request);
    const auto more = batch.empty() ? zmq::send_flags::none : zmq::send_flags::sndmore;
    socket_.send(zmq::buffer(head), more);
    if (!batch.empty()) socket_.send(zmq::buffer(batch), zmq::send_flags::none);
    zmq::message_t answer;
    EXPECT_TRUE(socket_.recv(answer).has_value()) << "no answer";
    Bytes bytes = as_bytes(answer.to_string_view());
    EXPECT_EQ(wire::peek_header(bytes).value_or(wire::FrameHeader{}).correlation_id, last_id_);
    if (bytes.size() < wire::FrameHeader::kBytes) return {};
    auto reply = wire::decode<Reply>(bytes.subspan(wire::FrameHeader::kBytes));
    EXPECT_OK(reply);
    return reply.ok() ? std::move(reply).value() : Reply{};
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_{context_, zmq::socket_type::dealer};
  uint64_t last_id_ = 0;
};

/// Becomes `program` instead of the one that the test would start.
std::string start_instead(const std::filesystem::path& program) {
  return "shift; set -- '" + program.string() + "' \"$@\";";
}

TEST(AddApiTest, TheRequestOfTheRecipeCostsFiveFilesAndIsAnswered) {
  const auto page = std::filesystem::path(HAILSTORM_SOURCE_DIR) / "docs/hacking.md";
  const auto blocks = code_blocks_under("## Add an API", read_text(page));
  ASSERT_FALSE(blocks.empty());
  Recipe recipe;
  ASSERT_OK(recipe.apply(blocks));
  EXPECT_LE(recipe.changed_files().size(), 5U);
  ASSERT_OK(recipe.build({"hail-broker"}));

  BrokerProcess broker({}, {}, start_instead(recipe.programs() / "hail-broker"));
  RawProtocolClient client(broker.port());
  client.ask<wire::CreateTopicReply>(wire::Api::create_topic,
                                     wire::CreateTopicRequest{"rides", {.partitions = 1}});
  wire::RecordBatchBuilder builder;
  builder.append(1'000, std::nullopt, "a record");
  const auto batch = builder.finish();
  client.ask<wire::ProduceReply>(wire::Api::produce, wire::ProduceRequest{"rides"}, batch);

  // This build lacks the new messages. A name, and an outcome with a number after it, are what the
  // bodies of these are, too.
  const auto topic_size = static_cast<wire::Api>(18);
  const auto size = client.ask<wire::ProduceReply>(topic_size, wire::DeleteTopicRequest{"rides"});
  EXPECT_EQ(size.outcome.code, wire::ErrorCode::none) << size.outcome.message;
  EXPECT_EQ(size.base_offset, std::ssize(batch));
  const auto nowhere =
      client.ask<wire::ProduceReply>(topic_size, wire::DeleteTopicRequest{"nowhere"});
  EXPECT_EQ(nowhere.outcome.code, wire::ErrorCode::unknown_topic_or_partition);
}

}  // namespace
}  // namespace hailstorm::testing
