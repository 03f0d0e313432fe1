#include "tests/simulation/simulated_network.h"

#include <algorithm>
#include <utility>

namespace hailstorm::simulation {

using log::hail::Connection;
using log::hail::Message;
using PeerNumber = SimulatedBroker::PeerNumber;

namespace {

constexpr int64_t kUnnoticedIn = 8;  // of lost connections, one is not noticed

}  // namespace

class SimulatedNetwork::ClientConnection final : public Connection {
 public:
  ClientConnection(SimulatedNetwork& network, std::function<void()> on_input)
      : network_(network), end_(std::make_shared<End>()) {
    end_->on_input = std::move(on_input);
    network_.open(end_);
  }
  ~ClientConnection() override {
    network_.close(*end_);
    end_->on_input = [] {};
  }

  [[nodiscard]] bool connected() const override { return connected_; }

  void send(std::vector<uint8_t> head, log::hail::SharedBytes data) override {
    RequestFrames frames;
    frames.push_back(std::move(head));
    if (data != nullptr) frames.push_back(*data);
    network_.send_to_broker(end_, std::move(frames));
  }

  [[nodiscard]] Event next(Message& message) override {
    if (end_->inputs.empty()) {
      end_->is_woken = false;
      return Event::nothing;
    }
    End::Input input = std::move(end_->inputs.front());
    end_->inputs.pop_front();
    if (input.event == Event::connected) connected_ = true;
    if (input.event == Event::lost) connected_ = false;
    message = std::move(input.message);
    return input.event;
  }

  /// Everything else goes on meanwhile.
  void poll(int64_t timeout_ms) override {
    Schedule& schedule = network_.schedule_;
    const int64_t until_ms = schedule.steady_ms() + timeout_ms;
    while (end_->inputs.empty() && !end_->is_woken) {
      if (schedule.next_ms() > until_ms) return schedule.advance_to(until_ms);
      schedule.run_next();
    }
  }

  void reset() override {
    network_.close(*end_);
    end_->inputs.clear();
    connected_ = false;
    network_.open(end_);
  }

  void wake() override {
    end_->is_woken = true;
    end_->on_input();
  }

 private:
  SimulatedNetwork& network_;
  SharedEnd end_;
  bool connected_ = false;
};

class SimulatedNetwork::ClientTransport final : public log::hail::Transport {
 public:
  ClientTransport(SimulatedNetwork& network, std::function<void()> on_input)
      : network_(network), on_input_(std::move(on_input)) {}

  [[nodiscard]] std::unique_ptr<Connection> connect() override {
    return std::make_unique<ClientConnection>(network_, on_input_);
  }
  [[nodiscard]] std::string broker_address() const override { return "simulation"; }

 private:
  SimulatedNetwork& network_;
  std::function<void()> on_input_;
};

std::unique_ptr<log::hail::Transport> SimulatedNetwork::make_transport(
    std::function<void()> on_input) {
  return std::make_unique<ClientTransport>(*this, std::move(on_input));
}

int64_t SimulatedNetwork::arrival_ms(int64_t& last_ms) {
  last_ms = std::max(last_ms, schedule_.steady_ms() + chance_.between(0, faults_.max_delay_ms));
  return last_ms;
}

bool SimulatedNetwork::is_lost() {
  return faults_.lost_connection_in > 0 && chance_.one_in(faults_.lost_connection_in);
}

void SimulatedNetwork::add_input(End& end, Connection::Event event, Message message) {
  end.inputs.push_back({event, std::move(message)});
  end.on_input();
}

void SimulatedNetwork::open(const SharedEnd& end) {
  const PeerNumber peer = end->peer = ++last_peer_;
  ends_[peer] = end;
  end->last_to_broker_ms = end->last_to_client_ms = 0;
  schedule_.at(arrival_ms(end->last_to_client_ms), [this, peer] {
    if (const auto at = ends_.find(peer); at != ends_.end())
      add_input(*at->second, Connection::Event::connected);
  });
}

void SimulatedNetwork::close(End& end) { ends_.erase(std::exchange(end.peer, 0)); }

/// The broker's side is gone at once. The client notices later, and connects again; or never, and
/// must find out itself.
void SimulatedNetwork::lose(const SharedEnd& end) {
  ++lost_connections_;
  const PeerNumber peer = end->peer;
  ends_.erase(peer);
  trace_.note(peer);
  if (chance_.one_in(kUnnoticedIn)) return;
  schedule_.at(arrival_ms(end->last_to_client_ms), [this, end, peer] {
    if (end->peer != peer) return;  // the client made another one meanwhile
    add_input(*end, Connection::Event::lost);
    open(end);
  });
}

void SimulatedNetwork::send_to_broker(const SharedEnd& end, RequestFrames frames) {
  const PeerNumber peer = end->peer;
  if (!ends_.contains(peer)) return;
  if (is_lost()) return lose(end);
  schedule_.at(arrival_ms(end->last_to_broker_ms), [this, peer, frames = std::move(frames)] {
    if (!ends_.contains(peer)) return;
    trace_.note(static_cast<uint64_t>(schedule_.steady_ms()));
    trace_.note(peer);
    for (const auto& frame : frames) trace_.note(frame);
    broker_->receive(peer, frames);
  });
}

void SimulatedNetwork::send_to_client(PeerNumber peer, const Message& message) {
  const auto at = ends_.find(peer);
  if (at == ends_.end()) return;
  const SharedEnd end = at->second;
  if (is_lost()) return lose(end);
  schedule_.at(arrival_ms(end->last_to_client_ms), [this, peer, message] {
    const auto receiver = ends_.find(peer);
    if (receiver == ends_.end()) return;
    trace_.note(static_cast<uint64_t>(schedule_.steady_ms()));
    trace_.note(peer);
    trace_.note(message.head.bytes);
    for (const auto& frame : message.data) trace_.note(frame.bytes);
    add_input(*receiver->second, Connection::Event::message, message);
  });
}

}  // namespace hailstorm::simulation
