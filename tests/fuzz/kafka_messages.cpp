#include <optional>
#include <string>
#include <type_traits>

#include "common/base/check.h"
#include "common/kafka/frame.h"
#include "common/kafka/messages/all_messages.h"
#include "tests/fuzz/targets.h"

namespace hailstorm::fuzz {
namespace {

constexpr size_t kMaxDecodedBytes = size_t{1} << 20;

/// What is understood is written in one way, whatever it was like when it came: unknown tags are
/// gone, lengths have no needless bytes. Read again it is the same.
template <class Message>
void check(Bytes body, int16_t version) {
  const auto message = kafka::decode<Message>(body, version, kMaxDecodedBytes);
  if (!message.ok()) return;
  const std::string written = kafka::encode(*message, version).joined();
  const auto again = kafka::decode<Message>(as_bytes(written), version);
  HAIL_CHECK(again.ok());
  const auto encoded = kafka::encode(*again, version);
  HAIL_CHECK(encoded.joined() == written);
  HAIL_CHECK(encoded.size_bytes() == written.size());
}

}  // namespace

void kafka_messages(Bytes input) {
  const auto size = kafka::frame_bytes(input, input.size());
  if (!size.ok() || !size->has_value()) return;
  const auto request = kafka::read_request(input.subspan(kafka::kFrameSizeBytes));
  if (!request.ok()) return;
  const kafka::Api* const api = kafka::find_api(request->header.api_key);
  if (api == nullptr) return;
  const int16_t version = request->header.api_version;
  const bool found =
      kafka::AllRequests::with(api->key, [&]<class Request>(std::type_identity<Request> /*type*/) {
        check<Request>(request->body, version);
        check<typename Request::Response>(request->body, version);
      });
  HAIL_CHECK(found);
}

}  // namespace hailstorm::fuzz
