#include "common/wire/codec.h"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/common.hpp>
#include <fmt/format.h>
#include <istream>
#include <ostream>
#include <streambuf>

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

/// A bool as a byte: any other value than 0 and 1 in a bool would be undefined behaviour.
template <class Archive>
void transfer_bool(Archive& archive, bool& flag) {
  auto byte = static_cast<uint8_t>(flag ? 1 : 0);
  archive(byte);
  flag = byte != 0;
}

template <class Archive>
void transfer_id(Archive& archive, Uuid& id) {
  archive(cereal::binary_data(id.bytes.data(), id.bytes.size()));
}

}  // namespace

// What travels of each message, in this order. New fields go to the end of a new version.
template <class A>
void serialize(A& a, Outcome& m) {
  a(m.code, m.message);
}
template <class A>
void serialize(A& a, TopicPartition& m) {
  a(m.topic, m.partition);
  transfer_id(a, m.topic_id);
}
template <class A>
void serialize(A& a, TopicConfig& m) {
  a(m.partitions, m.segment_bytes, m.retention_ms, m.retention_bytes, m.max_batch_bytes, m.flush,
    m.flush_interval_ms);
  transfer_bool(a, m.compact);
}
template <class A>
void serialize(A& a, ProduceRequest& m) {
  a(m.topic, m.partition, m.acks);
}
template <class A>
void serialize(A& a, ProduceReply& m) {
  a(m.outcome, m.base_offset);
}
template <class A>
void serialize(A& a, FetchPartition& m) {
  a(m.id, m.offset, m.max_bytes);
}
template <class A>
void serialize(A& a, FetchRequest& m) {
  a(m.partitions, m.max_wait_ms, m.min_bytes, m.max_bytes);
}
template <class A>
void serialize(A& a, FetchedPartition& m) {
  a(m.id, m.outcome, m.high_watermark, m.log_start_offset, m.data_bytes);
}
template <class A>
void serialize(A& a, FetchReply& m) {
  a(m.outcome, m.partitions);
}
template <class A>
void serialize(A& a, ListOffsetsRequest& m) {
  a(m.partitions, m.timestamp_ms);
}
template <class A>
void serialize(A& a, ListedOffset& m) {
  a(m.id, m.outcome, m.offset, m.timestamp_ms);
}
template <class A>
void serialize(A& a, ListOffsetsReply& m) {
  a(m.outcome, m.offsets);
}
template <class A>
void serialize(A& a, MetadataRequest& m) {
  a(m.topics);
}
template <class A>
void serialize(A& a, PartitionMetadata& m) {
  a(m.partition, m.outcome, m.log_start_offset, m.high_watermark, m.log_end_offset, m.size_bytes);
}
template <class A>
void serialize(A& a, TopicMetadata& m) {
  a(m.name, m.outcome, m.config, m.partitions);
  transfer_id(a, m.topic_id);
}
template <class A>
void serialize(A& a, MetadataReply& m) {
  a(m.outcome, m.topics);
}
template <class A>
void serialize(A& a, CreateTopicRequest& m) {
  a(m.name, m.config);
}
template <class A>
void serialize(A& a, CreateTopicReply& m) {
  a(m.outcome);
  transfer_id(a, m.topic_id);
}
template <class A>
void serialize(A& a, DeleteTopicRequest& m) {
  a(m.name);
}
template <class A>
void serialize(A& a, DeleteTopicReply& m) {
  a(m.outcome);
}
template <class A>
void serialize(A& a, CreatePartitionsRequest& m) {
  a(m.name, m.partitions);
}
template <class A>
void serialize(A& a, CreatePartitionsReply& m) {
  a(m.outcome);
}
template <class A>
void serialize(A& a, InitProducerIdRequest& m) {
  a(m.producer_id, m.producer_epoch);
}
template <class A>
void serialize(A& a, InitProducerIdReply& m) {
  a(m.outcome, m.producer_id, m.producer_epoch);
}
template <class A>
void serialize(A& a, GroupHeartbeatRequest& m) {
  a(m.group, m.member_id, m.instance_id, m.member_epoch, m.rebalance_timeout_ms,
    m.session_timeout_ms, m.topics, m.owned);
}
template <class A>
void serialize(A& a, GroupHeartbeatReply& m) {
  a(m.outcome, m.member_epoch, m.heartbeat_interval_ms, m.assignment, m.missing_topics);
}
template <class A>
void serialize(A& a, CommittedOffset& m) {
  a(m.id, m.offset, m.leader_epoch, m.metadata);
}
template <class A>
void serialize(A& a, OffsetCommitRequest& m) {
  a(m.group, m.member_id, m.member_epoch, m.offsets);
}
template <class A>
void serialize(A& a, OffsetCommitReply& m) {
  a(m.outcome);
}
template <class A>
void serialize(A& a, OffsetFetchRequest& m) {
  a(m.group, m.partitions);
}
template <class A>
void serialize(A& a, OffsetFetchReply& m) {
  a(m.outcome, m.offsets);
}
template <class A>
void serialize(A& a, ListGroupsRequest& m) {
  transfer_bool(a, m.unused);
}
template <class A>
void serialize(A& a, GroupSummary& m) {
  a(m.group, m.state, m.epoch, m.member_count);
}
template <class A>
void serialize(A& a, ListGroupsReply& m) {
  a(m.outcome, m.groups);
}
template <class A>
void serialize(A& a, DescribeGroupRequest& m) {
  a(m.group);
}
template <class A>
void serialize(A& a, GroupMember& m) {
  a(m.member_id, m.instance_id, m.member_epoch, m.topics, m.assigned, m.target);
}
template <class A>
void serialize(A& a, GroupPartition& m) {
  a(m.id, m.committed_offset, m.log_start_offset, m.high_watermark, m.lag, m.owner);
}
template <class A>
void serialize(A& a, DescribeGroupReply& m) {
  a(m.outcome, m.summary, m.members, m.partitions);
}
template <class A>
void serialize(A& a, DeleteGroupRequest& m) {
  a(m.group);
}
template <class A>
void serialize(A& a, DeleteGroupReply& m) {
  a(m.outcome);
}

