#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/uuid.h"
#include "common/kafka/field.h"
#include "common/kafka/message_reader.h"
#include "common/kafka/primitives.h"

namespace hailstorm::kafka {

/// A message as it is sent: its own text, and records that are sent from where they are.
///
/// Thread safety: a value. The bytes of the records must remain live while it is in use.
struct EncodedMessage {
  struct Insertion {
    size_t position = 0;  // the bytes come after so many of the text
    Bytes bytes;
  };
  std::string text;
  std::vector<Insertion> records;  // in the order in which they are sent

  [[nodiscard]] size_t size_bytes() const;
  /// All of it in one piece.
  [[nodiscard]] std::string joined() const;
};

/// Writes the fields of one message in one version.
///
/// Thread safety: not safe. Records that were written must remain live while it and what it gave
/// are in use.
class MessageWriter {
 public:
  MessageWriter(int16_t version, bool is_flexible) : version_(version), is_flexible_(is_flexible) {}

  template <class T>
  void integer(T value) {
    text_.integer(value);
  }
  void uuid(const Uuid& value) { text_.uuid(value); }
  /// What a string, some bytes or an array begins with; nothing: null.
  void length(std::optional<size_t> size, LengthWidth width);
  void raw(std::string_view bytes) { text_.raw(bytes); }
  void records(Bytes bytes);
  /// `structure`: one with these fields. Those that the version does not have are left out.
  void write(Fields fields, const void* structure);

  [[nodiscard]] bool is_flexible() const { return is_flexible_; }
  [[nodiscard]] EncodedMessage take();

 private:
  void write_tagged(Fields fields, const void* structure);
  [[nodiscard]] bool has_tagged(const Field& field, const void* structure) const;

  Writer text_;
  std::vector<EncodedMessage::Insertion> records_;
  int16_t version_;
  bool is_flexible_;
};

}  // namespace hailstorm::kafka
