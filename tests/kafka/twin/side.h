#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/base/uuid.h"
#include "tests/kafka/twin/message_values.h"
#include "tests/support/raw_client.h"

namespace hailstorm::twin {

/// One of the two brokers, and what is its own: the ids that it gave.
///
/// Thread safety: not safe.
class Side {
 public:
  Side(std::string name, int port);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// The response to this frame, without its size; empty: the broker closed the connection, and
  /// the next exchange has another one.
  [[nodiscard]] std::string exchange(const std::string& frame);

  /// A value of this broker alone, which both call by `name`; for the next requests, too.
  void remember(const std::string& name, const std::string& value);
  void remember(const std::string& name, const Uuid& id);
  [[nodiscard]] std::string value(const std::string& name) const;
  [[nodiscard]] Uuid id(const std::string& name) const;
  /// What is the broker's own has its name, and the text of an error is just that it is one.
  [[nodiscard]] Values in_common(const Values& values) const;

  std::map<int16_t, std::pair<int16_t, int16_t>> versions;  // by API: the first and the last

 private:
  std::string name_;
  int port_;
  testing::RawClient client_;
  std::map<std::string, std::string> values_;  // by name
  std::map<std::string, Uuid> ids_;
};

}  // namespace hailstorm::twin
