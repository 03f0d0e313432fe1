#include "common/http/request_parser.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "common/http/characters.h"

namespace hailstorm::http {
namespace {

constexpr size_t kDropAbove = 4 << 10;
constexpr size_t kMaxSizeDigits = 8;

Refusal bad_body(std::string detail) { return {400, std::move(detail), "body"}; }

}  // namespace

RequestParser::Step RequestParser::advance() {
  while (!is_refused_ && part_ != Part::done) {
    if (!step()) break;
    if (std::exchange(go_on_is_due_, false)) {
      drop_consumed();
      return Step::want_go_on;
    }
  }
  drop_consumed();
  if (is_refused_) return Step::refused;
  return part_ == Part::done ? Step::complete : Step::need_more;
}

ReceivedRequest RequestParser::take() {
  part_ = Part::line;
  lines_ = head_bytes_ = 0;
  passed_empty_line_ = false;
  return std::exchange(received_, {});
}

size_t RequestParser::held_bytes() const {
  size_t bytes = buffer_.capacity() + received_.request.body.capacity();
  if (part_ != Part::line) bytes += head_bytes_;
  return bytes;
}

/// One part of a request. False: more bytes are needed, or it is refused.
bool RequestParser::step() {
  switch (part_) {
    case Part::line:
      return read_line();
    case Part::headers:
      return read_header();
    case Part::body:
      return read_body();
    case Part::chunk_size:
      return read_chunk_size();
    case Part::chunk_data:
      return read_chunk_data();
    case Part::chunk_end:
      return read_chunk_end();
    case Part::trailers:
      return read_trailer();
    case Part::done:
      break;
  }
  return false;
}

/// The bytes up to the next CRLF, without it. A line that is longer than its limit is refused
/// before its end is here.
RequestParser::LineRead RequestParser::next_line(std::string_view& line, int status_if_long) {
  const size_t end = buffer_.find('\n', std::max(at_, looked_at_));
  looked_at_ = std::min(end, buffer_.size());
  const size_t bytes = std::min(end == buffer_.npos ? end : end + 1, buffer_.size()) - at_;
  if (bytes > limits_.max_line_bytes) {
    refuse({status_if_long, fmt::format("a line is longer than {} bytes", limits_.max_line_bytes)});
    return LineRead::bad;
  }
  if (head_bytes_ + bytes > limits_.max_head_bytes) {
    refuse({431, fmt::format("the headers are larger than {} bytes", limits_.max_head_bytes)});
    return LineRead::bad;
  }
  if (end == buffer_.npos) return LineRead::none;
  line = std::string_view(buffer_).substr(at_, bytes - 1);
  if (!line.ends_with('\r')) {
    refuse({400, "a line does not end with CRLF"});
    return LineRead::bad;
  }
  line.remove_suffix(1);
  head_bytes_ += bytes;
  at_ = looked_at_ = end + 1;
  return LineRead::whole;
}

bool RequestParser::read_line() {
  std::string_view line;
  if (next_line(line, 414) != LineRead::whole) return false;
  if (line.empty() && !passed_empty_line_) {
    head_bytes_ = 0;
    return passed_empty_line_ = true;
  }
  if (auto bad = read_request_line(line, received_)) return refuse(std::move(*bad));
  part_ = Part::headers;
  return true;
}

bool RequestParser::read_header() {
  std::string_view line;
  if (next_line(line, 431) != LineRead::whole) return false;
  if (line.empty()) return end_head();
  if (++lines_ > limits_.max_headers) {
    return refuse({431, fmt::format("there are more than {} headers", limits_.max_headers)});
  }
  auto bad = read_header_line(line, received_.request.headers);
  return !bad || refuse(std::move(*bad));
}

bool RequestParser::end_head() {
  if (auto bad = check_head(received_, limits_.max_body_bytes)) return refuse(std::move(*bad));
  left_ = received_.content_length;
  part_ = received_.is_chunked ? Part::chunk_size : left_ > 0 ? Part::body : Part::done;
  go_on_is_due_ = received_.expects_continue && part_ != Part::done && at_ == buffer_.size();
  return true;
}

bool RequestParser::read_body() {
  const size_t bytes = std::min<size_t>(left_, buffer_.size() - at_);
  received_.request.body.append(buffer_, at_, bytes);
  at_ += bytes;
  left_ -= bytes;
  if (left_ == 0) part_ = Part::done;
  return left_ == 0;
}

/// Hexadecimal digits, then perhaps an extension, which means nothing to us.
bool RequestParser::read_chunk_size() {
  std::string_view line;
  if (next_line(line, 400) != LineRead::whole) return false;
  const auto digits = line.substr(0, line.find(';'));
  const bool is_extension_sound =
      std::all_of(line.begin(), line.end(), [](char c) { return is_value_character(c); });
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  if (digits.empty() || digits.size() > kMaxSizeDigits || failure != std::errc() ||
      end != digits.data() + digits.size() || !is_extension_sound) {
    return refuse(bad_body("the size of a chunk is not a hexadecimal number"));
  }
  if (left_ > limits_.max_body_bytes - received_.request.body.size()) {
    return refuse(
        {413, fmt::format("the body is larger than {} bytes", limits_.max_body_bytes), "body"});
  }
  head_bytes_ -= digits.size() + 2;  // without an extension chunks may be as small as they like
  part_ = left_ == 0 ? Part::trailers : Part::chunk_data;
  return true;
}

bool RequestParser::read_chunk_data() {
  if (!read_body()) return false;
  part_ = Part::chunk_end;
  return true;
}

bool RequestParser::read_chunk_end() {
  if (buffer_.size() - at_ < 2) return false;
  if (buffer_.compare(at_, 2, "\r\n") != 0) {
    return refuse(bad_body("a chunk is longer than its size"));
  }
  at_ += 2;
  part_ = Part::chunk_size;
  return true;
}

/// Trailers are read as headers are, and dropped.
bool RequestParser::read_trailer() {
  std::string_view line;
  if (next_line(line, 431) != LineRead::whole) return false;
  if (line.empty()) {
    part_ = Part::done;
    return true;
  }
  if (++lines_ > limits_.max_headers) {
    return refuse({431, fmt::format("there are more than {} headers", limits_.max_headers)});
  }
  Headers dropped;
  auto bad = read_header_line(line, dropped);
  return !bad || refuse(std::move(*bad));
}

bool RequestParser::refuse(Refusal refusal) {
  refusal_ = std::move(refusal);
  is_refused_ = true;
  return false;
}

/// A long buffer gives its memory back.
void RequestParser::drop_consumed() {
  buffer_.erase(0, at_);
  looked_at_ = std::max(looked_at_, at_) - at_;
  at_ = 0;
  if (buffer_.empty() && buffer_.capacity() > kDropAbove) std::string().swap(buffer_);
}

}  // namespace hailstorm::http
