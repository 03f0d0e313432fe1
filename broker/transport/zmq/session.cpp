#include "broker/transport/zmq/session.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hailstorm::broker {
namespace {

// Below it a copy costs less than a system call of its own.
constexpr size_t kLargeBytes = 64 << 10;
// A peer that does not read its answers gets none to its pings either.
constexpr int64_t kPongWithinBytes = 64 << 10;

}  // namespace

PeerSession::Step ZmqSession::take(Bytes& bytes, int64_t now_ms) {
  if (!bytes.empty()) note_heard(now_ms);
  while (!bytes.empty() && fault_.empty()) {
    if (stage_ == Stage::greeting) {
      greet(bytes);
      continue;
    }
    if (in_frame_) {
      fill_frame(bytes);
    } else {
      begin_frame(bytes);
    }
    if (!in_frame_ || part_bytes_ < head_.body_bytes) continue;
    if (const Step step = end_frame(now_ms); step != Step::more) return step;
  }
  return fault_.empty() ? Step::more : Step::fault;
}

void ZmqSession::greet(Bytes& bytes) {
  const size_t count = std::min(bytes.size(), zmtp::kGreetingBytes - first_bytes_);
  std::copy_n(bytes.begin(), count, first_.begin() + static_cast<ptrdiff_t>(first_bytes_));
  const size_t before = std::exchange(first_bytes_, first_bytes_ + count);
  bytes = bytes.subspan(count);
  fault_ = zmtp::fault_of_greeting(Bytes(first_).first(first_bytes_));
  wants_mechanism_ = fault_ == zmtp::kWantsMechanism;
  if (!fault_.empty()) return;
  if (before < zmtp::kSignatureBytes && first_bytes_ >= zmtp::kSignatureBytes)
    push(zmtp::greeting_and_handshake());
  if (first_bytes_ < zmtp::kGreetingBytes) return;
  stage_ = Stage::handshake;
  first_bytes_ = 0;
}

void ZmqSession::begin_frame(Bytes& bytes) {
  std::optional<zmtp::FrameHead> head;
  while (!head && !bytes.empty()) {
    first_[first_bytes_++] = bytes.front();
    bytes = bytes.subspan(1);
    head = zmtp::read_frame_head(Bytes(first_).first(first_bytes_));
  }
  if (!head) return;
  first_bytes_ = 0;
  fault_ = fault_of_head(*head);
  if (!fault_.empty()) return;
  head_ = *head;
  part_bytes_ = 0;
  in_frame_ = true;
  if (!head_.command) {
    is_dropping_ = is_dropping_ || parts_.size() >= limits_.max_frames;
    message_bytes_ += is_dropping_ ? 0 : head_.body_bytes;
  }
  if (is_dropping_ && !head_.command) return;
  // Not filled with anything: what has not come takes no memory.
  part_ = {std::make_unique_for_overwrite<uint8_t[]>(head_.body_bytes),
           static_cast<size_t>(head_.body_bytes)};
}

std::string_view ZmqSession::fault_of_head(const zmtp::FrameHead& head) const {
  if (stage_ == Stage::handshake && !head.command) return "it sends a message before its handshake";
  if (head.command)
    return head.body_bytes > zmtp::kMaxCommandBytes ? "it sends a command that is too large" : "";
  if (head.body_bytes > limits_.max_message_bytes ||
      (!is_dropping_ && message_bytes_ + head.body_bytes > limits_.max_message_bytes))
    return "it announces a message that is too large";
  if (parts_.empty() && !is_dropping_ && head.body_bytes > limits_.max_head_bytes)
    return "it announces a request that is too large";
  return "";
}

void ZmqSession::fill_frame(Bytes& bytes) {
  const size_t count = std::min<uint64_t>(bytes.size(), head_.body_bytes - part_bytes_);
  const bool keeps = head_.command || !is_dropping_;
  if (keeps && count > 0) {
    std::memcpy(part_.bytes.get() + part_bytes_, bytes.data(), count);
    held_bytes_ += static_cast<int64_t>(count);
  }
  part_bytes_ += count;
  bytes = bytes.subspan(count);
}

MutableBytes ZmqSession::large_rest() {
  if (!in_frame_ || part_.bytes == nullptr || part_.size - part_bytes_ < kLargeBytes) return {};
  return {part_.bytes.get() + part_bytes_, part_.size - part_bytes_};
}

PeerSession::Step ZmqSession::received(size_t bytes, int64_t now_ms) {
  note_heard(now_ms);
  part_bytes_ += bytes;
  held_bytes_ += static_cast<int64_t>(bytes);
  return part_bytes_ < head_.body_bytes ? Step::more : end_frame(now_ms);
}

PeerSession::Step ZmqSession::end_frame(int64_t now_ms) {
  in_frame_ = false;
  Part part = std::exchange(part_, {});
  if (head_.command) {
    held_bytes_ -= static_cast<int64_t>(part.size);
    const Bytes command{part.bytes.get(), part.size};
    if (stage_ == Stage::handshake) {
      if (!zmtp::is_handshake(command)) {
        fault_ = "its handshake is none";
        return Step::fault;
      }
      stage_ = Stage::open;
      note_message(now_ms);
      return Step::more;
    }
    auto answer = zmtp::answer_to(command);
    if (!answer.empty() && unread_bytes() < kPongWithinBytes) push(std::move(answer));
    return Step::more;
  }
  if (!is_dropping_) parts_.push_back(std::move(part));
  return head_.more ? Step::more : end_message(now_ms);
}

PeerSession::Step ZmqSession::end_message(int64_t now_ms) {
  note_message(now_ms);
  if (!is_dropping_) return Step::message;
  clear_message();
  return Step::dropped;
}

std::span<const MutableBytes> ZmqSession::frames() {
  frames_.clear();
  for (const Part& part : parts_) frames_.emplace_back(part.bytes.get(), part.size);
  return frames_;
}

void ZmqSession::clear_message() {
  parts_.clear();
  frames_.clear();
  message_bytes_ = 0;
  is_dropping_ = false;
  held_bytes_ = 0;
}

void ZmqSession::push_message(ZmqMessage message) {
  std::vector<uint8_t> first;
  first.reserve(zmtp::FrameHead::kMaxBytes + message.head.size());
  zmtp::append_frame_head(first, message.head.size(), !message.data.empty());
  first.insert(first.end(), message.head.begin(), message.head.end());
  push(std::move(first));
  for (size_t i = 0; i < message.data.size(); ++i) {
    storage::StoredBytes& data = message.data[i];
    std::vector<uint8_t> head;
    zmtp::append_frame_head(head, data.bytes.size(), i + 1 < message.data.size());
    push(std::move(head));
    push(std::move(data.owner), data.bytes);
  }
}

}  // namespace hailstorm::broker
