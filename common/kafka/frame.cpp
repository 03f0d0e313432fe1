#include "common/kafka/frame.h"

#include <fmt/format.h>
#include <utility>

#include "common/base/enum_name.h"
#include "common/kafka/primitives.h"

namespace hailstorm::kafka {
namespace {

/// A client must be able to read the answer to ApiVersions before it knows any version.
bool has_tags(const Api& api, int16_t version) {
  return api.key != ApiKey::api_versions && api.is_flexible(version);
}

/// Puts the header and the size before a message.
EncodedMessage framed(Writer header, EncodedMessage message) {
  const size_t before = kFrameSizeBytes + header.size();
  const auto size = static_cast<int32_t>(header.size() + message.size_bytes());
  std::string text = Writer().integer(size).raw(header.take()).take();
  message.text.insert(0, text);
  for (auto& records : message.records) records.position += before;
  return message;
}

}  // namespace

std::string_view name_of(FrameErrc code) { return enum_name(code); }

Result<std::optional<size_t>> frame_bytes(Bytes start, size_t max_bytes) {
  if (start.size() < kFrameSizeBytes) return std::optional<size_t>();
  const auto size = get_be<int32_t>(start.data());
  if (size < 0 || static_cast<size_t>(size) > max_bytes) {
    return Error(FrameErrc::bad_size,
                 fmt::format("a frame of {} bytes, at most {} are allowed", size, max_bytes));
  }
  return std::optional(static_cast<size_t>(size));
}

Result<Request> read_request(Bytes frame) {
  Reader from(as_text(frame));
  Request request;
  RequestHeader& header = request.header;
  header.api_key = from.integer<int16_t>();
  header.api_version = from.integer<int16_t>();
  header.correlation_id = from.integer<int32_t>();
  header.client_id = from.nullable_string();
  const Api* const api = find_api(header.api_key);
  if (api != nullptr && api->has(header.api_version) && api->is_flexible(header.api_version)) {
    from.skip_tags();
  }
  if (from.failed()) {
    return Error(FrameErrc::bad_header,
                 fmt::format("a request of {} bytes ends inside of its header", frame.size()));
  }
  request.body = from.take(from.size());
  return request;
}

EncodedMessage request_frame(const RequestHeader& header, const void* message,
                             const MessageType& type) {
  Writer text;
  text.integer(static_cast<int16_t>(type.key)).integer(header.api_version);
  text.integer(header.correlation_id).nullable_string(header.client_id);
  if (api_of(type.key).is_flexible(header.api_version)) text.no_tags();
  return framed(std::move(text), encode_from(message, type, header.api_version));
}

EncodedMessage response_frame(int32_t correlation_id, int16_t version, const void* message,
                              const MessageType& type) {
  Writer text;
  text.integer(correlation_id);
  if (has_tags(api_of(type.key), version)) text.no_tags();
  return framed(std::move(text), encode_from(message, type, version));
}

Result<Response> read_response(Bytes frame, const Api& api, int16_t version) {
  Reader from(as_text(frame));
  Response response;
  response.correlation_id = from.integer<int32_t>();
  if (has_tags(api, version)) from.skip_tags();
  if (from.failed()) {
    return Error(FrameErrc::bad_header,
                 fmt::format("a response of {} bytes ends inside of its header", frame.size()));
  }
  response.body = from.take(from.size());
  return response;
}

}  // namespace hailstorm::kafka
