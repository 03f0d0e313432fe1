#include "common/kafka/messages/all_messages.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
#include "tests/kafka/twin/twin.h"

namespace hailstorm::twin {
namespace {

namespace format = wire::batch_format;

constexpr int64_t kTimeMs = 1'700'000'000'000;

std::string batch(int64_t producer = -1, int16_t epoch = -1, int32_t sequence = -1) {
  wire::RecordBatchBuilder builder;
  builder.set_producer(producer, epoch, sequence);
  builder.append(kTimeMs, "rider", "one");
  builder.append(kTimeMs + 1, std::nullopt, "two");
  return std::string(as_text(builder.finish()));
}

/// Another value in the header, and the checksum that fits.
template <class T>
std::string changed(std::string bytes, size_t at, T value) {
  auto* const start = reinterpret_cast<uint8_t*>(bytes.data());
  put_be(start + at, value);
  put_be(start + format::kCrc, wire::crc32c(as_bytes(bytes).subspan(format::kAttributes)));
  return bytes;
}

/// `bytes` must remain live while the request is in use.
auto producing(const std::string& topic, const std::string& bytes, int32_t partition = 0,
               int16_t acks = -1) {
  return [=, &bytes](const Side& side, int16_t) {
    kafka::ProduceRequest request;
    request.acks = acks;
    request.timeout_ms = 10'000;
    request.topic_data.push_back(
        {topic, side.id("id of " + topic), {{partition, kafka::Records{as_bytes(bytes)}}}});
    return request;
  };
}

void ask_with_batches(Twin& twin) {
  const std::string good = batch();
  std::string bad_crc = good;
  bad_crc.back() = static_cast<char>(bad_crc.back() ^ 1);
  std::string old_magic = good;
  old_magic[format::kMagic] = 1;
  std::string future_magic = good;
  future_magic[format::kMagic] = 3;
  const std::vector<std::pair<std::string, std::string>> batches = {
      {"good", good},
      {"empty", ""},
      {"cut-short", good.substr(0, good.size() - 1)},
      {"header-alone", good.substr(0, format::kHeaderBytes)},
      {"bad-crc", bad_crc},
      {"old-magic", old_magic},
      {"future-magic", future_magic},
      {"two-batches", good + good},
      {"base-offset", changed(good, format::kBaseOffset, int64_t{5})},
      {"leader-epoch", changed(good, format::kPartitionLeaderEpoch, int32_t{5})},
      {"bad-count", changed(good, format::kRecordCount, int32_t{3})},
      {"bad-last-offset", changed(good, format::kLastOffsetDelta, int32_t{5})},
      {"control", changed(good, format::kAttributes, int16_t{0x20})},
      {"transactional", changed(good, format::kAttributes, int16_t{0x10})},
      {"unknown-codec", changed(good, format::kAttributes, int16_t{0x07})},
      {"not-compressed", changed(good, format::kAttributes, int16_t{0x01})},
      {"no-youngest-time", changed(good, format::kMaxTimestamp, int64_t{-1})},
      {"time-ahead", changed(changed(good, format::kBaseTimestamp, kTimeMs * 3),
                             format::kMaxTimestamp, kTimeMs * 3 + 1)}};
  for (const auto& [name, bytes] : batches) twin.ask(name, producing("rides", bytes));
  // What one of them takes and the other does not, apart from what is read afterwards.
  const std::string append_time = changed(good, format::kAttributes, int16_t{0x08});
  twin.ask("append-time", producing("odd", append_time));
  const std::string wrong_time = changed(good, format::kMaxTimestamp, kTimeMs + 9);
  twin.ask("wrong-youngest-time", producing("odd", wrong_time));
}

void ask_with_sequences(Twin& twin) {
  // Of a producer for each version, so that each begins at 0.
  for (const int16_t version : twin.versions_of(kafka::ApiKey::produce)) {
    const int64_t producer = 1'000 + version;
    const std::vector<std::tuple<std::string, int16_t, int32_t>> sent = {
        {"first", int16_t{2}, 0},          {"again", int16_t{2}, 0},
        {"next", int16_t{2}, 2},           {"gap", int16_t{2}, 9},
        {"older-epoch", int16_t{1}, 4},    {"newer-epoch", int16_t{3}, 0},
        {"newer-not-0", int16_t{4}, 5},    {"partly-again", int16_t{3}, 1},
        {"negative-epoch", int16_t{-1}, 2}};
    for (const auto& [name, epoch, sequence] : sent) {
      const std::string bytes = batch(producer, epoch, sequence);
      twin.ask_in("sequence-" + name, version, producing("zones", bytes));
    }
  }
  const std::string unknown = batch(5'000, 0, 7);
  twin.ask_in("sequence-unknown-producer", 9, producing("odd", unknown));
}

void ask_for_producers(Twin& twin) {
  kafka::InitProducerIdRequest request;
  request.transactional_id.reset();
  for (const int16_t version : twin.versions_of(kafka::ApiKey::init_producer_id)) {
    twin.ask_in("new", version, [&](const Side&, int16_t) { return request; });
  }
  request.transactional_id = "";
  twin.ask_same("empty-transactional-id", request);
  request.transactional_id = "mine";
  request.transaction_timeout_ms = 10'000;
  twin.ask_same("transactional-id", request);
}

}  // namespace

void ask_about_produce(Twin& twin) {
  ask_with_batches(twin);
  const std::string good = batch();
  twin.ask("acks-1", producing("rides", good, 0, 1));
  twin.ask("acks-2", producing("rides", good, 0, 2));
  twin.ask("unknown-topic", producing("unknown", good));
  twin.ask("unknown-partition", producing("rides", good, 7));
  twin.ask("negative-partition", producing("rides", good, -1));
  twin.ask("own-topic", producing("__consumer_offsets", good));
  kafka::ProduceRequest nothing;
  nothing.acks = -1;
  twin.ask_same("nothing", nothing);
  ask_with_sequences(twin);
  ask_for_producers(twin);
}

}  // namespace hailstorm::twin
