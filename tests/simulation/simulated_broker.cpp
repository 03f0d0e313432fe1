#include "tests/simulation/simulated_broker.h"

#include <limits>
#include <span>
#include <utility>

#include "common/base/check.h"
#include "common/base/ids.h"

namespace hailstorm::simulation {
namespace {

constexpr SimulatedBroker::PeerNumber kSimulation = 0;  // asks for itself
constexpr int64_t kMaxSyncMs = 8;

log::hail::Frame frame_of(std::vector<uint8_t> bytes) {
  auto owner = std::make_shared<std::vector<uint8_t>>(std::move(bytes));
  const Bytes view(*owner);
  return {std::move(owner), view};
}

}  // namespace

SimulatedBroker::SimulatedBroker(Schedule& schedule, Chance& chance, Send send)
    : schedule_(schedule),
      chance_(chance),
      send_(std::move(send)),
      ticks_(schedule, [this] { tick(); }) {
  auto opened =
      broker::TopicStore::open(files_, schedule, "/data", 1, IdGenerator(chance.number()));
  HAIL_CHECK(opened.ok());
  topics_ = std::move(opened).value();
  broker_ = std::make_unique<broker::Broker>(*topics_, schedule, broker_metrics_, health_);
  broker_->load();
  tick();
}

SimulatedBroker::~SimulatedBroker() { codec_.close(); }

void SimulatedBroker::receive(PeerNumber peer, RequestFrames frames) {
  handle(peer, frames);
  start_syncs();
  ticks_.run_by(broker_->next_due_ms());
}

void SimulatedBroker::handle(PeerNumber peer, RequestFrames& frames) {
  std::vector<MutableBytes> views(frames.begin(), frames.end());
  codec_.handle(*broker_, peer, views);
}

void SimulatedBroker::start_syncs() {
  for (broker::Partition* partition : broker_->end_burst()) {
    schedule_.after(chance_.between(0, kMaxSyncMs), [this, partition] {
      partition->run_sync();
      broker_->finish_sync(*partition);
      start_syncs();
    });
  }
}

void SimulatedBroker::tick() {
  broker_->tick();
  start_syncs();
  ticks_.run_by(std::max(broker_->next_due_ms(), schedule_.steady_ms() + 1));
}

void SimulatedBroker::send(broker::SessionId session, broker::ZmqMessage reply) {
  log::hail::Message message{frame_of(std::move(reply.head)), {}};
  for (const storage::StoredBytes& data : reply.data)
    message.data.push_back(frame_of({data.bytes.begin(), data.bytes.end()}));
  if (session != kSimulation) return send_(session, std::move(message));
  const auto header = wire::decode_header(message.head.bytes);
  HAIL_CHECK(header.ok());
  described_ = wire::decode<wire::DescribeGroupReply>(header->body).value();
}

int64_t SimulatedBroker::credit_bytes(broker::SessionId /*session*/) const {
  return std::numeric_limits<int64_t>::max();
}

wire::DescribeGroupReply SimulatedBroker::describe(const std::string& group) {
  const wire::FrameHeader header{wire::Api::describe_group, 1};
  RequestFrames frames{wire::encode(header, wire::DescribeGroupRequest{group})};
  handle(kSimulation, frames);
  return std::exchange(described_, {});
}

}  // namespace hailstorm::simulation