std::string_view name_of(CodecErrc code) {
  switch (code) {
    case CodecErrc::too_short:
      return "too_short";
    case CodecErrc::bad_magic:
      return "bad_magic";
    case CodecErrc::unsupported_version:
      return "unsupported_version";
    case CodecErrc::bad_length:
      return "bad_length";
    case CodecErrc::unknown_api:
      return "unknown_api";
    case CodecErrc::bad_body:
      return "bad_body";
  }
  return "unknown";
}

std::string_view name_of(Api api) {
  switch (api) {
    case Api::produce:
      return "produce";
    case Api::fetch:
      return "fetch";
    case Api::list_offsets:
      return "list_offsets";
    case Api::metadata:
      return "metadata";
    case Api::create_topic:
      return "create_topic";
    case Api::delete_topic:
      return "delete_topic";
    case Api::create_partitions:
      return "create_partitions";
    case Api::init_producer_id:
      return "init_producer_id";
    case Api::group_heartbeat:
      return "group_heartbeat";
    case Api::offset_commit:
      return "offset_commit";
    case Api::offset_fetch:
      return "offset_fetch";
    case Api::list_groups:
      return "list_groups";
    case Api::describe_group:
      return "describe_group";
    case Api::delete_group:
      return "delete_group";
  }
  return "unknown";
}

namespace {

constexpr size_t kMagicAt = 0;
constexpr size_t kVersionAt = 4;
constexpr size_t kApiAt = 5;
constexpr size_t kCorrelationIdAt = 8;
constexpr size_t kBodyLengthAt = 16;

}  // namespace

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
  put_be(frame.data() + kMagicAt, FrameHeader::kMagic);
  put_be(frame.data() + kVersionAt, FrameHeader::kVersion);
  put_be(frame.data() + kApiAt, static_cast<uint8_t>(header.api));
  put_be(frame.data() + kCorrelationIdAt, header.correlation_id);
  put_be(frame.data() + kBodyLengthAt, static_cast<uint32_t>(frame.size() - FrameHeader::kBytes));
  return frame;
}

Result<DecodedHeader> decode_header(Bytes frame) {
  if (frame.size() < FrameHeader::kBytes) {
    return Error(CodecErrc::too_short, fmt::format("frame has {} bytes, its header alone {}",
                                                   frame.size(), FrameHeader::kBytes));
  }
  if (get_be<uint32_t>(frame.data() + kMagicAt) != FrameHeader::kMagic) {
    return Error(CodecErrc::bad_magic, "frame does not begin with \"HAIL\"");
  }
  if (const auto version = get_be<uint8_t>(frame.data() + kVersionAt);
      version != FrameHeader::kVersion) {
    return Error(
        CodecErrc::unsupported_version,
        fmt::format("protocol version {}, only {} is spoken", version, FrameHeader::kVersion));
  }
  const Bytes body = frame.subspan(FrameHeader::kBytes);
  if (const auto length = get_be<uint32_t>(frame.data() + kBodyLengthAt); length != body.size()) {
    return Error(
        CodecErrc::bad_length,
        fmt::format("header claims a body of {} bytes, {} are there", length, body.size()));
  }
  const auto api = static_cast<Api>(get_be<uint8_t>(frame.data() + kApiAt));
  if (name_of(api) == "unknown") {
    return Error(CodecErrc::unknown_api, fmt::format("api {} is unknown", static_cast<int>(api)));
  }
  return DecodedHeader{{api, get_be<uint64_t>(frame.data() + kCorrelationIdAt)}, body};
}

uint64_t peek_correlation_id(Bytes frame) noexcept {
  if (frame.size() < FrameHeader::kBytes) return 0;
  if (get_be<uint32_t>(frame.data() + kMagicAt) != FrameHeader::kMagic) return 0;
  return get_be<uint64_t>(frame.data() + kCorrelationIdAt);
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
                 fmt::format("{} bytes are left behind the body", buffer.left()));
  }
  return body;
}

#define HAIL_INSTANTIATE(Body)                                                      \
  template std::vector<uint8_t> encode<Body>(const FrameHeader&, const Body& body); \
  template Result<Body> decode<Body>(Bytes);
#define HAIL_INSTANTIATE_PAIR(Name) \
  HAIL_INSTANTIATE(Name##Request)   \
  HAIL_INSTANTIATE(Name##Reply)

HAIL_INSTANTIATE_PAIR(Produce)
HAIL_INSTANTIATE_PAIR(Fetch)
HAIL_INSTANTIATE_PAIR(ListOffsets)
HAIL_INSTANTIATE_PAIR(Metadata)
HAIL_INSTANTIATE_PAIR(CreateTopic)
HAIL_INSTANTIATE_PAIR(DeleteTopic)
HAIL_INSTANTIATE_PAIR(CreatePartitions)
HAIL_INSTANTIATE_PAIR(InitProducerId)
HAIL_INSTANTIATE_PAIR(GroupHeartbeat)
HAIL_INSTANTIATE_PAIR(OffsetCommit)
HAIL_INSTANTIATE_PAIR(OffsetFetch)
HAIL_INSTANTIATE_PAIR(ListGroups)
HAIL_INSTANTIATE_PAIR(DescribeGroup)
HAIL_INSTANTIATE_PAIR(DeleteGroup)

}  // namespace hailstorm::wire
