#include "broker/server/broker.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "broker/server/api_errors.h"
#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

using wire::Api;
using wire::CodecErrc;
using wire::ErrorCode;

constexpr int64_t kGroupTickMs = 100;
constexpr int64_t kMeasureMs = 1000;
constexpr size_t kMostNamed = 3;  // partitions, in the reason not to be ready

}  // namespace

Broker::Broker(TopicStore& topics, const Clock& clock, ReplySink& replies, BrokerMetrics& metrics,
               Health& health, BrokerOptions options)
    : topics_(topics),
      clock_(clock),
      replies_(replies),
      metrics_(metrics),
      health_(health),
      options_(options),
      catalog_(topics),
      reserve_(topics, clock, options.disk_reserve_bytes),
      journal_(topics, clock, options.offsets_segment_bytes),
      coordinator_(journal_, catalog_, clock, options.groups),
      fetches_(topics, clock, replies, metrics, options.fetch),
      produces_(topics, reserve_, replies, metrics),
      topic_api_(
          topics, reserve_, replies, [this] { topics_changed(); }, options.descriptors),
      group_api_(coordinator_, replies, metrics) {}

void Broker::load() {
  load_groups();
  measure();
}

void Broker::load_groups() {
  const Status loaded = journal_.replay_into(coordinator_);
  if (loaded.ok()) {
    groups_damaged_.reset();
    coordinator_.finish_loading();
    // What topics are there now decides what offsets mean. A topic may be deleted and made again
    // soon, and then it is too late to write that down.
    coordinator_.topics_changed();
    if (const Status kept = journal_.sync(); !kept.ok())
      log_warn("the groups' topic could not be brought up to date", {kept.error()});
  } else {
    groups_damaged_ = loaded.error();
    coordinator_.fail_loading(
        {ErrorCode::storage_error,
         fmt::format("no group is served: {}; 'hail verify' says what is damaged; start the "
                     "broker again once that is repaired",
                     loaded.error().message())});
    log_error("the groups' offsets cannot be read; group requests are refused", {loaded.error()});
  }
}

void Broker::try_again() {
  if (topics_.open_again()) topics_changed();
  if (groups_damaged_ && storage::may_pass(*groups_damaged_)) load_groups();
}

template <class Request, class Reply, class Handler>
void Broker::decode_and(const Caller& caller, Bytes body, Handler&& handler) {
  auto request = wire::decode<Request>(body);
  if (request.ok()) return handler(std::move(request).value());
  metrics_.dropped("malformed", request.error().message());
  refuse<Reply>(replies_, caller, ErrorCode::invalid_request, request.error().message());
}

void Broker::reject(const PeerId& peer, Bytes frame, const Error& error) {
  metrics_.dropped("malformed", error.message());
  const ErrorCode code = error.is(CodecErrc::unsupported_version) ? ErrorCode::unsupported_version
                                                                  : ErrorCode::invalid_request;
  refuse_frame(peer, frame, code, error.message());
}

void Broker::refuse_frame(const PeerId& peer, Bytes frame, ErrorCode code, std::string message) {
  const auto header = wire::peek_header(frame);
  if (!header || header->correlation_id == 0) return;
  // Whatever was meant, the answer is an outcome alone, under the api's own number.
  const Caller caller{peer, header->api, header->correlation_id};
  refuse<wire::DeleteTopicReply>(replies_, caller, code, std::move(message));
}

void Broker::refuse_for_memory(const PeerId& peer, std::span<const MutableBytes> frames) {
  metrics_.dropped("memory", "a request for which there is no memory");
  if (frames.empty()) return;
  try {
    refuse_frame(peer, frames[0], ErrorCode::out_of_resources,
                 "the broker has no memory for this request now; try again");
  } catch (const std::bad_alloc&) {
    // Not even for that: the peer hears nothing, and asks again.
  }
}

void Broker::handle(const PeerId& peer, std::span<const MutableBytes> frames) {
  if (frames.empty() || frames.size() > 2) {
    return metrics_.dropped("frame_count",
                            fmt::format("{} frames; a request has one or two", frames.size()));
  }
  if (!replies_.has_credit(peer)) {
    return metrics_.dropped("no_credit", "a request of a peer that does not read its answers");
  }
  const auto decoded = wire::decode_header(frames[0]);
  if (!decoded.ok()) return reject(peer, frames[0], decoded.error());
  const Api api = decoded->header.api;
  if ((api == Api::produce) != (frames.size() == 2)) {
    return reject(peer, frames[0],
                  Error(CodecErrc::bad_length,
                        api == Api::produce ? "a produce request needs a second frame, the batch"
                                            : "a second frame goes with produce requests only"));
  }
  metrics_.requested(api);
  dispatch({peer, api, decoded->header.correlation_id}, decoded->body, frames);
}

