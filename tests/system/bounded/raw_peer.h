#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/wire/codec.h"
#include "common/wire/messages.h"

namespace hailstorm::testing {

/// A peer that speaks the protocol by hand, and as badly as a test wants.
///
/// Thread safety: not safe. `context` must remain live while it is in use.
class RawPeer {
 public:
  /// `queued`: messages that it keeps in each direction before it stops.
  RawPeer(zmq::context_t& context, int port, int queued) : socket_(context, ZMQ_DEALER) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::sndhwm, queued);
    socket_.set(zmq::sockopt::rcvhwm, queued);
    socket_.set(zmq::sockopt::rcvtimeo, 20'000);
    socket_.connect("tcp://127.0.0.1:" + std::to_string(port));
  }

  /// False: there is no room now.
  template <class Request>
  bool ask(wire::Api api, const Request& request, const std::vector<uint8_t>& batch = {},
           bool wait = true) {
    const auto flag = wait ? zmq::send_flags::none : zmq::send_flags::dontwait;
    const auto head = wire::encode(wire::FrameHeader{api, ++last_id_}, request);
    const auto more = batch.empty() ? flag : flag | zmq::send_flags::sndmore;
    if (!socket_.send(zmq::buffer(head), more)) return false;
    if (!batch.empty()) (void)socket_.send(zmq::buffer(batch), zmq::send_flags::none);
    return true;
  }

  /// Reads one answer; false: none came within 20 s, or it is none of `Reply`.
  template <class Reply>
  bool hear(Reply& reply) {
    zmq::message_t part;
    if (!socket_.recv(part)) return false;
    const auto header = wire::decode_header({part.data<uint8_t>(), part.size()});
    auto body = header.ok() ? wire::decode<Reply>(header->body) : Result<Reply>(header.error());
    bool more = part.more();
    while (more) {
      zmq::message_t data;
      (void)socket_.recv(data);
      more = data.more();
    }
    if (!body.ok()) return false;
    reply = std::move(body).value();
    return true;
  }

  /// Takes what has come, without waiting.
  void drain() {
    zmq::message_t part;
    while (socket_.recv(part, zmq::recv_flags::dontwait)) {
    }
  }

 private:
  zmq::socket_t socket_;
  uint64_t last_id_ = 0;
};

}  // namespace hailstorm::testing
