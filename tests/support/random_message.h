#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "common/kafka/field.h"
#include "common/kafka/primitives.h"

namespace hailstorm::testing {

/// Writes messages with values by chance, from the tables alone: it shares no code with the product
/// that reads and writes them, but the primitive types.
///
/// Thread safety: not safe.
class RandomMessage {
 public:
  RandomMessage(uint64_t seed, int16_t version, bool is_flexible);

  [[nodiscard]] std::string of(kafka::Fields fields);

 private:
  void structure(kafka::Fields fields, kafka::Writer& to);
  void tagged(kafka::Fields fields, kafka::Writer& to);
  /// `is_sent`: as a tagged field, which is left out where it has its default.
  void field(const kafka::Field& field, kafka::Writer& to, bool is_sent);
  void value(const kafka::FieldType& type, kafka::Writer& to, bool is_sent);
  void length(kafka::FieldKind kind, bool is_array, int64_t size, kafka::Writer& to) const;
  [[nodiscard]] int64_t below(int64_t end);

  std::mt19937_64 random_;
  int16_t version_;
  bool is_flexible_;
};

}  // namespace hailstorm::testing
