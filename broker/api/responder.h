#pragma once

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/storage/stored_bytes.h"
#include "common/wire/api.h"
#include "common/wire/common_fields.h"

namespace hailstorm::broker {

/// Names a connection for as long as it lasts; a peer that connects again has another one. All
/// transports of a process share the numbers, so that no two connections have the same.
using SessionId = uint64_t;

/// Names one request among those of its connection. Its transport chose the number.
struct RequestId {
  SessionId session = 0;
  uint64_t number = 0;
};

/// Where requests come from and their answers go: what handlers may know of a transport.
///
/// Thread safety: not safe; the broker's thread owns it.
class RequestSource {
 public:
  virtual ~RequestSource() = default;

  /// Bytes that the session may be sent now; none, or less, while it has so many unread ones that
  /// an answer would be dropped.
  [[nodiscard]] virtual int64_t credit_bytes(SessionId session) const = 0;

  /// True at the end of the broker, or of a test's broker that is killed: no client waits any more.
  [[nodiscard]] virtual bool is_closed() const = 0;
};

/// The two ways of leaving a request without its one answer, and what is done about them. In a
/// debug build both print the request's name and abort.
namespace responder_faults {
/// In a release build the client gets the answer that this gives.
[[nodiscard]] wire::Outcome note_forgotten(std::string_view request_name);
void note_second_answer(std::string_view request_name);
/// For a request that a lack of memory interrupted.
[[nodiscard]] wire::Outcome no_memory();
}  // namespace responder_faults

/// The right, and the duty, to answer one request: answer() or refuse() is called exactly once, at
/// once or later. A transport makes it; handlers move it to the place where the answer is known.
/// One that is destroyed unanswered answers unknown_server_error, so that no client waits in vain
/// (or out_of_resources, where an exception ended the handler); in a debug build it aborts and
/// names the request.
///
/// Thread safety: not safe; the broker's thread owns it. The source must remain live while it is in
/// use.
template <class Reply>
class [[nodiscard]] Responder {
 public:
  /// How the source encodes and sends this reply. `data`: the stored batches that belong to it.
  using Send = void (*)(RequestSource& source, const RequestId& id, const Reply& reply,
                        std::vector<storage::StoredBytes> data);

  /// `request_name` must remain live while it is in use.
  Responder(RequestSource& source, const RequestId& id, std::string_view request_name, Send send)
      : source_(&source), id_(id), send_(send), request_name_(request_name) {}
  Responder(RequestSource& source, const RequestId& id, wire::Api api, Send send)
      : Responder(source, id, wire::name_of(api), send) {}
  Responder(Responder&& other) noexcept
      : source_(std::exchange(other.source_, nullptr)),
        id_(other.id_),
        send_(other.send_),
        request_name_(other.request_name_) {}
  Responder& operator=(Responder&&) = delete;
  ~Responder() {
    if (source_ != nullptr) answer_instead();
  }

  [[nodiscard]] SessionId session() const { return id_.session; }
  /// Differs from one request of the session to its next one.
  [[nodiscard]] uint64_t number() const { return id_.number; }
  /// As RequestSource::credit_bytes() for this session. REQUIRES: it was not answered yet.
  [[nodiscard]] int64_t credit_bytes() const { return source_->credit_bytes(id_.session); }

  void answer(const Reply& reply, std::vector<storage::StoredBytes> data = {}) {
    RequestSource* const source = std::exchange(source_, nullptr);
    if (source == nullptr) return responder_faults::note_second_answer(request_name_);
    send_(*source, id_, reply, std::move(data));
  }
  /// Answers with nothing but an error: the reply's other fields keep their defaults.
  void refuse(wire::Outcome outcome) {
    Reply reply;
    reply.outcome = std::move(outcome);
    answer(reply);
  }

 private:
  void answer_instead() noexcept {
    try {
      if (std::uncaught_exceptions() > 0) return refuse(responder_faults::no_memory());
      if (!source_->is_closed()) refuse(responder_faults::note_forgotten(request_name_));
    } catch (const std::exception&) {
      // There is no memory for an answer either: the client asks again when its time is over.
    }
  }

  RequestSource* source_;
  RequestId id_;
  Send send_;
  std::string_view request_name_;
};

}  // namespace hailstorm::broker
