#include <tuple>
#include <utility>

#include "broker/transport/kafka/serve.h"
#include "common/kafka/frame.h"
#include "common/kafka/message.h"

namespace hailstorm::broker {
namespace {

/// Reads the request and serves it. One that cannot be read ends its connection, as Kafka does.
template <class Request>
void serve_body(const KafkaContext& context, const KafkaCall& call, Bytes body) {
  auto request = kafka::decode<Request>(body, call.version());
  if (!request.ok()) return call.close("malformed", request.error().message());
  serve(context, call, std::move(request).value());
}

/// False: no such request is served, or not in this version.
template <class... Request>
bool dispatch(const std::tuple<Request...>* /*all*/, const KafkaContext& context,
              const KafkaCall& call, int16_t key, Bytes body) {
  const auto try_one = [&]<class One>(std::type_identity<One>) {
    if (static_cast<int16_t>(One::kKey) != key) return false;
    if (!kafka::api_of(One::kKey).has(call.version())) return false;
    serve_body<One>(context, call, body);
    return true;
  };
  return (try_one(std::type_identity<Request>()) || ...);
}

}  // namespace

void serve_frame(const KafkaContext& context, KafkaResponseSink& sink, const KafkaRequestId& id,
                 MutableBytes frame) {
  auto request = kafka::read_request(frame);
  if (!request.ok()) return sink.close(id.session, "malformed", request.error().message());
  const int16_t key = request->header.api_key;
  const KafkaCall call(sink, id, std::move(request->header));
  if (dispatch(static_cast<const ServedRequests*>(nullptr), context, call, key, request->body))
    return;
  if (key == static_cast<int16_t>(kafka::ApiKey::api_versions)) return refuse_version(call);
  call.close("unknown_request", "it sends a request, or a version of one, that is not served");
}

}  // namespace hailstorm::broker
