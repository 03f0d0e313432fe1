#pragma once

#include <gtest/gtest.h>
#include <string>
#include <utility>

#include "common/base/clock.h"
#include "services/lab/links/link_relay.h"
#include "tests/services/lab/links/peer.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab::testing {

/// A server, a relay, and the link "payment:broker" to that server.
class LinkFixture : public ::testing::Test {
 protected:
  static constexpr const char* kLink = "payment:broker";

  struct Connected {
    Peer client;
    Peer server;
  };

  void SetUp() override {
    auto held = relay_.hold(kLink, {"127.0.0.1", listener_.port()});
    ASSERT_OK(held);
    port_ = *held;
  }
  [[nodiscard]] Connected connect() {
    Peer client = Peer::connect_to(port_);
    return {std::move(client), listener_.accept()};
  }
  /// Made when nothing is on, and carried a byte already.
  [[nodiscard]] Connected open() {
    Connected pair = connect();
    EXPECT_TRUE(pair.client.send("x"));
    EXPECT_EQ(pair.server.receive(1), "x");
    return pair;
  }
  /// `attributes`: as in a request.
  [[nodiscard]] static LinkFault fault(FaultAction action, json::Value attributes,
                                       uint64_t seed = 1) {
    FaultRequest request;
    request.target = kLink;
    request.action = action;
    request.attributes = std::move(attributes);
    request.seed = seed;
    return link_fault_of(request).value();
  }
  void put(FaultAction action, json::Value attributes) {
    ASSERT_OK(relay_.put(kLink, fault(action, std::move(attributes))));
  }
  void clear(FaultAction action) { ASSERT_OK(relay_.clear(kLink, action)); }
  [[nodiscard]] size_t connections() { return relay_.describe(kLink).value().connections; }

  SystemClock clock_;
  Listener listener_;
  LinkRelay relay_{clock_};
  int port_ = 0;
};

}  // namespace hailstorm::lab::testing
