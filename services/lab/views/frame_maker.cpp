#include "services/lab/views/frame_maker.h"

#include <utility>

namespace hailstorm::lab {

FrameMaker::FrameMaker(std::string run, const std::filesystem::path& data, const Clock& clock)
    : run_(std::move(run)), clock_(clock), answers_(data / "traffic"), rides_(data) {}

void FrameMaker::read_rides(Frame& frame) {
  for (const Answer& answer : answers_.read_new()) {
    (answer.lane == events::Lane::chain ? chain_ : log_).add(answer, frame.t_ms);
    rides_.note(answer);
  }
  RideWatch::News news = rides_.look();
  log_.add_settled(news.settled[static_cast<size_t>(events::Lane::log)], frame.t_ms);
  chain_.add_settled(news.settled[static_cast<size_t>(events::Lane::chain)], frame.t_ms);
  frame.log = log_.figures(frame.t_ms);
  frame.chain = chain_.figures(frame.t_ms);
  frame.earlier = recent_.before(news.changes, frame.t_ms);
  frame.rides = std::move(news.changes);
  frame.waiting = news.waiting;
  for (const CountedEvent& one : news.counted) zones_.add(one.zone, one.kind, frame.t_ms);
  frame.zones = zones_.figures(frame.t_ms);
}

Frame FrameMaker::make(FrameSources sources) {
  newest_ = std::move(sources);
  trouble_.clear();
  return next();
}

Frame FrameMaker::repeat(const std::string& why) {
  if (std::exchange(trouble_, why) != why) words_.add(clock_.wall_ms(), why);
  for (auto& one : newest_.platform.processes) one.is_known = false;
  newest_.platform.lag_known = false;
  return next();
}

Frame FrameMaker::next() {
  Frame frame;
  frame.run = run_;
  frame.seq = ++seq_;
  frame.t_ms = clock_.wall_ms();
  read_rides(frame);
  const auto traffic = traffic_state_of(newest_.traffic);
  words_.look(frame.t_ms, newest_.platform, traffic.ok() ? *traffic : TrafficState(),
              newest_.faults);
  frame.platform = newest_.platform;
  frame.traffic = newest_.traffic;
  frame.faults = newest_.faults;
  frame.events = words_.events();
  return frame;
}

}  // namespace hailstorm::lab
