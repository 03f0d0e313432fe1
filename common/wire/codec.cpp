#include "common/wire/codec.h"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/common.hpp>
#include <fmt/format.h>
#include <istream>
#include <ostream>
#include <streambuf>
#include <tuple>

namespace hailstorm::wire {
namespace {

/// Appends to a vector what cereal writes.
class VectorBuffer final : public std::streambuf {
 public:
  explicit VectorBuffer(std::vector<uint8_t>& into) : into_(into) {}

 private:
  std::streamsize xsputn(const char* from, std::streamsize count) override {
    into_.insert(into_.end(), from, from + count);
    return count;
  }
  int_type overflow(int_type c) override {
    if (c != traits_type::eof()) into_.push_back(static_cast<uint8_t>(c));
    return traits_type::not_eof(c);
  }
  std::vector<uint8_t>& into_;
};

/// Reads from bytes in place and knows how many are left.
class SpanBuffer final : public std::streambuf {
 public:
  explicit SpanBuffer(Bytes from) {
    auto* begin = reinterpret_cast<char*>(const_cast<uint8_t*>(from.data()));  // only read
    setg(begin, begin, begin + from.size());
  }
  [[nodiscard]] size_t left() const { return static_cast<size_t>(egptr() - gptr()); }
};

using Writer = cereal::PortableBinaryOutputArchive;

/// cereal's reader, with the bytes that are left within reach of the loaders below.
class Reader final : public cereal::PortableBinaryInputArchive {
 public:
  Reader(const SpanBuffer& buffer, std::istream& stream)
      : cereal::PortableBinaryInputArchive(stream), buffer_(buffer) {}
  [[nodiscard]] size_t left() const { return buffer_.left(); }

 private:
  const SpanBuffer& buffer_;
};

/// The size tag of what follows, which takes at least a byte an element: cereal's own containers
/// would resize to whatever the tag claims before they read.
uint64_t take_size(cereal::PortableBinaryInputArchive& archive) {
  uint64_t size = 0;
  archive(size);
  const size_t left = dynamic_cast<Reader&>(archive).left();
  if (size > left) {
    throw cereal::Exception(
        fmt::format("a size tag claims {} elements, {} bytes are left", size, left));
  }
  return size;
}

}  // namespace
}  // namespace hailstorm::wire

// cereal finds these by its own rules: overloads for standard types belong into its namespace.
namespace cereal {

template <class Archive>
void save(Archive& archive, const std::string& text) {
  archive(static_cast<uint64_t>(text.size()));
  archive(binary_data(text.data(), text.size()));
}

template <class Archive>
void load(Archive& archive, std::string& text) {
  text.resize(hailstorm::wire::take_size(archive));
  archive(binary_data(text.data(), text.size()));
}

template <class Archive, class T>
void save(Archive& archive, const std::vector<T>& items) {
  archive(static_cast<uint64_t>(items.size()));
  for (const T& item : items) archive(item);
}

template <class Archive, class T>
void load(Archive& archive, std::vector<T>& items) {
  const uint64_t size = hailstorm::wire::take_size(archive);
  items.clear();
  for (uint64_t i = 0; i < size; ++i) archive(items.emplace_back());
}

}  // namespace cereal

namespace hailstorm::wire {
namespace {

template <class A, class Field>
void transfer(A& archive, Field& field) {
  archive(field);
}

/// A bool as a byte: any other value than 0 and 1 in a bool would be undefined behaviour.
template <class A>
void transfer(A& archive, bool& flag) {
  auto byte = static_cast<uint8_t>(flag ? 1 : 0);
  archive(byte);
  flag = byte != 0;
}

template <class A>
void transfer(A& archive, Uuid& id) {
  archive(cereal::binary_data(id.bytes.data(), id.bytes.size()));
}

}  // namespace

/// How cereal reads and writes a message: field by field.
template <class A, class Message>
requires requires(Message& message) { message.fields(); }
void serialize(A& archive, Message& message) {
  std::apply([&](auto&... fields) { (transfer(archive, fields), ...); }, message.fields());
}

template <class Body>
std::vector<uint8_t> encode(const FrameHeader& header, const Body& body) {
  std::vector<uint8_t> frame(FrameHeader::kBytes, 0);
  VectorBuffer buffer(frame);
  std::ostream stream(&buffer);
  {
    Writer writer(stream);
    // serialize() serves reading and writing and so takes what it may change; a writer changes
    // nothing.
    writer(const_cast<Body&>(body));
  }
  write_header(header, frame);
  return frame;
}

template <class Body>
Result<Body> decode(Bytes bytes) {
  SpanBuffer buffer(bytes);
  std::istream stream(&buffer);
  Body body;
  try {
    Reader reader(buffer, stream);
    reader(body);
  } catch (const std::exception& failure) {
    // cereal's own, and length_error or bad_alloc from containers
    return Error(CodecErrc::bad_body, fmt::format("body cannot be read: {}", failure.what()));
  }
  if (buffer.left() != 0) {
    return Error(CodecErrc::bad_body,
                 fmt::format("{} bytes are left after the body", buffer.left()));
  }
  return body;
}

/// Makes the compiler emit encode() and decode() for every message.
template <class List>
struct Emitted;
template <class... Request>
struct Emitted<std::tuple<Request...>> {
  static constexpr auto kEncoders =
      std::tuple(&encode<Request>..., &encode<typename Request::Reply>...);
  static constexpr auto kDecoders =
      std::tuple(&decode<Request>..., &decode<typename Request::Reply>...);
};
template struct Emitted<Requests>;
template std::vector<uint8_t> encode(const FrameHeader&, const OutcomeOnly&);
template Result<OutcomeOnly> decode(Bytes);

}  // namespace hailstorm::wire
