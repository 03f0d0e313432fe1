#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/kafka/api.h"
#include "common/kafka/message.h"

/// Frames, as they travel over a connection: four bytes with the size of the rest, a header, and a
/// message. Pure functions: safe from any thread.
namespace hailstorm::kafka {

enum class FrameErrc {
  bad_size,    // negative, or above the limit: the stream cannot be followed any further
  bad_header,  // the frame ends inside of it
};
[[nodiscard]] std::string_view name_of(FrameErrc code);

inline constexpr size_t kFrameSizeBytes = 4;

/// How many bytes follow the four of the size, which `start` begins with; nothing: it has fewer.
/// Error bad_size: "GET " of a browser would be 1.2 GB.
[[nodiscard]] Result<std::optional<size_t>> frame_bytes(Bytes start, size_t max_bytes);

struct RequestHeader {
  int16_t api_key = 0;
  int16_t api_version = 0;
  int32_t correlation_id = 0;
  std::optional<std::string> client_id;
};

struct Request {
  RequestHeader header;
  Bytes body;  // of the frame's bytes
};

/// `frame`: without its size. The key and the version may be any; where the two are not known, the
/// body may begin with tagged fields of the header. Error bad_header.
[[nodiscard]] Result<Request> read_request(Bytes frame);

/// Of whole frames, with their sizes. REQUIRES: the API has this version.
[[nodiscard]] EncodedMessage request_frame(const RequestHeader& header, const void* message,
                                           const MessageType& type);
[[nodiscard]] EncodedMessage response_frame(int32_t correlation_id, int16_t version,
                                            const void* message, const MessageType& type);

/// The header's key is that of the message, whatever `header` says.
template <class Message>
[[nodiscard]] EncodedMessage request_frame(const RequestHeader& header, const Message& message) {
  return request_frame(header, &message, type_of<Message>());
}
/// `version`: that of the request.
template <class Message>
[[nodiscard]] EncodedMessage response_frame(int32_t correlation_id, int16_t version,
                                            const Message& message) {
  return response_frame(correlation_id, version, &message, type_of<Message>());
}

struct Response {
  int32_t correlation_id = 0;
  Bytes body;  // of the frame's bytes
};
/// `frame`: without its size; the answer to a request of this API and version. Error bad_header.
[[nodiscard]] Result<Response> read_response(Bytes frame, const Api& api, int16_t version);

}  // namespace hailstorm::kafka
