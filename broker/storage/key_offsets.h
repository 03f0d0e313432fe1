#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hailstorm::storage {

/// The offset of the last record of each key, in a bounded table. It holds 128 bits of a keyed hash
/// (SipHash) in the place of a key: nobody who does not know `secret` can make two keys that look
/// the same, and by chance a trillion of them do not.
///
/// Thread safety: not safe.
class KeyOffsets {
 public:
  using Secret = std::array<uint64_t, 2>;

  /// Takes at most about `max_bytes`. REQUIRES: room for one key.
  KeyOffsets(const Secret& secret, size_t max_bytes);

  /// False, and nothing changed: the key is new, and the table is full. REQUIRES: offsets rise.
  [[nodiscard]] bool put(std::string_view key, int64_t offset);
  /// Nothing: put() has not seen the key.
  [[nodiscard]] std::optional<int64_t> find(std::string_view key) const;
  [[nodiscard]] size_t size() const noexcept { return size_; }

  /// Of an entry, beside the quarter of the table that stays free.
  static constexpr size_t kEntryBytes = 24;

 private:
  struct Entry {
    uint64_t hash[2];
    int64_t offset;  // -1: free
  };
  [[nodiscard]] size_t place_of(const Entry& wanted) const;
  [[nodiscard]] Entry entry_for(std::string_view key, int64_t offset) const;
  [[nodiscard]] bool has_room() const;
  void grow();

  const Secret secret_;
  const size_t max_places_;
  std::vector<Entry> places_;
  size_t size_ = 0;
};

}  // namespace hailstorm::storage
