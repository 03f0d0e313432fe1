#include "common/kafka/message.h"

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/kafka/message_reader.h"

namespace hailstorm::kafka {

Status decode_into(void* into, const MessageType& type, Bytes body, int16_t version,
                   size_t max_decoded_bytes) {
  const Api& api = api_of(type.key);
  if (!api.has(version)) {
    return Error(MessageErrc::unknown_version,
                 fmt::format("{} has the versions {} to {}, not {}", type.name, api.first_version,
                             api.last_version, version));
  }
  MessageReader from(body, version, api.is_flexible(version), max_decoded_bytes);
  from.read(type.fields, into);
  if (from.failed()) return from.error(type.name);
  return {};
}

EncodedMessage encode_from(const void* message, const MessageType& type, int16_t version) {
  const Api& api = api_of(type.key);
  HAIL_CHECK(api.has(version));
  MessageWriter to(version, api.is_flexible(version));
  to.write(type.fields, message);
  return to.take();
}

}  // namespace hailstorm::kafka
