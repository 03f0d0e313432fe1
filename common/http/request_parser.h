#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/http/limits.h"
#include "common/http/request_head.h"

namespace hailstorm::http {

/// Reads HTTP/1.1 requests, one after the other, out of bytes in pieces of any size. Strict: lines
/// end with CRLF, and what RFC 9112 lets a server repair is refused, because two programs on a
/// connection's way may repair it in two ways. One empty line before a request is passed over.
/// Of a request it keeps no more than the limits allow.
///
/// Thread safety: not safe.
class RequestParser {
 public:
  enum class Step {
    need_more,   // all bytes are looked at; the request is not complete
    want_go_on,  // once, if the client waits for "100 Continue" before it sends the body
    complete,    // take() it
    refused,     // refusal() says why; nothing more can be read from this connection
  };

  /// `limits` must remain live.
  explicit RequestParser(const Limits& limits) : limits_(limits) {}

  void append(std::string_view bytes) { buffer_.append(bytes); }
  [[nodiscard]] Step advance();

  /// The complete request; the parser is ready for the next one, of which bytes may be there.
  [[nodiscard]] ReceivedRequest take();
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }
  /// A byte of the next request is there.
  [[nodiscard]] bool has_begun() const { return part_ != Part::line || !buffer_.empty(); }
  /// Bytes in memory for what is not taken yet.
  [[nodiscard]] size_t held_bytes() const;
  /// The method is HEAD: an answer has no body. Known as soon as the first line was read.
  [[nodiscard]] bool is_head() const { return received_.request.method == "HEAD"; }

 private:
  enum class Part { line, headers, body, chunk_size, chunk_data, chunk_end, trailers, done };
  enum class LineRead { none, whole, bad };

  LineRead next_line(std::string_view& line, int status_if_long);
  bool step();
  bool read_line();
  bool read_header();
  bool end_head();
  bool read_body();
  bool read_chunk_size();
  bool read_chunk_data();
  bool read_chunk_end();
  bool read_trailer();
  bool refuse(Refusal refusal);
  void drop_consumed();

  const Limits& limits_;
  std::string buffer_;
  size_t at_ = 0;         // consumed of buffer_
  size_t looked_at_ = 0;  // of buffer_, for the end of a line
  Part part_ = Part::line;
  ReceivedRequest received_;
  Refusal refusal_;
  bool is_refused_ = false;
  bool go_on_is_due_ = false;  // the client waits for "100 Continue"
  bool passed_empty_line_ = false;
  size_t lines_ = 0;       // header lines and trailers
  size_t head_bytes_ = 0;  // all lines, those between chunks too
  uint64_t left_ = 0;      // of the body or of the chunk
};

}  // namespace hailstorm::http
