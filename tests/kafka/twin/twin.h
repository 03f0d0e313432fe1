#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/kafka/frame.h"
#include "common/kafka/message.h"
#include "tests/kafka/twin/compared.h"
#include "tests/kafka/twin/side.h"

namespace hailstorm::twin {

/// Puts the same requests to two brokers, and compares their responses field by field.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class Twin {
 public:
  Twin(Side& ours, Side& theirs, Compared& compared)
      : ours_(ours), theirs_(theirs), compared_(compared) {}

  /// Each of a case's two responses.
  template <class Response>
  struct Pair {
    Response ours;
    Response theirs;
  };

  /// The versions that both brokers serve, and we can write.
  [[nodiscard]] std::vector<int16_t> versions_of(kafka::ApiKey key) const;

  /// In each version. `make(side, version)` gives the request: what a broker gave itself, such as
  /// a topic's id, is that side's own.
  template <class Make>
  void ask(const std::string& name, Make make) {
    using Request = decltype(make(ours_, int16_t{0}));
    for (const int16_t version : versions_of(Request::kKey)) ask_in(name, version, make);
  }
  /// The same request for both, in each version.
  template <class Request>
  void ask_same(const std::string& name, const Request& request) {
    ask(name, [&](const Side&, int16_t) { return request; });
  }
  /// Does nothing where one of them does not serve the version.
  template <class Make>
  auto ask_in(const std::string& name, int16_t version, Make make) {
    return ask_in(name, version, make, [](const auto&) {});
  }
  /// `learn(pair)` is called with the two responses before they are compared.
  template <class Make, class Learn>
  auto ask_in(const std::string& name, int16_t version, Make make, Learn learn) {
    using Request = decltype(make(ours_, version));
    using Response = typename Request::Response;
    Pair<Response> pair;
    if (!has(Request::kKey, version)) return pair;
    ++correlation_id_;
    const Exchanged ours = exchange(ours_, make(ours_, version), version, pair.ours);
    const Exchanged theirs = exchange(theirs_, make(theirs_, version), version, pair.theirs);
    learn(pair);
    compare(Request::kKey, name, version, ours, theirs);
    return pair;
  }
  /// Asks both until `is_done` is true for the answer; nothing is compared. Throws: it never is.
  template <class Make, class Done>
  void await(int16_t version, Make make, Done is_done) {
    using Request = decltype(make(ours_, version));
    for (Side* side : {&ours_, &theirs_}) {
      for (int times = 0;; ++times) {
        typename Request::Response response;
        static_cast<void>(exchange(*side, make(*side, version), version, response));
        if (is_done(response)) break;
        if (times == kMostTimes) throw std::runtime_error(side->name() + " is never ready");
      }
    }
  }
  /// Both have this under one name; for each pair of values that a case brought.
  template <class Value>
  void remember(const std::string& name, const Value& ours, const Value& theirs) {
    ours_.remember(name, ours);
    theirs_.remember(name, theirs);
  }

 private:
  static constexpr int kMostTimes = 100'000;  // a minute

  /// The values of a response; nothing: the connection was closed.
  using Exchanged = std::optional<Values>;

  template <class Request>
  Exchanged exchange(Side& side, const Request& request, int16_t version,
                     typename Request::Response& response) {
    const kafka::RequestHeader header{
        .api_version = version, .correlation_id = correlation_id_, .client_id = "twin"};
    const std::string frame = kafka::request_frame(header, request).joined();
    using Response = typename Request::Response;
    bytes_ = side.exchange(frame);
    if (bytes_.empty()) return std::nullopt;
    const auto read = kafka::read_response(as_bytes(bytes_), kafka::api_of(Request::kKey), version);
    if (!read.ok()) return Values{{"header", "cannot be read"}};
    auto decoded = kafka::decode<Response>(read->body, version);
    if (decoded.ok()) response = std::move(decoded).value();
    auto values = values_of(read->body, kafka::type_of<Response>(), version);
    if (!values || !decoded.ok()) return Values{{"body", "cannot be read"}};
    (*values)["correlation id"] =
        read->correlation_id == correlation_id_ ? "the request's" : "another";
    return values;
  }
  [[nodiscard]] bool has(kafka::ApiKey key, int16_t version) const;
  void compare(kafka::ApiKey key, const std::string& name, int16_t version, const Exchanged& ours,
               const Exchanged& theirs);

  Side& ours_;
  Side& theirs_;
  Compared& compared_;
  int32_t correlation_id_ = 0;
  std::string bytes_;
};

// The cases, by what they are about; each leaves what the next ones need.
void ask_about_topics(Twin& twin);
void ask_about_produce(Twin& twin);
void ask_about_reading(Twin& twin);
void ask_about_members(Twin& twin);
void ask_about_groups(Twin& twin);
void ask_about_cluster(Twin& twin);

}  // namespace hailstorm::twin
