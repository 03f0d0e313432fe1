#include "broker/transport/zmq/zmq_codec.h"

#include <exception>
#include <fmt/format.h>
#include <new>

#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

using wire::Api;
using wire::CodecErrc;
using wire::ErrorCode;

constexpr const wire::Requests* kAllRequests = nullptr;  // only its type is of use

/// Whether a request of this api brings a batch, in a frame of its own.
template <class... Request>
constexpr bool brings_batch(Api api, const std::tuple<Request...>* /*all*/) {
  return ((Request::kApi == api && wire::kHasBatch<Request>) || ...);
}

}  // namespace

void ZmqCodec::handle(Broker& broker, SessionId session, std::span<const MutableBytes> frames) {
  try {
    handle_frames(broker, session, frames);
  } catch (const std::bad_alloc&) {
    // The request's Responder has said so, if there was memory for that.
    metrics_.dropped("memory", "a request for which there is no memory");
  } catch (const std::exception& error) {
    log_error("a request failed in an unforeseen way", {{"what", error.what()}});
  }
}

void ZmqCodec::handle_frames(Broker& broker, SessionId session,
                             std::span<const MutableBytes> frames) {
  if (frames.empty() || frames.size() > 2) {
    return metrics_.dropped("frame_count",
                            fmt::format("{} frames; a request has one or two", frames.size()));
  }
  if (sink_.credit_bytes(session) <= 0) {
    return metrics_.dropped("no_credit", "a request of a peer that does not read its answers");
  }
  const auto message = wire::decode_header(frames[0]);
  if (!message.ok()) return refuse_malformed(session, frames[0], message.error());
  const Api api = message->header.api;
  const bool has_batch = frames.size() == 2;
  if (brings_batch(api, kAllRequests) != has_batch) {
    const char* const why = has_batch ? "a second frame goes with produce requests only"
                                      : "a produce request needs a second frame, the batch";
    return refuse_malformed(session, frames[0], Error(CodecErrc::bad_length, why));
  }
  metrics_.requested(api);
  dispatch(kAllRequests, broker, session, *message, has_batch ? frames[1] : MutableBytes());
}

template <class... Request>
void ZmqCodec::dispatch(const std::tuple<Request...>* /*all*/, Broker& broker, SessionId session,
                        const wire::DecodedHeader& message, MutableBytes batch) {
  const auto try_one = [&]<class One>(std::type_identity<One>) {
    if (One::kApi != message.header.api) return false;
    handle_one<One>(broker, session, message, batch);
    return true;
  };
  static_cast<void>((try_one(std::type_identity<Request>()) || ...));
}

template <class Request>
void ZmqCodec::handle_one(Broker& broker, SessionId session, const wire::DecodedHeader& message,
                          MutableBytes batch) {
  Responder<typename Request::Reply> responder(*this, {session, message.header.correlation_id},
                                               Request::kApi, &ZmqCodec::answer<Request>);
  auto request = wire::decode<Request>(message.body);
  if (!request.ok()) {
    metrics_.dropped("malformed", request.error().message());
    return responder.refuse({ErrorCode::invalid_request, request.error().message()});
  }
  if constexpr (wire::kHasBatch<Request>) {
    broker.handle(*request, batch, std::move(responder));
  } else {
    broker.handle(std::move(request).value(), std::move(responder));
  }
}

template <class Request>
void ZmqCodec::answer(RequestSource& source, const RequestId& id,
                      const typename Request::Reply& reply,
                      std::vector<storage::StoredBytes> data) {
  auto& codec = static_cast<ZmqCodec&>(source);
  const wire::FrameHeader header{Request::kApi, id.number};
  codec.sink_.send(id.session, {wire::encode(header, reply), std::move(data)});
}

void ZmqCodec::refuse_malformed(SessionId session, Bytes frame, const Error& error) {
  metrics_.dropped("malformed", error.message());
  const auto header = wire::peek_header(frame);
  if (!header || header->correlation_id == 0) return;
  const ErrorCode code = error.is(CodecErrc::unsupported_version) ? ErrorCode::unsupported_version
                                                                  : ErrorCode::invalid_request;
  // Under the request's own api, even if that is unknown here.
  const wire::OutcomeOnly reply{{code, error.message()}};
  sink_.send(session, {wire::encode(*header, reply), {}});
}

}  // namespace hailstorm::broker
