#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"
#include "common/kafka/message_writer.h"

/// Whole messages: the body of a request or of its response, without header. A message is a
/// structure with `kKey`, its API, and `kName`. Pure functions: safe from any thread.
namespace hailstorm::kafka {

/// What the values of one message may take in memory; records do not count, since they stay where
/// they are.
inline constexpr size_t kMaxDecodedBytes = size_t{16} << 20;

/// What decode() and encode() need to know of a message's type.
struct MessageType {
  ApiKey key;
  std::string_view name;
  Fields fields;
};
template <class Message>
[[nodiscard]] MessageType type_of() {
  return {Message::kKey, Message::kName, Message::fields()};
}

/// `into`: a message of this type, each field still with its default. What follows the message is
/// left alone, as Kafka does. Errors: MessageErrc, with the path of the field that is wrong.
[[nodiscard]] Status decode_into(void* into, const MessageType& type, Bytes body, int16_t version,
                                 size_t max_decoded_bytes = kMaxDecodedBytes);

/// Records of the message are views of `body`, which must remain live while they are in use.
template <class Message>
[[nodiscard]] Result<Message> decode(Bytes body, int16_t version,
                                     size_t max_decoded_bytes = kMaxDecodedBytes) {
  Message message;
  HAIL_RETURN_IF_ERROR(decode_into(&message, type_of<Message>(), body, version, max_decoded_bytes));
  return message;
}

/// REQUIRES: the API has this version.
[[nodiscard]] EncodedMessage encode_from(const void* message, const MessageType& type,
                                         int16_t version);

/// Records of the message stay where they are. REQUIRES: its API has this version.
template <class Message>
[[nodiscard]] EncodedMessage encode(const Message& message, int16_t version) {
  return encode_from(&message, type_of<Message>(), version);
}

}  // namespace hailstorm::kafka
