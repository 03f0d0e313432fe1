#include "services/lab/views/frame_ring.h"

#include <utility>

namespace hailstorm::lab {

void FrameRing::add(int64_t t_ms, Text text) {
  bytes_ += text->size();
  frames_.push_back({t_ms, std::move(text)});
  while (frames_.front().t_ms < t_ms - limits_.span_ms) drop(0);
  while (bytes_ > limits_.bytes && frames_.size() > 1) make_room();
}

void FrameRing::drop(size_t index) {
  bytes_ -= frames_[index].text->size();
  frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(index));
  if (index < thinned_) --thinned_;
}

/// Drops one frame, or finds that one is to be kept.
void FrameRing::make_room() {
  // The newest is kept whatever it costs.
  if (thinned_ + 1 >= frames_.size()) return drop(0);
  const bool is_far =
      thinned_ == 0 || frames_[thinned_].t_ms - frames_[thinned_ - 1].t_ms >= limits_.thinned_ms;
  if (is_far) {
    ++thinned_;
  } else {
    drop(thinned_);
  }
}

std::vector<FrameRing::Text> FrameRing::since(int64_t from_ms) const {
  std::vector<Text> texts;
  for (const Frame& frame : frames_) {
    if (frame.t_ms >= from_ms) texts.push_back(frame.text);
  }
  return texts;
}

}  // namespace hailstorm::lab