void Broker::dispatch(const Caller& caller, Bytes body, std::span<const MutableBytes> frames) {
  const auto to = [&](auto& handler) {
    return [&](const auto& request) { handler.handle(caller, request); };
  };
  switch (caller.api) {
    case Api::produce:
      return decode_and<wire::ProduceRequest, wire::ProduceReply>(
          caller, body, [&](const auto& request) { produces_.handle(caller, request, frames[1]); });
    case Api::fetch:
      return decode_and<wire::FetchRequest, wire::FetchReply>(caller, body, to(fetches_));
    case Api::list_offsets:
      return decode_and<wire::ListOffsetsRequest, wire::ListOffsetsReply>(caller, body,
                                                                          to(topic_api_));
    case Api::metadata:
      return decode_and<wire::MetadataRequest, wire::MetadataReply>(caller, body, to(topic_api_));
    case Api::create_topic:
      return decode_and<wire::CreateTopicRequest, wire::CreateTopicReply>(caller, body,
                                                                          to(topic_api_));
    case Api::delete_topic:
      return decode_and<wire::DeleteTopicRequest, wire::DeleteTopicReply>(caller, body,
                                                                          to(topic_api_));
    case Api::create_partitions:
      return decode_and<wire::CreatePartitionsRequest, wire::CreatePartitionsReply>(caller, body,
                                                                                    to(topic_api_));
    case Api::init_producer_id:
      return decode_and<wire::InitProducerIdRequest, wire::InitProducerIdReply>(caller, body,
                                                                                to(topic_api_));
    case Api::group_heartbeat:
      return decode_and<wire::GroupHeartbeatRequest, wire::GroupHeartbeatReply>(caller, body,
                                                                                to(group_api_));
    case Api::offset_commit:
      return decode_and<wire::OffsetCommitRequest, wire::OffsetCommitReply>(caller, body,
                                                                            to(group_api_));
    case Api::offset_fetch:
      return decode_and<wire::OffsetFetchRequest, wire::OffsetFetchReply>(caller, body,
                                                                          to(group_api_));
    case Api::list_groups:
      return decode_and<wire::ListGroupsRequest, wire::ListGroupsReply>(caller, body,
                                                                        to(group_api_));
    case Api::describe_group:
      return decode_and<wire::DescribeGroupRequest, wire::DescribeGroupReply>(caller, body,
                                                                              to(group_api_));
    case Api::delete_group:
      return decode_and<wire::DeleteGroupRequest, wire::DeleteGroupReply>(caller, body,
                                                                          to(group_api_));
  }
}

std::vector<Partition*> Broker::end_burst() {
  fetches_.wake();
  return topics_.active().start_syncs(false);
}

void Broker::finish_sync(Partition& partition) {
  metrics_.sync_seconds.observe(static_cast<double>(partition.sync_took_us()) / 1e6);
  topics_.finish_sync(partition);
}

void Broker::topics_changed() {
  note_partitions();
  coordinator_.topics_changed();
}

void Broker::note_partitions() {
  if (options_.descriptors == nullptr) return;
  size_t partitions = 0;
  for (const auto& [name, topic] : topics_.topics()) partitions += topic.partitions.size();
  options_.descriptors->set_partitions(partitions);
}

void Broker::tick() {
  const int64_t now_ms = clock_.steady_ms();
  fetches_.expire();
  if (now_ms >= group_tick_due_ms_) {
    group_tick_due_ms_ = now_ms + kGroupTickMs;
    coordinator_.tick();
    if (!groups_damaged_) journal_.compact(coordinator_);
  }
  if (now_ms >= retention_due_ms_) {
    retention_due_ms_ = now_ms + options_.retention_interval_ms;
    const Status kept = topics_.enforce_retention();
    if (!kept.ok()) log_warn("retention could not drop old segments", {kept.error()});
  }
  if (now_ms >= measure_due_ms_) {
    measure_due_ms_ = now_ms + kMeasureMs;
    try_again();
    measure();
  }
}

int64_t Broker::next_due_ms() const {
  return std::min({fetches_.next_deadline_ms(), group_tick_due_ms_, measure_due_ms_});
}

bool Broker::wants_requests() const {
  return topics_.active().waiting() < options_.max_waiting_acks &&
         group_api_.waiting_bytes() < options_.max_waiting_group_bytes;
}

std::vector<Partition*> Broker::shut_down() {
  health_.set_not_ready("stopping");
  fetches_.shut_down();
  return topics_.active().start_syncs(true);
}

void Broker::measure() {
  note_partitions();
  std::vector<std::string> broken;
  if (groups_damaged_)
    broken.push_back("group offsets cannot be read: " + groups_damaged_->message());
  if (reserve_.is_low()) broken.push_back(reserve_.outcome().message);
  size_t partitions = 0;
  size_t failed = 0;
  int64_t log_bytes = 0;
  for (const auto& [name, topic] : topics_.topics()) {
    for (const auto& partition : topic.partitions) {
      ++partitions;
      if (partition->is_open()) log_bytes += partition->size_bytes();
      const auto failure = partition->is_open() ? partition->failure() : partition->open_error();
      if (!failure) continue;
      ++failed;
      if (failed > kMostNamed) continue;
      broken.push_back(fmt::format("{}-{} takes no writes: {}", name, partition->id().partition,
                                   failure->message()));
    }
  }
  metrics_.topics.set(static_cast<double>(topics_.topics().size()));
  metrics_.partitions.set(static_cast<double>(partitions));
  metrics_.failed_partitions.set(static_cast<double>(failed));
  metrics_.log_bytes.set(static_cast<double>(log_bytes));
  metrics_.waiting_acks.set(static_cast<double>(topics_.active().waiting()));
  metrics_.parked_fetches.set(static_cast<double>(fetches_.parked()));
  group_api_.measure();
  if (failed > kMostNamed)
    broken.push_back(fmt::format("{} partitions more take no writes", failed - kMostNamed));
  if (broken.empty()) return health_.set_ready();
  health_.set_not_ready(fmt::format("{}", fmt::join(broken, "; ")));
}

}  // namespace hailstorm::broker
