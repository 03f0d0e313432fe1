#include "broker/storage/key_offsets.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "common/base/bytes.h"
#include "common/base/check.h"

namespace hailstorm::storage {
namespace {

constexpr size_t kFirstPlaces = 1024;

/// SipHash-2-4 with 128 bits, as Aumasson and Bernstein describe it.
class SipHash {
 public:
  explicit SipHash(const KeyOffsets::Secret& secret)
      : a_(secret[0] ^ 0x736f6d6570736575),
        b_(secret[1] ^ 0x646f72616e646f6d ^ 0xee),
        c_(secret[0] ^ 0x6c7967656e657261),
        d_(secret[1] ^ 0x7465646279746573) {}

  void take(std::string_view text, uint64_t (&hash)[2]) {
    const size_t whole = text.size() / 8 * 8;
    for (size_t at = 0; at < whole; at += 8) mix(word_at(text.data() + at, 8));
    const auto length = static_cast<uint64_t>(text.size()) << 56;
    mix(length | word_at(text.data() + whole, text.size() - whole));
    c_ ^= 0xee;
    for (int i = 0; i < 4; ++i) round();
    hash[0] = a_ ^ b_ ^ c_ ^ d_;
    b_ ^= 0xdd;
    for (int i = 0; i < 4; ++i) round();
    hash[1] = a_ ^ b_ ^ c_ ^ d_;
  }

 private:
  static uint64_t word_at(const char* at, size_t bytes) {
    uint64_t word = 0;
    if (bytes > 0) std::memcpy(&word, at, bytes);
    return word;
  }
  void mix(uint64_t word) {
    d_ ^= word;
    round();
    round();
    a_ ^= word;
  }
  void round() {
    a_ += b_;
    b_ = std::rotl(b_, 13) ^ a_;
    a_ = std::rotl(a_, 32);
    c_ += d_;
    d_ = std::rotl(d_, 16) ^ c_;
    a_ += d_;
    d_ = std::rotl(d_, 21) ^ a_;
    c_ += b_;
    b_ = std::rotl(b_, 17) ^ c_;
    c_ = std::rotl(c_, 32);
  }

  uint64_t a_, b_, c_, d_;
};

}  // namespace

KeyOffsets::KeyOffsets(const Secret& secret, size_t max_bytes)
    : secret_(secret), max_places_(std::bit_floor(max_bytes / kEntryBytes)) {
  HAIL_CHECK(max_places_ >= 2);
  places_.assign(std::min(kFirstPlaces, max_places_), {{0, 0}, -1});
}

KeyOffsets::Entry KeyOffsets::entry_for(std::string_view key, int64_t offset) const {
  Entry entry{{0, 0}, offset};
  SipHash(secret_).take(key, entry.hash);
  return entry;
}

size_t KeyOffsets::place_of(const Entry& wanted) const {
  const size_t mask = places_.size() - 1;
  size_t at = wanted.hash[0] & mask;
  while (places_[at].offset >= 0 &&
         (places_[at].hash[0] != wanted.hash[0] || places_[at].hash[1] != wanted.hash[1]))
    at = (at + 1) & mask;
  return at;
}

bool KeyOffsets::has_room() const { return (size_ + 1) * 4 <= places_.size() * 3; }

void KeyOffsets::grow() {
  std::vector<Entry> before(places_.size() * 2, {{0, 0}, -1});
  before.swap(places_);
  for (const Entry& entry : before) {
    if (entry.offset >= 0) places_[place_of(entry)] = entry;
  }
}

bool KeyOffsets::put(std::string_view key, int64_t offset) {
  const Entry entry = entry_for(key, offset);
  size_t at = place_of(entry);
  if (places_[at].offset < 0) {
    if (!has_room()) {
      if (places_.size() == max_places_) return false;
      grow();
      at = place_of(entry);
    }
    ++size_;
  }
  places_[at] = entry;
  return true;
}

std::optional<int64_t> KeyOffsets::find(std::string_view key) const {
  const Entry& found = places_[place_of(entry_for(key, 0))];
  if (found.offset < 0) return std::nullopt;
  return found.offset;
}

}  // namespace hailstorm::storage
