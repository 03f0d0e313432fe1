#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "broker/api/broker.h"
#include "broker/api/responder.h"
#include "broker/transport/kafka/kafka_sockets.h"

namespace hailstorm::broker {

/// The requests to the broker that one request of a Kafka client comes to: it may name many topics,
/// where the broker takes one at a time. Each has its own continuation.
///
/// Thread safety: not safe; the broker's thread owns it. It and the sink must remain live as long
/// as there are Responders that it made: make it before the broker and its topics.
class SubRequests final : public RequestSource {
 public:
  explicit SubRequests(const KafkaResponseSink& sink) : sink_(sink) {}

  /// `then(reply, data)` is called once: before the return, or later. It must not throw.
  template <class Request, class Then>
  void ask(Broker& broker, SessionId session, Request request, Then then) {
    broker.handle(std::move(request), responder<Request>(session, std::move(then)));
  }
  /// The same for a request that brings a record batch.
  template <class Then>
  void produce(Broker& broker, SessionId session, const wire::ProduceRequest& request,
               MutableBytes batch, Then then) {
    broker.handle(request, batch, responder<wire::ProduceRequest>(session, std::move(then)));
  }

  /// From now on nothing needs an answer: what is unanswered is forgotten.
  void close() { is_closed_ = true; }

  [[nodiscard]] int64_t credit_bytes(SessionId session) const override {
    return sink_.credit_bytes(session);
  }
  [[nodiscard]] bool is_closed() const override { return is_closed_; }

 private:
  struct Waiting {
    virtual ~Waiting() = default;
  };
  template <class Reply>
  struct WaitingFor : Waiting {
    virtual void answer(const Reply& reply, std::vector<storage::StoredBytes> data) = 0;
  };
  template <class Reply, class Then>
  struct Continuation final : WaitingFor<Reply> {
    explicit Continuation(Then own) : then(std::move(own)) {}
    void answer(const Reply& reply, std::vector<storage::StoredBytes> data) override {
      then(reply, std::move(data));
    }
    Then then;
  };

  template <class Request, class Then>
  Responder<typename Request::Reply> responder(SessionId session, Then then) {
    using Reply = typename Request::Reply;
    const uint64_t number = next_number_++;
    waiting_.emplace(number, std::make_unique<Continuation<Reply, Then>>(std::move(then)));
    return {*this, {session, number}, name_of_request<Request>(), &SubRequests::answered<Reply>};
  }
  template <class Request>
  static auto name_of_request() {
    if constexpr (requires { Request::kApi; }) {
      return Request::kApi;
    } else {
      return std::string_view(Request::kName);
    }
  }
  template <class Reply>
  static void answered(RequestSource& source, const RequestId& id, const Reply& reply,
                       std::vector<storage::StoredBytes> data) {
    auto& self = static_cast<SubRequests&>(source);
    auto waiting = self.waiting_.extract(id.number);
    if (waiting.empty()) return;
    static_cast<WaitingFor<Reply>&>(*waiting.mapped()).answer(reply, std::move(data));
  }

  const KafkaResponseSink& sink_;
  uint64_t next_number_ = 1;
  std::unordered_map<uint64_t, std::unique_ptr<Waiting>> waiting_;
  bool is_closed_ = false;
};

}  // namespace hailstorm::broker
