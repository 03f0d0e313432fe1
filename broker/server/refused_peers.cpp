#include "broker/server/refused_peers.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <string>

namespace hailstorm::broker {
namespace {

constexpr int kNews = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                      ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                      ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
/// As ZeroMQ lays out the first frame of a piece of news: which event, and of which descriptor.
constexpr size_t kNewsBytes = sizeof(uint16_t) + sizeof(int32_t);

}  // namespace

RefusedPeers::RefusedPeers(zmq::context_t& context, zmq::socket_t& socket, BrokerMetrics& metrics)
    : socket_(socket), news_(context, zmq::socket_type::pair), metrics_(metrics) {
  // Without a domain ZeroMQ reads whatever does not begin as ZMTP 3 as ZMTP 1.0 or 2.0, also a
  // request of HTTP. With one, and nobody bound who would ask for names, it ends such a connection
  // and takes peers of ZMTP 3 as before.
  socket_.set(zmq::sockopt::zap_domain, "hailstorm");
  // ZeroMQ's own thread must never wait for room: it would wait for this one, which may wait for
  // it.
  news_.set(zmq::sockopt::rcvhwm, 0);
  const std::string address = fmt::format("inproc://connections-{}", fmt::ptr(this));
  if (zmq_socket_monitor(socket_.handle(), address.c_str(), kNews) != 0) throw zmq::error_t();
  news_.connect(address);
}

RefusedPeers::~RefusedPeers() { zmq_socket_monitor(socket_.handle(), nullptr, 0); }

void RefusedPeers::take_news() {
  Counts refused;
  zmq::message_t news;
  zmq::message_t address;
  while (news_.recv(news, zmq::recv_flags::dontwait) && news.more() && news_.recv(address)) {
    if (news.size() != kNewsBytes) continue;
    uint16_t event = 0;
    int32_t connection = 0;
    std::memcpy(&event, news.data(), sizeof event);
    std::memcpy(&connection, static_cast<const uint8_t*>(news.data()) + sizeof event,
                sizeof connection);
    handle(event, connection, refused);
  }
  metrics_.refused_peers(
      "other_protocol", refused.other_protocol,
      "what they sent is not ZMTP 3: an HTTP client, a web page in a browser, or "
      "a program with ZeroMQ before 4.0; clients of the log speak ZMTP 3");
  metrics_.refused_peers("bad_handshake", refused.bad_handshake,
                         "they began as ZMTP 3 and went on with something else, or want a security "
                         "mechanism; the broker has none");
}

void RefusedPeers::handle(uint16_t event, int connection, Counts& refused) {
  auto& waiting = without_handshake_;
  switch (event) {
    case ZMQ_EVENT_ACCEPTED:
      waiting.push_back(connection);
      return;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      if (!waiting.empty()) waiting.pop_back();
      return;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      ++refused.bad_handshake;
      end_is_explained_ = true;
      return;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:  // it went away, or was silent for too long
      end_is_explained_ = true;
      return;
    default:
      break;
  }
  const auto at = std::find(waiting.begin(), waiting.end(), connection);
  const bool had_no_handshake = at != waiting.end();
  if (had_no_handshake) waiting.erase(at);
  if (had_no_handshake && !end_is_explained_) ++refused.other_protocol;
  end_is_explained_ = false;
}

}  // namespace hailstorm::broker
