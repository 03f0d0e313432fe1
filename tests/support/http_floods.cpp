#include "tests/support/http_floods.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "tests/support/raw_client.h"

namespace hailstorm::testing {
namespace {

using std::chrono::milliseconds;

const std::string kAlive = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kMetrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kReady = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string repeated(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// Connects again as soon as the server has ended its connection.
class HttpPeer : public BadPeer {
 public:
  explicit HttpPeer(int port) : port_(port) {}
  void poke() override {
    if (client_ && is_alive(*client_)) return go_on(*client_);
    client_.emplace(port_);
    begin(*client_);
  }

 protected:
  virtual bool is_alive(RawClient& client) { return client.drain(); }
  virtual void begin(RawClient&) {}
  virtual void go_on(RawClient&) {}

 private:
  const int port_;
  std::optional<RawClient> client_;
};

class IdlePeer : public HttpPeer {
  using HttpPeer::HttpPeer;
};

/// Sends a first piece at once, and a byte of the rest each time.
class SlowPeer : public HttpPeer {
 public:
  SlowPeer(int port, std::string first) : HttpPeer(port), first_(std::move(first)) {}

 private:
  void begin(RawClient& client) override { client.try_send(first_); }
  void go_on(RawClient& client) override { client.try_send("x"); }
  const std::string first_;
};

/// Sends whole requests, again and again, and takes the answers.
class AskingPeer : public HttpPeer {
 public:
  AskingPeer(int port, std::string requests) : HttpPeer(port), requests_(std::move(requests)) {}

 protected:
  void begin(RawClient& client) override { client.try_send(requests_); }
  void go_on(RawClient& client) override { client.try_send(requests_); }

 private:
  const std::string requests_;
};

/// Does not even take the answers.
class UnreadPeer : public AskingPeer {
  using AskingPeer::AskingPeer;
  bool is_alive(RawClient& client) override { return client.try_send("\r\n"); }
};

class HalfClosedPeer : public HttpPeer {
  using HttpPeer::HttpPeer;
  void begin(RawClient& client) override { client.send(kAlive).end_sending(); }
};

/// Is gone again at once, and has asked nothing.
class PassingPeer : public HttpPeer {
  using HttpPeer::HttpPeer;
  bool is_alive(RawClient&) override { return false; }
};

/// A head without an end: in one line, or in many.
class HeaderBomb : public HttpPeer {
  using HttpPeer::HttpPeer;
  void begin(RawClient& client) override {
    client.try_send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ");
    is_one_line_ = !is_one_line_;
  }
  void go_on(RawClient& client) override {
    static const std::string line(64 << 10, 'x');
    static const std::string lines = repeated("X-Many: x\r\n", 6'000);
    client.try_send(is_one_line_ ? line : lines);
  }
  bool is_one_line_ = false;
};

template <class Peer, class... Arguments>
std::function<std::unique_ptr<BadPeer>(int)> peers_of(Arguments... arguments) {
  return [=](int port) { return std::make_unique<Peer>(port, arguments...); };
}

}  // namespace

std::vector<FloodKind> http_floods(size_t most) {
  const std::string half_head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
  const std::string half_body =
      "POST /rides HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 60000\r\n\r\n";
  std::vector<FloodKind> kinds = {
      {"idle", 2'000, milliseconds(500), peers_of<IdlePeer>()},
      {"slow headers", 2'000, milliseconds(500), peers_of<SlowPeer>(half_head)},
      {"slow bodies", 2'000, milliseconds(500), peers_of<SlowPeer>(half_body)},
      {"polite", 2'000, milliseconds(500), peers_of<AskingPeer>(kAlive)},
      {"half-closed", 2'000, milliseconds(500), peers_of<HalfClosedPeer>()},
      {"header bombs", 64, milliseconds(10), peers_of<HeaderBomb>()},
      {"pipelining", 64, milliseconds(10), peers_of<AskingPeer>(repeated(kAlive, 20))},
      {"answers not read", 500, milliseconds(100), peers_of<UnreadPeer>(repeated(kMetrics, 50))},
      {"probes", 500, milliseconds(100), peers_of<AskingPeer>(kReady)},
      {"beyond the limit", 5'000, milliseconds(500), peers_of<IdlePeer>()},
      {"come and go", 50, milliseconds(20), peers_of<PassingPeer>()},
  };
  for (FloodKind& kind : kinds) kind.peers = std::min(kind.peers, most);
  return kinds;
}

FloodKind mixed_http_flood(size_t peers) {
  const std::vector<FloodKind> all = http_floods();
  const auto of = [&all](const std::string& name) {
    return std::find_if(all.begin(), all.end(), [&](const auto& kind) { return kind.name == name; })
        ->make_peer;
  };
  const std::vector quarters = {of("idle"), of("slow headers"), of("polite"), of("half-closed")};
  return {"idle, slow, polite and half-closed", peers, milliseconds(500),
          [quarters, next = size_t{0}](int port) mutable {
            return quarters[next++ % quarters.size()](port);
          }};
}

}  // namespace hailstorm::testing
