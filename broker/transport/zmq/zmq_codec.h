#pragma once

#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "broker/api/broker.h"
#include "broker/api/responder.h"
#include "broker/transport/zmq/zmq_message.h"
#include "common/base/bytes.h"
#include "common/wire/codec.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// The protocol of our own clients, without sockets: decodes the frames of one message into a typed
/// request, hands it to the broker, and encodes the reply into a message for the sink. A test that
/// is the network gives it frames and takes the messages.
///
/// Thread safety: not safe; the broker's thread owns it. It and the references must remain live as
/// long as there are Responders that it made: make it before the broker and its topics.
class ZmqCodec final : public RequestSource {
 public:
  ZmqCodec(ZmqMessageSink& sink, BrokerMetrics& metrics) : sink_(sink), metrics_(metrics) {}

  /// One message: the request's header and body, for a produce also its batch. Whatever the bytes
  /// are, it is answered, with an error if need be, or dropped and counted. The batch's bytes are
  /// changed; none is used after the return.
  void handle(Broker& broker, SessionId session, std::span<const MutableBytes> frames);

  /// From now on no request needs an answer: what is unanswered is forgotten.
  void close() { is_closed_ = true; }

  [[nodiscard]] int64_t credit_bytes(SessionId session) const override {
    return sink_.credit_bytes(session);
  }
  [[nodiscard]] bool is_closed() const override { return is_closed_; }

 private:
  void handle_frames(Broker& broker, SessionId session, std::span<const MutableBytes> frames);
  template <class... Request>
  void dispatch(const std::tuple<Request...>* all, Broker& broker, SessionId session,
                const wire::DecodedHeader& message, MutableBytes batch);
  template <class Request>
  void handle_one(Broker& broker, SessionId session, const wire::DecodedHeader& message,
                  MutableBytes batch);
  template <class Request>
  static void answer(RequestSource& source, const RequestId& id,
                     const typename Request::Reply& reply, std::vector<storage::StoredBytes> data);

  /// Answers with an error alone, if the frame has a header to answer to.
  void refuse_malformed(SessionId session, Bytes frame, const Error& error);

  ZmqMessageSink& sink_;
  BrokerMetrics& metrics_;
  bool is_closed_ = false;
};

}  // namespace hailstorm::broker
